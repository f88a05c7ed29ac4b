"""Counts that an editor can print: how many, when most, who earliest in this collection, who else, what before."""
