"""Keep a query under a name, note that one looked at what it finds, and let it go. Each is its owner's alone."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cases import history, permissions
from cases.enums import TokenScope
from cases.exceptions import Conflict, InvalidInput, NotVisible
from cases.models import User
from search.actions.searching import asked_of
from search.models import Document, SavedSearch

MOST = 50  # of one person
LONGEST = 100  # characters of a name


@transaction.atomic
def save_search(*, actor: User, name: str, query: str, filters: Mapping[str, str] | None = None) -> SavedSearch:
    """Keep `query` with the filters of a page of results; what it finds from now on is new.

    Raises InvalidInput for a query that cannot be asked, or none, and for a bad name; Conflict for a name that is in
    use, and for one search too many.
    """
    permissions.check_scope(actor, TokenScope.MANAGE)
    name = name.strip()
    if not name or len(name) > LONGEST or "\0" in name:
        raise InvalidInput(f"Give it a name of at most {LONGEST} characters.", field="name")
    chosen = {filter_: value for filter_, value in (filters or {}).items() if value}
    if not (query.strip() or chosen):
        raise InvalidInput("There is nothing to look for in this.", field="query")
    asked_of(query, chosen)
    # Two at once would both find their name free.
    own = SavedSearch.objects.filter(owner=User.objects.select_for_update().get(pk=actor.pk))
    if own.filter(name=name).exists():
        raise Conflict("You have a saved search of this name: choose another one.")
    if own.count() >= MOST:
        raise Conflict(f"You have {MOST} saved searches: delete one first.")
    now = _now()
    row = SavedSearch.objects.create(
        owner=actor,
        name=name,
        query=query.strip(),
        filters=chosen,
        seen_seq=now,
        new_since=now,
        looked_at=timezone.now(),
    )
    history.record(actor, "search_saved", row, after={"name": name, "query": row.query, "filters": chosen})
    return row


@transaction.atomic
def look(*, actor: User, search_id: UUID) -> SavedSearch:
    """Note that its owner looks at it now: what is new from now on is counted anew."""
    row = _own(actor, search_id)
    row.new_since, row.seen_seq, row.looked_at = row.seen_seq, _now(), timezone.now()
    row.new_ids, row.counted_for = [], ""
    row.save(update_fields=["new_since", "seen_seq", "looked_at", "new_ids", "counted_for"])
    return row


@transaction.atomic
def delete_search(*, actor: User, search_id: UUID) -> None:
    permissions.check_scope(actor, TokenScope.MANAGE)
    row = _own(actor, search_id)
    history.record(actor, "search_deleted", row, before={"name": row.name, "query": row.query, "filters": row.filters})
    row.delete()


def _own(actor: User, search_id: UUID) -> SavedSearch:
    try:
        return SavedSearch.objects.visible_to(actor).select_for_update().get(pk=search_id)
    except SavedSearch.DoesNotExist as error:
        raise NotVisible from error


def _now() -> int:
    """The number of the newest change."""
    return Document.objects.aggregate(last=Max("seq"))["last"] or 0
