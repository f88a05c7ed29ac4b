"""The writer of documents and of the index: killed, twice at once, and with other rules. Real commits."""

import os
import random
import threading

import pytest
from django.conf import settings
from django.db import connection, transaction

from cases import history
from evidence.models import Source
from search.actions import indexing
from search.actions.indexing import keep_up, read_noted
from search.actions.searching import search
from search.models import Document, Noted, Wording
from tests.factories.cases import make_case
from tests.search.writers import begin, drain, drain_for_ever, kill_all

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("stores"),
    pytest.mark.xdist_group("writers"),
]

# Kills of one run; `make bench` asks for more.
KILLS = int(os.environ.get("SEARCH_KILLS", "4"))


@pytest.fixture
def case(engine, monkeypatch):
    # Many transactions, so that a kill finds the writer anywhere.
    monkeypatch.setattr(indexing, "BATCH", 5)
    case = make_case()
    keep_up()
    return case


def make_sources(case, number: int, name: str) -> None:
    with transaction.atomic():
        rows = [
            Source(case=case, name=f"{name} {one}", kind="news", note="harbour " * 50, created_by=case.lead)
            for one in range(number)
        ]
        history.record(case.lead, "sources_made", rows[0], after={"rows": number})
        Source.objects.bulk_create(rows)


def ids_of_documents() -> set:
    return set(Document.objects.filter(kind="source", live=True).values_list("object_id", flat=True))


@transaction.atomic
def check_each_is_noted_or_a_document() -> None:
    """At one moment: what the killed process had asked for may be committed meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    noted = set(Noted.objects.values_list("object_id", flat=True))
    assert noted | ids_of_documents() >= set(Source.objects.values_list("pk", flat=True))
    assert not noted & ids_of_documents()


def assert_all_are_found(case) -> None:
    keep_up()
    rows = set(Source.objects.values_list("pk", flat=True))
    assert ids_of_documents() == rows
    assert not Noted.objects.exists()
    found = search(actor=case.lead, query="harbour type:source")
    assert (found.total, found.engine) == (len(rows), settings.SEARCH_ENGINE)


def test_killed_writer_loses_no_document(case):
    """F18: what is not a document yet is still noted, at whichever moment the writer is killed."""
    chance = random.Random(4)
    for number in range(KILLS):
        make_sources(case, 20, f"Round {number}")
        child = begin(drain_for_ever)
        threading.Event().wait(chance.uniform(0.02, 0.4))
        kill_all([child])
        check_each_is_noted_or_a_document()
    assert_all_are_found(case)


def test_two_writers_write_each_document_once(case):
    make_sources(case, 30, "Both")
    children = [begin(drain) for _ in range(2)]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    numbers = list(Document.objects.values_list("seq", flat=True))
    assert len(numbers) == len(set(numbers))
    assert_all_are_found(case)


def test_documents_of_older_rules_are_found_while_they_are_made_anew(case, monkeypatch):
    make_sources(case, 15, "Old")
    assert_all_are_found(case)
    monkeypatch.setattr(indexing, "VERSION", "another")
    assert search(actor=case.lead, query="harbour type:source").total == 15
    while read_noted():
        assert search(actor=case.lead, query="harbour type:source").total == 15
    assert set(Wording.objects.values_list("made_by", flat=True)) == {"another"}
    assert_all_are_found(case)
