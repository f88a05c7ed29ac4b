"""Whether the index has what there is: each document by number and change, against PostgreSQL."""

from dataclasses import dataclass

from django.conf import settings

from search.engines.whoosh.following import contents
from search.engines.whoosh.reading import Whoosh
from search.models import Document


@dataclass(frozen=True)
class Verified:
    """How many documents there are, and how many the index lacks, has too many, has twice or has in an older state."""

    documents: int
    differing: int


def verify() -> Verified:
    """Compare; with PostgreSQL as the engine there is nothing to compare."""
    stored = dict(Document.objects.filter(live=True).values_list("pk", "seq"))
    if Whoosh.name != settings.SEARCH_ENGINE:
        return Verified(len(stored), 0)
    indexed = contents()
    once = dict(indexed)
    twice = len(indexed) - len(once)
    return Verified(len(stored), twice + len(set(stored.items()) ^ set(once.items())))
