"""How a text becomes words: the one place, for documents and for queries, in both engines alike.

A word is a run of letters, digits, marks and underscores; signs that nobody sees neither end nor change it. Of scripts
that are written without spaces each character is one. `#tag` and `@handle` give the bare word, and a key as typed
besides.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from search.names import fold

LONGEST = 100
# Between a title and a text: no query has it, so that no phrase runs over the border.
BORDER = "␞"
# Before a folded word in `spellings`: the text has it, but never written just so.
_ONLY_OTHERWISE = "␡"
_ALONE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = regex.compile(rf"(?:(?<![\w\p{{M}}])([#＃@＠]))?([{_ALONE}]|[[\w\p{{M}}\p{{Cf}}]--[{_ALONE}]]+)", regex.V1)
# Soft hyphens, joiners, marks of direction: typed by few, pasted and hidden by many.
_UNSEEN = regex.compile(r"\p{Cf}+")
_NO_WORD = regex.compile(r"[^\w\p{M}]+")
_SIGNS = {"#": "#", "＃": "#", "@": "@", "＠": "@"}


class Token(NamedTuple):
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


def spellings(words: Iterable[Token]) -> list[str]:
    """What a text has to say of how its words are written, beside how they are folded; most words need nothing said.

    A word that is written otherwise than it is folded is there as written; and where all its occurrences are, so is
    the folded word with a sign in front. `exactly` reads it.
    """
    seen = {(token.folded, token.exact) for token in words}
    plain = {folded for folded, exact in seen if folded == exact}
    others = [(folded, exact) for folded, exact in seen if folded != exact]
    never = {_ONLY_OTHERWISE + folded for folded, _ in others if folded not in plain}
    return sorted(never | {exact for _, exact in others})


def exactly(word: str) -> tuple[str, str, str]:
    """How a text with a word as it is written is found, as (folded word that it has, spelling that it has, spelling
    that it has not); "" asks for nothing.
    """
    return (word, "", _ONLY_OTHERWISE + word) if fold_word(word) == word else ("", word, "")


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


@lru_cache(maxsize=32_768)
def fold_word(word: str) -> str:
    """`word` as it is looked for: case, marks and the letters of one alphabet that stand for one of another aside."""
    return _NO_WORD.sub("", fold(_UNSEEN.sub("", word)))[:LONGEST]


def lower_word(word: str) -> str:
    """`word` as it is written, in small letters."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", word)).lower()[:LONGEST]
