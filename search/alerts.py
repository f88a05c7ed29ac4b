"""What is new among the hits of saved searches, as far as whoever looks may find it at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q

from cases.models import User
from search.actions.searching import state_of
from search.models import Document, SavedSearch
from search.rights import reach_of


@dataclass(frozen=True)
class Alert:
    """A saved search and how many hits are new or changed; None where that could not be counted."""

    search: SavedSearch
    new: int | None
    address: str


def alerts_of(actor: User) -> list[Alert]:
    """All of one's saved searches by name."""
    return alerts(actor, list(SavedSearch.objects.visible_to(actor).order_by("name", "pk")))


def alerts(actor: User, rows: Sequence[SavedSearch]) -> list[Alert]:
    """The same of some; a fixed number of queries, however many there are."""
    counted = {pk for row in rows for pk in row.new_ids or ()}
    there = _still_found(actor, counted) if counted else set()
    return [
        Alert(row, None if row.new_ids is None else len(there.intersection(row.new_ids)), address_of(row))
        for row in rows
    ]


def _still_found(actor: User, ids: set[int]) -> set[int]:
    reach = reach_of(actor)
    found = Document.objects.visible_to(actor).filter(pk__in=ids, live=True, case__in=list(reach.cases))
    open_to = Q(sensitive=False) | Q(case__in=list(reach.sensitive))
    return set(found.filter(open_to).exclude(object_id__in=state_of(reach).hidden).values_list("pk", flat=True))


def address_of(row: SavedSearch, **more: object) -> str:
    """The query string of its page of results."""
    return urlencode({"q": row.query} | row.filters | more)
