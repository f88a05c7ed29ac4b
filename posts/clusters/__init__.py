"""Copies of one text: equal at some level of likeness, or near-duplicates that were compared pair by pair."""
