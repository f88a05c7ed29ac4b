"""Guess the script of a name from its characters."""

import re
from collections import Counter

from cases.enums import Script
from cases.lookalikes import script_word

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

_SCRIPTS = {
    "LATIN": Script.LATIN,
    "FULLWIDTH": Script.LATIN,
    "CYRILLIC": Script.CYRILLIC,
    "ARABIC": Script.ARABIC,
    "ARMENIAN": Script.ARMENIAN,
    "GEORGIAN": Script.GEORGIAN,
    "GREEK": Script.GREEK,
    "HEBREW": Script.HEBREW,
    "CJK": Script.HAN,
    "DEVANAGARI": Script.DEVANAGARI,
}


def guess_script(text: str) -> Script:
    """Return the script of most letters of `text`; OTHER when it has none, or mostly of a script not listed."""
    words = Counter(script_word(character) for character in text)
    words.pop("", None)
    if not words:
        return Script.OTHER
    return _SCRIPTS.get(words.most_common(1)[0][0], Script.OTHER)
