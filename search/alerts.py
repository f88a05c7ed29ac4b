"""What is new among the hits of a saved search: counted when somebody looks, within what they may find then."""

from dataclasses import dataclass
from urllib.parse import urlencode

from cases.exceptions import InvalidInput
from cases.models import User
from search.actions.searching import count_new
from search.models import SavedSearch


@dataclass(frozen=True)
class Alert:
    """A saved search and how many hits are new or changed; None where that cannot be told at present."""

    search: SavedSearch
    new: int | None
    address: str


def alerts_of(actor: User) -> list[Alert]:
    """All of one's saved searches by name: one question to the engine each."""
    return [alert_of(actor, row) for row in SavedSearch.objects.visible_to(actor).order_by("name", "pk")]


def alert_of(actor: User, row: SavedSearch) -> Alert:
    try:
        new = count_new(actor=actor, query=row.query, filters=row.filters, since=row.seen_seq)
    except InvalidInput:
        new = None
    return Alert(row, new, address_of(row))


def address_of(row: SavedSearch, **more: object) -> str:
    """The query string of its page of results."""
    return urlencode({"q": row.query} | row.filters | more)
