"""Draw the status of an account over time as a strip: what was seen, and the gaps in which nobody looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.enums import AccountStatus
from cases.moments import in_words
from cases.status import Sighting, Span, period_of, spans

WIDTH = 1000
NARROWEST = 8


@dataclass(frozen=True)
class Segment:
    """A stretch of the strip in its own units (0 to 1,000); `kind` is a status, or "gap" between two of them."""

    x: int
    width: int
    kind: str
    title: str


@dataclass(frozen=True)
class Strip:
    """The segments, the marks of each sighting, and what the two ends are."""

    segments: tuple[Segment, ...]
    marks: tuple[int, ...]
    begins: str
    ends: str


def strip_of(sightings: Sequence[Sighting]) -> Strip | None:
    """Return the strip from the first sighting to the last; None when no status was ever seen."""
    found = spans(sightings)
    if not found:
        return None
    start = min(period_of(span.first).start for span in found)
    end = max(period_of(span.last).end for span in found)

    def place(moment: datetime) -> int:
        return round(WIDTH * ((moment - start) / (end - start)))

    told = [s for s in sightings if s.status != AccountStatus.UNKNOWN]
    return Strip(
        segments=tuple(_segments(found, place)),
        marks=tuple(sorted({min(place(period_of(s).start), WIDTH - 2) for s in told})),
        begins=in_words(found[0].first.observed_at, found[0].first.observed_precision),
        ends=in_words(found[-1].last.observed_at, found[-1].last.observed_precision),
    )


def _segments(found: Sequence[Span], place) -> list[Segment]:
    made: list[Segment] = []
    drawn = 0
    for span in found:
        left = min(max(place(span.period.start), drawn), WIDTH - NARROWEST)
        if made and left > drawn:
            made.append(Segment(drawn, left - drawn, "gap", f"{made[-1].title}; then {_words(span)}"))
        width = max(place(span.period.end) - left, NARROWEST)
        made.append(Segment(left, width, span.value, _words(span)))
        drawn = left + width
    return made


def _words(span: Span) -> str:
    first = in_words(span.first.observed_at, span.first.observed_precision)
    last = in_words(span.last.observed_at, span.last.observed_precision)
    seen = f"seen {first}" if first == last else f"seen {first} to {last}"
    return f"{span.value.replace('_', ' ')}, {seen}"
