"""The part of a text that shows why it was found, cut into marked and unmarked pieces: the page escapes each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.tokens import Token, tokens

BEFORE, LENGTH = 80, 320  # characters
MOST_WORDS = 16_000
# Between paragraphs: one thing that is told ends and another begins. A line may end only where the paper does.
_END = re.compile(r"\s*\n\s*?\n\s*")
BETWEEN = " · "


@dataclass(frozen=True)
class Snippet:
    """`pieces` are (text, whether it is marked); `start` is where the first mark, or the snippet, begins in the text,
    and `found` what is marked there, all words of a phrase.
    """

    pieces: tuple[tuple[str, bool], ...]
    start: int
    found: str

    @property
    def shown_pieces(self) -> list[tuple[str, bool]]:
        """The pieces for a page, which shows all white space alike: what does not belong together is kept apart."""
        shown = [(piece if marked else _END.sub(BETWEEN, piece), marked) for piece, marked in self.pieces]
        if shown:
            shown[0] = (shown[0][0].removeprefix(BETWEEN), shown[0][1])
            shown[-1] = (shown[-1][0].removesuffix(BETWEEN), shown[-1][1])
        return shown

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.pieces)

    @property
    def marked_pieces(self) -> list[dict[str, object]]:
        """The pieces for a program."""
        return [{"text": text, "marked": marked} for text, marked in self.pieces]


@dataclass(frozen=True)
class Marked:
    """The words that are marked in titles and texts: folded, as written, and those of which the beginning was asked."""

    words: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    begun: tuple[str, ...] = ()

    def has(self, one: Token) -> bool:
        return one.folded in self.words or one.exact in self.exact or one.folded.startswith(self.begun)


def snippet(text: str, marked: Marked, *, whole: bool = False) -> Snippet:
    """Where most different wanted words stand close together; `whole` marks all of a short text, such as a title."""
    marks = [one for one in _some(text) if marked.has(one)]
    begin, end = (0, len(text)) if whole else _window(text, marks)
    inside = [one for one in marks if begin <= one.start and one.end <= end]
    pieces: list[tuple[str, bool]] = [("… ", False)] if begin else []
    at = begin
    for one in inside:
        pieces += [(text[at : one.start], False), (text[one.start : one.end], True)]
        at = one.end
    pieces += [(text[at:end], False), (" …" if end < len(text) else "", False)]
    kept = tuple((piece, marked) for piece, marked in pieces if piece)
    start, stop = _first_run(text, inside) if inside else (begin, begin)
    return Snippet(kept, start, text[start:stop])


def _first_run(text: str, marks: Sequence[Token]) -> tuple[int, int]:
    """Where the first mark begins, and the last ends that follows on it with a space between: the words of a phrase."""
    start, stop = marks[0].start, marks[0].end
    for one in marks[1:]:
        if text[stop : one.start] != " ":
            break
        stop = one.end
    return start, stop


def _some(text: str) -> Sequence[Token]:
    return [one for one, _ in zip(tokens(text), range(MOST_WORDS), strict=False)]


def _window(text: str, marks: Sequence[Token]) -> tuple[int, int]:
    """The stretch of LENGTH characters with most different words; the first of several, a little before its first."""
    best, most = 0, 0
    for number, mark in enumerate(marks):
        near = {one.folded for one in marks[number : number + 50] if one.end <= mark.start + LENGTH - BEFORE}
        if len(near) > most:
            best, most = mark.start, len(near)
    begin = max(0, best - BEFORE)
    if begin:
        # At a word's beginning, where one is near.
        space = text.find(" ", begin, best)
        begin = space + 1 if space >= 0 else begin
    end = min(len(text), begin + LENGTH)
    if end < len(text):
        space = text.rfind(" ", begin + LENGTH // 2, end)
        end = space if space > 0 else end
    return begin, end
