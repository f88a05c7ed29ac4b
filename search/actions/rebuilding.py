"""Reading everything anew: after a change of the rules, and at the operator's wish."""

import logging
from threading import Event

from django.conf import settings
from django.db import connection, transaction

from search import dictionary
from search.actions.indexing import MOST_ATTEMPTS, read_noted
from search.engines.choice import keep_in_step
from search.engines.whoosh.following import rebuild
from search.engines.whoosh.reading import Whoosh
from search.engines.whoosh.sealing import read_manifest
from search.kinds import SEARCHABLES
from search.models import Noted, Wording
from search.verifying import Verified, verify

# Every row that there is, and every document whose row may be gone.
_NOTE_ALL = """
    INSERT INTO search_outbox (case_id, what, object_id, hides, at, attempts, problem)
    SELECT case_id, %s, object_id, false, clock_timestamp(), 0, '' FROM (
        SELECT {case} AS case_id, id AS object_id FROM {table}
        UNION
        SELECT case_id, object_id FROM search_document WHERE live AND kind = ANY (%s)) known"""
LOOKS = 2  # at an index that differs: it may have been a change in between
logger = logging.getLogger(__name__)
_PAUSE = 0.2  # seconds, while the worker has the pen


def read_everything(*, afresh: bool = False) -> int:
    """Make the documents of every row anew; returns how many rows were noted for it.

    The notes outlive an interruption: whoever comes next, the worker too, goes on. People search meanwhile. `afresh`
    drops words that nothing has any more, and makes documents anew that are as they should be.
    """
    noted = _note_everything(afresh)
    pause = Event()
    while Noted.objects.filter(attempts__lt=MOST_ATTEMPTS).exists():
        if not read_noted():
            pause.wait(_PAUSE)
    return noted


@transaction.atomic
def _note_everything(afresh: bool) -> int:
    if afresh:
        dictionary.forget()
        Wording.objects.update(made_by="")
    _try_again()
    noted = 0
    with connection.cursor() as cursor:
        for searchable in SEARCHABLES.values():
            table = searchable.model._meta.db_table
            case = "id" if searchable.what == "case" else "case_id"
            cursor.execute(_NOTE_ALL.format(table=table, case=case), [searchable.what, list(searchable.kinds)])
            noted += cursor.rowcount
    return noted


def _try_again() -> None:
    """What could not be read may have been kept from it by something that has passed."""
    Noted.objects.filter(attempts__gte=MOST_ATTEMPTS).update(attempts=0, problem="")


def build_index(*, afresh: bool = False) -> int:
    """Build the embedded index, where it is the chosen engine; returns the number of the last change that it has."""
    if Whoosh.name != settings.SEARCH_ENGINE:
        return 0
    return read_manifest(rebuild(afresh=afresh)).mark


def mend_index() -> Verified:
    """Compare the index with the documents, and build it anew beside where it differs; returns what was found. Rows
    that could not be read are left for the worker to try again.
    """
    _try_again()
    for _ in range(LOOKS):
        keep_in_step()
        found = verify()
        if not found.differing:
            return found
    logger.warning("%d documents are not in the index as they should be: it is built anew", found.differing)
    build_index(afresh=True)
    return found
