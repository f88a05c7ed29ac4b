"""The query language: what people type, read by our own parser. No engine ever sees their text."""
