"""Find a quoted passage in the text of a preserved copy: W3C TextQuoteSelector and TextPositionSelector.

Offsets count Unicode code points of the text layer and are always true: what is stored as `exact` is
`text[start:end]` of the layer itself, even where the quote was typed with other quotation marks or spaces.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from cases.exceptions import InvalidInput

CONTEXT = 64
MAX_QUOTE = 10_000
_MAX_CANDIDATES = 2_000
_MAX_WINDOWS = 4
_FALLBACK_TEXT = 100_000
_NEAR_ENOUGH = 55.0

_QUOTES = dict.fromkeys("‘’‚‛′`´ʼʻ‹›＇", "'") | dict.fromkeys("“”„‟″«»＂", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
# Soft hyphen, zero-width characters, and all that only turn the direction of writing.
_INVISIBLE = dict.fromkeys(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""
)
_FOLD = _QUOTES | _DASHES | _INVISIBLE


@dataclass(frozen=True)
class Found:
    """Where a quote stands in a text; `tolerant` when only after folding, `ambiguous` when its context fits twice."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    tolerant: bool = False
    ambiguous: bool = False


@dataclass(frozen=True)
class Near:
    """The passage most like a quote that is not there; `score` is 0 to 100."""

    start: int
    end: int
    text: str
    score: float


def find(text: str, exact: str, *, prefix: str = "", suffix: str = "", start: int | None = None) -> Found | None:
    """The passage `exact` in `text`, the occurrence whose surroundings fit best; None when it is not there.

    `start`, a TextPositionSelector's offset, wins when the quote stands exactly there.
    """
    if not says_something(exact):
        raise InvalidInput("Quote at least one word.", field="exact")
    if len(exact) > MAX_QUOTE:
        raise InvalidInput(f"A quote has at most {MAX_QUOTE:,} characters.", field="exact")
    if start is not None and text.startswith(exact, start) and start >= 0:
        return _found(text, start, start + len(exact))
    spans = [(at, at + len(exact)) for at in _occurrences(text, exact)]
    tolerant = not spans
    if tolerant:
        spans = _tolerant_spans(text, exact)
    if not spans:
        return None
    scores = [_fit(text, span, fold(prefix), fold(suffix)) for span in spans]
    best = max(scores)
    left, right = spans[scores.index(best)]
    return _found(text, left, right, tolerant=tolerant, ambiguous=scores.count(best) > 1)


def says_something(exact: str) -> bool:
    """Whether a quote holds a letter, a digit or a sign such as a flag: a full stop stands in every copy."""
    return any(unicodedata.category(char) == "So" or unicodedata.category(char)[0] in "LN" for char in exact)


def page_of(pages: Sequence[Sequence[int]], start: int) -> int | None:
    """The page, from 1, on which offset `start` stands; None for a text without pages."""
    if len(pages) < 2:
        return None
    return max(1, bisect_right([page[0] for page in pages], start))


def fold(text: str) -> str:
    """`text` with spaces, quotation marks, dashes and Unicode forms made alike."""
    return _Folded(text).text


def _occurrences(text: str, exact: str) -> Iterator[int]:
    at = text.find(exact)
    count = 0
    while at >= 0 and count < _MAX_CANDIDATES:
        yield at
        count += 1
        at = text.find(exact, at + 1)


def _tolerant_spans(text: str, exact: str) -> list[tuple[int, int]]:
    needle = fold(exact).strip()
    if not needle:
        return []
    folded = _Folded(text)
    return [folded.span(at, at + len(needle)) for at in _occurrences(folded.text, needle)]


def _found(text: str, left: int, right: int, **flags: bool) -> Found:
    return Found(
        start=left,
        end=right,
        exact=text[left:right],
        prefix=text[max(0, left - CONTEXT) : left],
        suffix=text[right : right + CONTEXT],
        **flags,
    )


def _fit(text: str, span: tuple[int, int], prefix: str, suffix: str) -> int:
    """How many characters of the wanted surroundings agree, counted outwards from the passage."""
    left, right = span
    before = fold(text[max(0, left - 2 * len(prefix) - 8) : left])
    after = fold(text[right : right + 2 * len(suffix) + 8])
    return _common(before[::-1], prefix[::-1]) + _common(after, suffix)


def _common(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


class _Folded:
    """A folded text that knows where each of its characters came from.

    Characters that folding leaves alone are copied in runs, so that a megabyte takes a fraction of a second.
    """

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        self._folded_at: list[int] = []
        self._original_at: list[int] = []
        self._original_end: list[int] = []
        self._plain: list[bool] = []
        position = done = 0
        for match in self._pattern(text).finditer(text):
            left, right = match.span()
            position = self._add(parts, text[done:left], position, done, left, plain=True)
            position = self._add(parts, _fold_cluster(match[0]), position, left, right, plain=False)
            done = right
        self._add(parts, text[done:], position, done, len(text), plain=True)
        self.text = "".join(parts)

    @staticmethod
    def _pattern(text: str) -> re.Pattern[str]:
        present = set(text)
        marks = "".join(re.escape(c) for c in present if unicodedata.combining(c) or "\u1160" <= c <= "\u11ff")
        special = "".join(re.escape(c) for c in present if c in _FOLD or unicodedata.normalize("NFKC", c) != c)
        unseen = "".join(_INVISIBLE)
        # A mark joins its letter across what is not seen, which folding takes out.
        alternatives = (
            [rf"[^\s](?:[{unseen}]*[{marks}])+"] * bool(marks) + [rf"[\s{unseen}]+"] + [rf"[{special}]"] * bool(special)
        )
        return re.compile("|".join(alternatives))

    def _add(self, parts: list[str], piece: str, position: int, left: int, right: int, *, plain: bool) -> int:
        if piece:
            parts.append(piece)
            self._folded_at.append(position)
            self._original_at.append(left)
            self._original_end.append(right)
            self._plain.append(plain)
        return position + len(piece)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of folded [start, end); a character folded as a whole is taken as a whole."""
        first = bisect_right(self._folded_at, start) - 1
        last = bisect_right(self._folded_at, end - 1) - 1
        left = self._original_at[first] + (start - self._folded_at[first] if self._plain[first] else 0)
        if self._plain[last]:
            return left, self._original_at[last] + end - self._folded_at[last]
        return left, self._original_end[last]


def _fold_cluster(cluster: str) -> str:
    folded = "".join(_FOLD.get(c, c) for c in cluster)
    if not folded or folded.isspace():
        return folded and " "
    folded = unicodedata.normalize("NFKC", folded)
    return re.sub(r"\s+", " ", "".join(_FOLD.get(c, c) for c in folded))


def nearest(text: str, exact: str) -> Near | None:
    """The passage of `text` most like `exact`; None when nothing is near. Bounded work on long texts.

    Only the windows that share most words with the quote are aligned character by character.
    """
    best: Near | None = None
    for left, right in _windows(text, exact):
        part = text[left:right]
        alignment = fuzz.partial_ratio_alignment(exact[:1000], part)
        if alignment and alignment.score >= _NEAR_ENOUGH and (best is None or alignment.score > best.score):
            start, end = _whole_words(text, left + alignment.dest_start, left + alignment.dest_end)
            best = Near(start, end, text[start:end], alignment.score)
    return best


def _windows(text: str, exact: str) -> list[tuple[int, int]]:
    width = max(200, 2 * len(exact[:1000]))
    wanted = set(re.findall(r"\w+", exact[:1000].casefold()))
    hits = [(m.start(), m[0].casefold()) for m in re.finditer(r"\w+", text) if m[0].casefold() in wanted]
    if not hits:
        return [(0, min(len(text), _FALLBACK_TEXT))]
    blocks: dict[int, set[str]] = {}
    for at, word in hits:
        blocks.setdefault(at // width, set()).add(word)
    ranked = sorted(blocks, key=lambda block: (-len(blocks[block] | blocks.get(block + 1, set())), block))
    return [(max(0, block * width - width // 2), (block + 2) * width) for block in ranked[:_MAX_WINDOWS]]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1 : end].isalnum():
        end += 1
    return start, end


_REGION = re.compile(
    r"xywh=percent:(\d{1,3}(?:\.\d{1,6})?),(\d{1,3}(?:\.\d{1,6})?),(\d{1,3}(?:\.\d{1,6})?),(\d{1,3}(?:\.\d{1,6})?)"
)


@dataclass(frozen=True)
class Region:
    """A rectangle of an image in per cent of its width and height, from the upper left corner."""

    x: float
    y: float
    w: float
    h: float

    def __str__(self) -> str:
        return "xywh=percent:" + ",".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in self._values())

    def _values(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.w, self.h


def parse_region(value: str) -> Region:
    """The region that a media fragment names; raise InvalidInput unless it lies inside the image."""
    match = _REGION.fullmatch(value.strip())
    if not match:
        raise InvalidInput("Give the region as xywh=percent:x,y,w,h with numbers from 0 to 100.", field="region")
    region = Region(*(round(float(number), 3) for number in match.groups()))
    if not (region.w > 0 and region.h > 0 and region.x + region.w <= 100.001 and region.y + region.h <= 100.001):
        raise InvalidInput("The region must have a size and lie inside the image.", field="region")
    return region
