"""How a text becomes words: the one place, for documents and for queries, in both engines alike.

A word is a run of letters, digits, marks and underscores; of scripts that are written without spaces each character is
one. `#tag` and `@handle` give the bare word, and a key as typed besides.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from search.names import fold

LONGEST = 100
# Between a title and a text: no query has it, so that no phrase runs over the border.
BORDER = "␞"
_ALONE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = regex.compile(rf"(?:(?<![\w\p{{M}}])([#＃@＠]))?([{_ALONE}]|[[\w\p{{M}}]--[{_ALONE}]]+)", regex.V1)
_NO_WORD = regex.compile(r"[^\w\p{M}]+")
_SIGNS = {"#": "#", "＃": "#", "@": "@", "＠": "@"}


@dataclass(frozen=True)
class Token:
    """One word of a text: folded, as written (in small letters), its sign if it has one, and where it stands."""

    folded: str
    exact: str
    sign: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The words of `text` in order."""
    for match in _WORD.finditer(text):
        folded = fold_word(match[2])
        if folded:
            yield Token(folded, lower_word(match[2]), _SIGNS.get(match[1], ""), match.start(2), match.end(2))


def stretches(text: str, most: int) -> Iterator[tuple[int, int]]:
    """`text` cut into stretches of at most `most` words each; there is no stretch of an empty text."""
    begin, number, end = 0, 0, 0
    for match in _WORD.finditer(text):
        if number == most:
            yield begin, match.start()
            begin, number = match.start(), 0
        number, end = number + 1, match.end()
    if end:
        yield begin, len(text)


def fold_word(word: str) -> str:
    """`word` as it is looked for: case, marks and the letters of one alphabet that stand for one of another aside."""
    return _NO_WORD.sub("", fold(word))[:LONGEST]


def lower_word(word: str) -> str:
    """`word` as it is written, in small letters."""
    return unicodedata.normalize("NFC", word).lower()[:LONGEST]
