"""Fold text so that a word is found however its letters were typed: one rule for the index and for the query."""

import unicodedata

# Python lowers İ to i and a loose dot, and no Unicode form strips the schwa; Azerbaijani has both in every second name.
_BEFORE_LOWER = str.maketrans({"İ": "i"})
_LETTERS = str.maketrans(
    {"ə": "a", "ә": "а", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
)


def lower(text: str) -> str:
    """Return `text` in NFKC and small letters, with İ as i."""
    return unicodedata.normalize("NFKC", text).translate(_BEFORE_LOWER).lower()


def strip_marks(text: str) -> str:
    """Return `text` without the marks that can be taken off its letters (é is e, й is и)."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def fold(text: str) -> str:
    """Return the form under which text is indexed and asked for: small, without marks, schwa as a, dotless i as i.

    Words, digits, punctuation and the scripts stay; folding twice changes nothing more.
    """
    return strip_marks(lower(text).translate(_LETTERS)).translate(_LETTERS)
