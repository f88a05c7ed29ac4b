"""Histories, differences and alarms, in a number of queries that does not grow."""

from uuid import uuid4

import pytest
from django.db import transaction

from audit import log, queries
from audit.queries import Changes, FieldChange

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


def record(**changes):
    with transaction.atomic():
        return log.record(**{"actor": "user:ada", "action": "claim_changed", "obj": "claim:1"} | changes)


def test_histories_are_newest_first_and_hold_their_own_events_alone(empty_log):
    case = uuid4()
    events = [record(case_id=case) for _ in range(3)]
    other = record(case_id=uuid4(), obj="claim:2", actor="user:bo")
    newest_first = events[::-1]
    assert list(queries.events_for_case(case)) == newest_first
    assert list(queries.events_for_object("claim:1")) == newest_first
    assert list(queries.events_by_actor("user:ada")) == newest_first
    assert list(queries.events_for_object("claim:2")) == [other]


def test_histories_go_on_from_an_event(empty_log):
    events = [record() for _ in range(5)]
    page = list(queries.events_for_object("claim:1")[:2])
    rest = list(queries.events_for_object("claim:1", before=page[-1].pk)[:2])
    assert page + rest == events[::-1][:4]


def test_histories_tell_the_place_of_each_event(write, sequencer):
    sealed = write(2)
    sequencer.run_once()
    waiting = write(2)
    places = {event.pk: event.place for event in queries.events_by_actor("user:ada")}
    assert places == {sealed[0].pk: 0, sealed[1].pk: 1, waiting[0].pk: None, waiting[1].pk: None}


def test_changes_show_the_fields_that_differ(empty_log):
    event = record(before={"title": "a", "note": "same", "old": 1}, after={"title": "b", "note": "same", "new": [1]})
    assert queries.changes_of([event])[event.event_id].fields == [
        FieldChange("new", None, [1]),
        FieldChange("old", 1, None),
        FieldChange("title", "a", "b"),
    ]


def test_changes_of_a_creation_show_all_fields(empty_log):
    event = record(after={"title": "b"})
    assert queries.changes_of([event])[event.event_id].fields == [FieldChange("title", None, "b")]


def test_changes_of_an_event_without_payload_are_none(empty_log):
    event = record()
    assert queries.changes_of([event]) == {event.event_id: Changes()}


def test_long_changes_are_measured_and_shown_on_demand(empty_log):
    event = record(after={"text": "x" * 100_000})
    short = queries.changes_of([event])[event.event_id]
    assert (short.shown, short.fields, short.size > 100_000) == (False, [], True)
    assert queries.changes_of([event], shown_bytes=10**9)[event.event_id].fields[0].after == "x" * 100_000


@pytest.mark.parametrize("count", [10, 100])
def test_page_of_history_takes_two_queries(empty_log, count, django_assert_num_queries):
    case = uuid4()
    for number in range(count):
        record(case_id=case, after={"n": number})
    with django_assert_num_queries(2):
        page = list(queries.events_for_case(case)[:50])
        assert len(queries.changes_of(page)) == min(count, 50)


def test_healthy_log_raises_no_alarm(write, sequencer):
    write(3)
    sequencer.run_once()
    write(1)
    assert queries.alarms() == []


def late_event(insider) -> int:
    return insider.execute(
        """INSERT INTO audit_event (event_id, entry, recorded_at, actor, action, object, object_seq, request_id)
           VALUES (gen_random_uuid(), '{}', now() - interval '61 seconds', 'user:a', 'b_c', 'd:e', 1, '')
           RETURNING id"""
    ).fetchone()[0]


def test_event_that_waits_too_long_raises_an_alarm(empty_log, insider):
    number = late_event(insider)
    insider.execute("INSERT INTO audit_pending VALUES (%s)", [number])
    [alarm] = queries.alarms()
    assert (alarm.kind, alarm.event.pk, "sequencer" in alarm.message) == ("late", number, True)


def test_event_taken_out_of_the_queue_raises_an_alarm(empty_log, insider):
    late_event(insider)
    assert [alarm.kind for alarm in queries.alarms()] == ["queue"]


def test_change_past_the_application_raises_an_alarm(empty_log, insider):
    insider.execute(
        """INSERT INTO audit_event (event_id, entry, recorded_at, actor, action, object, object_seq, request_id)
           VALUES (gen_random_uuid(), '{}', now(), 'db:web', 'row_changed', 'claim:7', 1, '')"""
    )
    [alarm] = queries.alarms()
    assert (alarm.kind, alarm.message) == ("row_changed", "db:web changed claim:7 past the application")
