"""What is new among the hits of saved searches: found by a job, so that no page waits for fifty questions."""

import hashlib
import json

from cases.exceptions import InvalidInput
from cases.models import User
from cases.row_security import acting_as
from search.actions.searching import new_hits, state_of
from search.models import SavedSearch
from search.rights import Reach, reach_of


def count_for_all() -> int:
    """Ask the saved searches of all whose answer may be another by now; returns how many were asked."""
    owners = User.objects.filter(saved_searches__isnull=False, is_active=True).distinct()
    return sum(count_for(actor=owner) for owner in owners)


def count_for(*, actor: User) -> int:
    """The same of one person, with their rights: a derived number, which leaves no event."""
    with acting_as(str(actor.pk)):
        state = _state(reach_of(actor))
        rows = list(SavedSearch.objects.visible_to(actor).exclude(counted_for=state))
        for row in rows:
            # Who looked meanwhile has another `seen_seq`: counted again the next time.
            same = SavedSearch.objects.filter(pk=row.pk, seen_seq=row.seen_seq)
            same.update(new_ids=_new_ids(actor, row), counted_for=state)
    return len(rows)


def _new_ids(actor: User, row: SavedSearch) -> list[int] | None:
    try:
        return new_hits(actor=actor, query=row.query, filters=row.filters, since=row.seen_seq)
    except InvalidInput:
        return None


def _state(reach: Reach) -> str:
    """Changes with what somebody may find, and with anything that happens there."""
    told = json.dumps([sorted(reach.audiences), state_of(reach).newest])
    return hashlib.sha256(told.encode()).hexdigest()
