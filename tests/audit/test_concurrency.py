"""Twenty writers at once: one log, no gap, no fork."""

import threading
from collections import Counter

import pytest
from django.db import connections, transaction

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
