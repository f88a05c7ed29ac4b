"""Words in a row, found as whole words in folded texts: one pattern for the database and for Python."""

import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain

import regex

from posts.texts.normalisation import INVISIBLE, fold

_SPACE = "[ \t-\r\u0085\u2028\u2029]"
_HIDDEN = f"[{INVISIBLE}]*"
# Scripts without spaces between their words, where no letter beside a word says that it is another one.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]")
_RUN = regex.compile(rf"(?:(?![{INVISIBLE}])[\p{{L}}\p{{M}}\p{{N}}_])+")


def patterns(phrase: str) -> tuple[str, ...]:
    """Return regular expressions of a phrase in folded texts, for PostgreSQL and `regex` alike; none for no phrase.

    Words are whole (letters, marks and digits of any script), whatever white space is between them and whatever cannot
    be seen is within. The last one says so; the first does not ask what stands beside them, by which a database leaves
    nearly all texts out ten times as fast.
    """
    words = regex.sub(f"[{INVISIBLE}]", "", fold(phrase)).split()
    if not words:
        return ()
    first, last = words[0][0], words[-1][-1]
    before = f"(?<![{_letters()}]{_HIDDEN})" if _is_bounded(first) else ""
    after = f"(?!{_HIDDEN}[{_letters()}])" if _is_bounded(last) else ""
    between = f"{_HIDDEN}{_SPACE}(?:{_SPACE}|[{INVISIBLE}])*"
    letters = between.join(_HIDDEN.join(map(_literal, word)) for word in words)
    return letters, f"{before}{letters}{after}"


def places(text: str, phrase: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where `phrase` stands in a text that is not folded yet."""
    wanted = patterns(phrase)
    if not wanted:
        return
    folded, starts, ends = _folded(text)
    for found in _compiled(wanted[-1]).finditer(folded):
        yield starts[found.start()], ends[found.end() - 1]


def _folded(text: str) -> tuple[str, list[int], list[int]]:
    """The folded text and from where to where each of its characters was; a letter is folded with its marks."""
    parts, starts, ends = [], [], []
    for cluster in regex.finditer(r"\X", text):
        part = fold(cluster[0])
        parts.append(part)
        starts += [cluster.start()] * len(part)
        ends += [cluster.end()] * len(part)
    return "".join(parts), starts, ends


def _is_bounded(character: str) -> bool:
    return bool(_WORD.match(character)) and not _UNSPACED.match(character)


def _literal(character: str) -> str:
    return character if character.isalnum() or ord(character) > 127 else f"\\{character}"


@cache
def _compiled(wanted: str) -> regex.Pattern:
    return regex.compile(wanted)


@cache
def _letters() -> str:
    """What `_WORD` matches as ranges, which PostgreSQL takes whatever the locale of the database knows."""
    # Surrogates stand in no text.
    every = "".join(map(chr, chain(range(0xD800), range(0xE000, sys.maxunicode + 1))))
    return "".join(f"{run[0][0]}-{run[0][-1]}" for run in _RUN.finditer(every))
