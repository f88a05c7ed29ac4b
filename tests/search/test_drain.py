"""The writer of documents, which PostgreSQL searches: killed, twice at once, and with other rules. Real commits."""

import os
import random
import threading

import pytest
from django.db import connections, transaction

from cases import history
from evidence.models import Source
from search.actions import indexing
from search.actions.indexing import keep_up, read_noted
from search.actions.searching import search
from search.models import Document, Noted
from tests.factories.cases import make_case
from tests.search.indexes import in_child, kill_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("stores")]

# Kills of one run; `make bench` asks for more.
KILLS = int(os.environ.get("SEARCH_KILLS", "4"))


@pytest.fixture
def case(settings, monkeypatch):
    settings.SEARCH_ENGINE = "postgres"
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


def drain() -> None:
    while Noted.objects.exists():
        read_noted()
    connections.close_all()


def drain_for_ever() -> None:
    while True:
        read_noted()


def child_of(function):
    """A process with connections of its own, which know nothing of the transactions of this one's."""
    connections.close_all()

    def begin() -> None:
        for inherited in connections.all(initialized_only=True):
            del connections[inherited.alias]
        function()

    return in_child(begin)


def ids_of_documents() -> set:
    return set(Document.objects.filter(kind="source", live=True).values_list("object_id", flat=True))


def assert_all_are_found(case) -> None:
    keep_up()
    rows = set(Source.objects.values_list("pk", flat=True))
    assert ids_of_documents() == rows
    assert not Noted.objects.exists()
    found = search(actor=case.lead, query="harbour type:source")
    assert (found.total, found.engine) == (len(rows), "postgres")


def test_killed_writer_loses_no_document(case):
    """F18: what is not a document yet is still noted, at whichever moment the writer is killed."""
    chance = random.Random(4)
    for number in range(KILLS):
        make_sources(case, 20, f"Round {number}")
        child = child_of(drain_for_ever)
        threading.Event().wait(chance.uniform(0.02, 0.4))
        kill_all([child])
        noted = set(Noted.objects.values_list("object_id", flat=True))
        assert noted | ids_of_documents() >= set(Source.objects.values_list("pk", flat=True))
        assert not noted & ids_of_documents()
    assert_all_are_found(case)


def test_two_writers_write_each_document_once(case):
    make_sources(case, 30, "Both")
    children = [child_of(drain) for _ in range(2)]
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
    assert set(Document.objects.values_list("made_by", flat=True)) == {"another"}
    assert_all_are_found(case)
