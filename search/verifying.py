"""Whether the index has what there is: each document by number and change, against PostgreSQL; and what waits."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from search.actions.indexing import MOST_ATTEMPTS
from search.engines.whoosh.following import contents
from search.engines.whoosh.reading import Whoosh
from search.models import Document, Noted


@dataclass(frozen=True)
class Verified:
    """How many documents there are, and how many the index lacks, has too many, has twice or has in an older state;
    how many changes wait to be read, the oldest for how many seconds, and how many could not be read at all.
    """

    documents: int
    differing: int
    waiting: int = 0
    waiting_seconds: int = 0
    unreadable: int = 0


def verify() -> Verified:
    """Compare; with PostgreSQL as the engine there is nothing to compare."""
    stored = dict(Document.objects.filter(live=True).values_list("pk", "seq"))
    if Whoosh.name != settings.SEARCH_ENGINE:
        return Verified(len(stored), 0, *_waiting())
    indexed = contents()
    once = dict(indexed)
    twice = len(indexed) - len(once)
    return Verified(len(stored), twice + len(set(stored.items()) ^ set(once.items())), *_waiting())


def _waiting() -> tuple[int, int, int]:
    given_up = Q(attempts__gte=MOST_ATTEMPTS)
    found = Noted.objects.aggregate(
        waiting=Count("pk", filter=~given_up),
        oldest=Min("at", filter=~given_up),
        unreadable=Count("pk", filter=given_up),
    )
    seconds = int((timezone.now() - found["oldest"]).total_seconds()) if found["oldest"] else 0
    return found["waiting"], seconds, found["unreadable"]
