"""Twenty writers at once: one log, no gap, no fork; and one writer of very much."""

import threading
from collections import Counter

import pytest
from django.db import connection, connections, transaction

from audit import log, waiting
from audit.models import Event, Leaf
from audit.verification import verify_log

WRITERS, EVENTS, OBJECTS = 20, 50, 7

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


def test_twenty_writers_leave_one_log(running_sequencer):
    errors: list[BaseException] = []
    begin = threading.Barrier(WRITERS)

    def write(writer: int) -> None:
        try:
            begin.wait()
            for number in range(EVENTS):
                with transaction.atomic():
                    shared = f"thing:{(writer + number) % OBJECTS}"
                    log.record(actor=f"user:{writer}", action="thing_changed", obj=shared, after={"number": number})
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    waiting.wait_for_inclusion(list(Event.objects.values_list("event_id", flat=True)), timeout=30)

    report = verify_log()
    assert (report.ok, report.sealed, report.pending) == (True, WRITERS * EVENTS, 0), report.problems
    assert list(Leaf.objects.order_by("idx").values_list("idx", flat=True)) == list(range(WRITERS * EVENTS))
    written = Counter(Event.objects.values_list("actor", flat=True))
    assert written == {f"user:{number}": EVENTS for number in range(WRITERS)}
    for number in range(OBJECTS):
        numbers = list(
            Event.objects.filter(object=f"thing:{number}").order_by("id").values_list("object_seq", flat=True)
        )
        assert numbers == list(range(1, len(numbers) + 1))


def _record(obj: str) -> Event:
    return log.record(actor="user:ada", action="thing_changed", obj=obj, after={"of": obj})


def _count(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_number_of_objects_in_a_transaction_costs_no_locks(empty_log):
    """The server has room for some thousand locks, and a folder of files may hold more than that."""
    held = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()"
    with transaction.atomic():
        _record("thing:first")
        before = _count(held)
        for number in range(300):
            _record(f"thing:{number}")
        assert _count(held) == before


@pytest.mark.parametrize(("gives_up", "numbers"), [(False, [1, 2]), (True, [1])])
def test_who_comes_to_a_new_object_second_waits_for_the_first(sequencer, gives_up, numbers):
    """And takes the place itself where the first gives up."""
    second: list[Event] = []

    def write() -> None:
        with transaction.atomic():
            second.append(_record("thing:new"))
        connections.close_all()

    other = threading.Thread(target=write)
    with transaction.atomic():
        _record("thing:new")
        other.start()
        while not _count("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"):
            assert other.is_alive()
        assert second == []
        transaction.set_rollback(gives_up)
    other.join()

    kept = Event.objects.filter(object="thing:new").order_by("id")
    assert [event.object_seq for event in kept] == numbers
    assert kept.last().pk == second[0].pk
    report = verify_log()
    assert (report.ok, report.pending) == (True, len(numbers)), report.problems
