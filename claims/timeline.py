"""One timeline of a case with its three clocks told apart: when it was so, when it was seen, when it was recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, Model, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Cast

from cases.exceptions import InvalidInput
from cases.models import Case, Observation
from claims.models import ClaimVersion, Publication, Review
from claims.queries import ENDS, standing_versions
from claims.wording import Labels
from evidence.models import Item

WORLD, SEEN, RECORDED = "world", "seen", "recorded"
CLOCKS = {
    WORLD: "True in the world",
    SEEN: "Seen by somebody",
    RECORDED: "Recorded here",
}
SIZE = 60


@dataclass(frozen=True)
class Strand:
    """One kind of entry: where its rows come from, by which column they are dated, by which clock."""

    kind: str
    clock: str
    label: str
    rows: Callable[[Case], QuerySet]
    column: str
    precision: str = ""


@dataclass(frozen=True)
class Entry:
    """One dated entry; `row` is the model it tells of."""

    at: datetime
    precision: str
    strand: Strand
    row: Model


def _claims(case: Case) -> QuerySet:
    return standing_versions(case).prefetch_related(None)


STRANDS: tuple[Strand, ...] = (
    Strand(
        "observation",
        SEEN,
        "Account observed",
        lambda case: Observation.objects.filter(case=case).select_related("account", "recorded_by"),
        "observed_at",
        "observed_precision",
    ),
    Strand(
        "published",
        WORLD,
        "Evidence published",
        lambda case: Item.objects.filter(case=case, published_at__isnull=False).select_related("source"),
        "published_at",
        "published_precision",
    ),
    Strand("captured", SEEN, "Evidence captured", lambda case: Item.objects.filter(case=case), "captured_at"),
    Strand("valid_from", WORLD, "Claim true from", _claims, "valid_from", "valid_from_precision"),
    Strand("valid_to", WORLD, "Claim true until", _claims, "valid_to", "valid_to_precision"),
    Strand("as_of", WORLD, "Claim as of", _claims, "as_of", "as_of_precision"),
    Strand("conduct", WORLD, "Conduct", _claims, "conduct_date"),
    Strand(
        "version",
        RECORDED,
        "Claim written",
        lambda case: ClaimVersion.objects.filter(case=case).select_related("claim").defer("content"),
        "recorded_at",
    ),
    Strand(
        "review",
        RECORDED,
        "Claim reviewed",
        lambda case: Review.objects.filter(case=case).select_related("version__claim", "reviewed_by"),
        "reviewed_at",
    ),
    Strand(
        "publication",
        RECORDED,
        "Publication",
        lambda case: Publication.objects.filter(case=case).defer("snapshot").select_related("published_by"),
        "published_at",
    ),
)
KINDS = {strand.kind: strand.label for strand in STRANDS}


def read(
    case: Case,
    *,
    clock: str = "",
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    cursor: str = "",
) -> tuple[list[Entry], str]:
    """The newest entries that match, and the cursor of those before them; one query for each kind of entry."""
    place = _decode(cursor) if cursor else None
    found: list[tuple[datetime, int, Any, Entry]] = []
    for index, strand in enumerate(STRANDS):
        if (clock and strand.clock != clock) or (kind and strand.kind != kind):
            continue
        after = _after(index, *place) if place else None
        for row in _rows(case, strand, (since, until), after):
            precision = getattr(row, strand.precision) if strand.precision else _default_precision(strand)
            found.append((row.timeline_at, index, row.pk, Entry(row.timeline_at, precision, strand, row)))
    found.sort(key=lambda entry: (-entry[0].timestamp(), entry[1], entry[2]))
    page = found[:SIZE]
    rows = [entry.row for *_, entry in page]
    prefetch_related_objects([row for row in rows if isinstance(row, ClaimVersion)], "author", *ENDS)
    following = _encode(page[-1]) if len(found) > SIZE else ""
    return [entry for *_, entry in page], following


def labels_of(entries: Sequence[Entry]) -> Labels:
    """The names of what the claims among `entries` are about."""
    return Labels([entry.row for entry in entries if isinstance(entry.row, ClaimVersion)])


def _default_precision(strand: Strand) -> str:
    return "day" if strand.kind == "conduct" else "minute"


def _rows(case: Case, strand: Strand, days: tuple[date | None, date | None], after: Q | None) -> QuerySet:
    rows = strand.rows(case).filter(**{f"{strand.column}__isnull": False})
    # Dates become midnight UTC, so that days and moments stand in one order.
    rows = rows.annotate(timeline_at=Cast(F(strand.column), DateTimeField()))
    since, until = days
    if since:
        rows = rows.filter(timeline_at__gte=datetime.combine(since, time.min, UTC))
    if until:
        rows = rows.filter(timeline_at__lte=datetime.combine(until, time.max, UTC))
    if after is not None:
        rows = rows.filter(after)
    return rows.order_by("-timeline_at", "pk")[: SIZE + 1]


def _after(index: int, at: datetime, place_index: int, pk: UUID) -> Q:
    """What stands after the last entry of the page before, in the order of time, kind and id."""
    earlier = Q(timeline_at__lt=at)
    if index < place_index:
        return earlier
    same = Q(timeline_at=at)
    return earlier | (same & Q(pk__gt=pk) if index == place_index else same)


def _encode(place: tuple) -> str:
    at, index, pk, _ = place
    return f"{at.isoformat()}~{index}~{pk}"


def _decode(cursor: str) -> tuple[datetime, int, UUID]:
    try:
        at, index, pk = cursor.split("~")
        found = datetime.fromisoformat(at)
        return found.astimezone(UTC), int(index), UUID(pk)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("This cursor is not one that this list gave out.", field="cursor") from error
