"""What dated observations of an account allow one to say: intervals, "as of" answers, renames, recycled handles.

Pure functions over anything that looks like an observation. An observation holds for the moment it was made and for
no other: between two of them things changed at a time that nobody saw, and every answer says what bounds it. An
observation known only to a day, month or year counts as made by the end of it. One of which only the latest moment is
known may be older than all others: it stands before them, and no order of handles is read from it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise
from typing import Protocol
from uuid import UUID

from cases.enums import BY, AccountStatus, Precision
from cases.moments import in_words

# No account can have been seen before.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


class Sighting(Protocol):
    """What is needed of an observation."""

    account_id: UUID
    handle: str
    handle_key: str
    display_name: str
    status: str
    observed_at: datetime
    observed_precision: str
    recorded_at: datetime


@dataclass(frozen=True)
class Period:
    """A half-open stretch of time, `start` included and `end` not, both in UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Span:
    """One value seen once or more in a row, from its first to its last sighting.

    It began after `after` (the sighting of another value before it) and ended by `until` (the one after it); None
    where nothing bounds it.
    """

    value: str
    first: Sighting
    last: Sighting
    after: Sighting | None
    until: Sighting | None
    count: int

    @property
    def period(self) -> Period:
        """From the first moment it may have been seen to the last."""
        return Period(period_of(self.first).start, period_of(self.last).end)


@dataclass(frozen=True)
class AsOf:
    """The last sighting at or before a moment, and the next one; `value` is "" when nothing was seen by then.

    `perhaps` are sightings too vaguely dated to say whether they fall before or after the moment.
    """

    moment: datetime
    value: str
    last: Sighting | None
    next: Sighting | None
    next_value: str
    perhaps: tuple[Sighting, ...]

    @property
    def is_bounded(self) -> bool:
        """Whether there is a sighting on both sides."""
        return self.last is not None and self.next is not None

    @property
    def is_held(self) -> bool:
        """Whether both neighbouring sightings agree."""
        return self.is_bounded and self.value == self.next_value


@dataclass(frozen=True)
class Rename:
    """One account under a new handle: it was changed after `after` was seen and before `by` was."""

    old: str
    new: str
    after: Sighting
    by: Sighting


@dataclass(frozen=True)
class Recycled:
    """One handle seen on two accounts. `overlap` is the time in which both were seen with it, None if there is none."""

    key: str
    earlier: UUID
    later: UUID
    overlap: Period | None


# --- dates


def period_of(sighting: Sighting) -> Period:
    """Return the stretch in which the sighting happened, as far as its precision tells."""
    return period(sighting.observed_at, sighting.observed_precision)


def period(at: datetime, precision: str) -> Period:
    """Return the second, day, month or year (in UTC) that `at` falls into, or all the time until then."""
    at = at.astimezone(UTC).replace(microsecond=0)
    if precision in (Precision.SECOND, BY):
        return Period(EARLIEST if precision == BY else at, at + timedelta(seconds=1))
    start = at.replace(hour=0, minute=0, second=0)
    if precision == Precision.DAY:
        return Period(start, start + timedelta(days=1))
    start = start.replace(day=1)
    if precision == Precision.MONTH:
        return Period(start, (start + timedelta(days=32)).replace(day=1))
    start = start.replace(month=1)
    return Period(start, start.replace(year=start.year + 1))


def end_of_day(day: date) -> datetime:
    """Return the last moment of `day` in UTC: what "as of" a date means."""
    return datetime.combine(day, time.max, tzinfo=UTC)


def in_order(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Return sightings by when they were certainly made, ties by their beginning, then by when they were recorded.

    First come those of which only the latest moment is known.
    """
    return sorted(sightings, key=lambda s: (is_dated(s), period_of(s).end, period_of(s).start, s.recorded_at))


def is_dated(sighting: Sighting) -> bool:
    """Whether more is known of when it was made than its latest moment."""
    return sighting.observed_precision != BY


# --- values over time


def status_of(sighting: Sighting) -> str:
    """Return the status a sighting tells of; "" for one that tells of none."""
    return "" if sighting.status == AccountStatus.UNKNOWN else sighting.status


def spans(sightings: Iterable[Sighting], value_of: Callable[[Sighting], str] = status_of) -> list[Span]:
    """Return the runs of equal values; sightings without a value tell nothing and break no run."""
    runs: list[list[Sighting]] = []
    for sighting in in_order(sightings):
        if not value_of(sighting):
            continue
        if runs and value_of(runs[-1][-1]) == value_of(sighting):
            runs[-1].append(sighting)
        else:
            runs.append([sighting])
    return [
        Span(
            value=value_of(run[0]),
            first=run[0],
            last=run[-1],
            after=runs[n - 1][-1] if n else None,
            until=runs[n + 1][0] if n + 1 < len(runs) else None,
            count=len(run),
        )
        for n, run in enumerate(runs)
    ]


def as_of(sightings: Iterable[Sighting], moment: datetime, value_of: Callable[[Sighting], str] = status_of) -> AsOf:
    """Return what was last seen at or before `moment`, and what was seen next."""
    told = [sighting for sighting in in_order(sightings) if value_of(sighting)]
    before = [s for s in told if period_of(s).end <= just_after(moment)]
    after = [s for s in told if period_of(s).start > moment]
    perhaps = [s for s in told if period_of(s).start <= moment and period_of(s).end > just_after(moment)]
    last, following = (before[-1] if before else None), (_first(after) if after else None)
    return AsOf(
        moment=moment,
        value=value_of(last) if last else "",
        last=last,
        next=following,
        next_value=value_of(following) if following else "",
        perhaps=tuple(perhaps),
    )


def just_after(moment: datetime) -> datetime:
    """Return the end of the second that `moment` falls into: what was known by then was seen by then."""
    return moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)


def _first(sightings: Sequence[Sighting]) -> Sighting:
    return min(sightings, key=lambda s: period_of(s).start)


# --- sentences


def status_in_words(sightings: Iterable[Sighting]) -> str:
    """Return the status as an interval, e.g. "active 16 May 2024, suspended by 3 June 2024"; "unknown" if unseen."""
    found = spans(sightings)
    if not found:
        return "unknown"
    now = found[-1]
    before = found[-2] if len(found) > 1 else None
    if before is None:
        return f"{_word(now.value)} {_seen(now)}"
    same_day = in_words(before.last.observed_at, Precision.DAY) == in_words(now.first.observed_at, Precision.DAY)
    was = f"{_word(before.value)} {_date(before.last, same_day)}"
    tail = "" if now.count == 1 else f", last seen so {_date(now.last)}"
    return f"{was}, {_word(now.value)} by {_date(now.first, same_day)}{tail}"


def as_of_in_words(answer: AsOf) -> str:
    """Return the answer with its bounds, e.g. "active, last seen 16 May 2024; suspended by 3 June 2024"."""
    vague = "".join(f"; {_word(s.status)} at some time in {_date(s)}" for s in answer.perhaps)
    if answer.last is None:
        later = f"; first seen {_word(answer.next_value)} {_date(answer.next)}" if answer.next else ""
        return f"unknown{later}{vague}"
    seen = f"{_word(answer.value)}, last seen {_date(answer.last)}"
    if answer.next is None:
        return f"{seen}; nothing seen since{vague}"
    again = "seen so again" if answer.is_held else f"{_word(answer.next_value)} by"
    return f"{seen}; {again} {_date(answer.next)}{vague}"


def _word(value: str) -> str:
    return value.replace("_", " ")


def _date(sighting: Sighting, with_time: bool = False) -> str:
    return in_words(sighting.observed_at, sighting.observed_precision, with_time=with_time)


def _seen(span: Span) -> str:
    first, last = _date(span.first), _date(span.last)
    return first if first == last else f"from {first} to {last}"


# --- handles


def handle_of(sighting: Sighting) -> str:
    """Return the key under which a sighting's handle is compared."""
    return sighting.handle_key


def renames(sightings: Iterable[Sighting]) -> list[Rename]:
    """Return each change of handle of one account, in order; a change of case alone is none."""
    found = spans(filter(is_dated, sightings), handle_of)
    return [Rename(old.last.handle, new.first.handle, old.last, new.first) for old, new in pairwise(found)]


def account_of(sighting: Sighting) -> UUID:
    """Return the account that a sighting is of."""
    return sighting.account_id


def recycled(sightings: Iterable[Sighting], holder_of: Callable[[Sighting], UUID] = account_of) -> list[Recycled]:
    """Return each pair of accounts on which the same handle was seen; they stay two accounts.

    The sightings must be of one platform (and server); `holder_of` tells which accounts were merged into one.
    """
    held: dict[str, dict[UUID, list[Sighting]]] = {}
    for sighting in sightings:
        if sighting.handle_key:
            held.setdefault(sighting.handle_key, {}).setdefault(holder_of(sighting), []).append(sighting)
    found = []
    for key in sorted(held):
        periods = [(_whole(seen), account) for account, seen in held[key].items()]
        periods.sort(key=lambda pair: (pair[0].start, pair[0].end, str(pair[1])))
        found += [
            Recycled(key, earlier, later, _overlap(first, second))
            for (first, earlier), (second, later) in combinations(periods, 2)
        ]
    return found


def _whole(sightings: Sequence[Sighting]) -> Period:
    """From the first to the last; of one without a date its latest moment, the only one that anything rests on."""
    periods = [period_of(one) if is_dated(one) else period(one.observed_at, Precision.SECOND) for one in sightings]
    return Period(min(p.start for p in periods), max(p.end for p in periods))


def _overlap(one: Period, other: Period) -> Period | None:
    if not one.overlaps(other):
        return None
    return Period(max(one.start, other.start), min(one.end, other.end))
