"""What the database may pass without Python's look: exactly the entries with which nothing is wrong."""

import json
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import keys, log, outside
from audit.canonical import canonical
from audit.context import request_context
from audit.merkle import root
from audit.models import Event, Leaf
from audit.suspects import begin_reading, looking
from audit.verification import verify_log

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
DIGESTS = st.lists(st.sampled_from(["a" * 64, "b" * 64]), max_size=3)


def suspected() -> dict:
    with transaction.atomic(), connection.cursor() as cursor:
        begin_reading(cursor)
        with looking(cursor) as parts:
            return {idx: place for part in parts for idx, place in part.result().items()}


@pytest.fixture
def log_of_six(write, sequencer):
    write(6)
    sequencer.run_once()


def test_whole_log_is_passed(log_of_six):
    assert suspected() == {}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(TEXT, DIGESTS, st.booleans(), st.sampled_from([True, False, None]), st.none() | TEXT, TEXT),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_was_recorded_is_passed(sequencer, events):
    """Else the verification of a large log would be as slow as it was."""
    with transaction.atomic():
        for reason, evidence, body, mfa, session, request_id in events:
            with request_context(request_id=request_id, session_hash=session, mfa=mfa, on_behalf_of=session):
                log.record(
                    actor="user:Ada Ü",
                    action="thing_changed",
                    obj=f"thing:{len(reason) % 2}",
                    case_id=uuid4() if body else None,
                    after={"text": reason} if body else None,
                    reason=reason,
                    evidence=evidence,
                )
    sequencer.run_all()
    assert suspected() == {}
    assert verify_log().ok


def test_what_tells_something_is_looked_at(log_of_six, sequencer):
    with transaction.atomic():
        log.record(actor="user:ada", action="payload_sealed", obj="event:x")
    sequencer.run_once()
    assert suspected() == {6: (1, None)}


def test_suspect_comes_with_its_number_and_the_leaf_before(log_of_six, insider):
    insider.execute("UPDATE audit_event SET request_id = 'x' WHERE id = (SELECT id FROM audit_leaf WHERE idx = 4)")
    before = Leaf.objects.get(idx=1)
    assert suspected() == {4: (2, bytes(before.leaf).hex())}


def forge(insider, place: int, change) -> None:
    """Put another entry in its place, with leaf, root and signature made anew: only its form and fields can tell."""
    event = Event.objects.get(leaf__idx=place)
    entry = change(bytes(event.entry))
    assert entry != bytes(event.entry)
    insider.execute("UPDATE audit_event SET entry = %s WHERE id = %s", [entry, event.pk])
    insider.execute("UPDATE audit_leaf SET leaf = %s WHERE idx = %s", [sha256(b"\0" + entry).digest(), place])
    leaves = [bytes(leaf.leaf) for leaf in Leaf.objects.order_by("idx")]
    note = keys.load_or_create_signer().checkpoint(len(leaves), root(leaves)).decode()
    insider.execute("DELETE FROM audit_checkpoint")
    insider.execute("INSERT INTO audit_checkpoint (size, note) VALUES (%s, %s)", [len(leaves), note])
    outside.log_path().unlink()


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry + b" ",
        lambda entry: entry.replace(b'","', b'", "', 1),
        lambda entry: entry.replace(b"because", rb"b\u0065cause"),
        lambda entry: entry.replace("😀".encode(), rb"\ud83d\ude00") + b"\n",
        lambda entry: entry.replace(b'"reason":"because"', b'"reason":"so","reason":"because"'),
        lambda entry: entry.replace(b'"v":1', b'"v":1.0'),
        lambda entry: entry.replace(b'"evidence":[]', b'"evidence":[ ]'),
        lambda entry: json.dumps(json.loads(entry)).encode(),
        lambda entry: b"not JSON",
        lambda entry: b"\xff\xfe",
        lambda entry: b"[]",
        lambda entry: entry.replace(b"because", rb"\ud800"),
        lambda entry: entry.replace(b"because", rb"\u0000"),
        lambda entry: b"",
    ],
)
def test_entry_in_another_form_is_found_where_nothing_else_tells(log_of_six, insider, change):
    forge(insider, 5, change)
    report = verify_log()
    assert [(problem.index, problem.check) for problem in report.problems] == [(5, "entry")]


@pytest.mark.parametrize(
    ("field", "value", "check"),
    [
        ("object_prev", None, "chain"),
        ("object_prev", "f" * 64, "chain"),
        ("object_seq", 9, "chain"),
        ("payload_sha256", "f" * 64, "payload"),
        ("payload_sha256", None, "payload"),
        ("actor", "user:eve", "column"),
        ("object_seq", True, "column"),
        ("case", "01900000-0000-7000-8000-000000000000", "column"),
    ],
)
def test_field_that_does_not_fit_is_found_where_nothing_else_tells(log_of_six, insider, field, value, check):
    forge(insider, 5, lambda entry: canonical(json.loads(entry) | {field: value}))
    report = verify_log()
    assert (report.first_bad_index, check in {problem.check for problem in report.problems}) == (5, True)


def test_canonical_entry_of_another_make_is_no_problem(log_of_six, insider):
    """Python decides: what the database only did not recognise is not wrong."""
    forge(insider, 5, lambda entry: canonical(json.loads(entry) | {"evidence": [1, {"a": "b"}], "v": 2}))
    assert list(suspected()) == [5]
    assert verify_log().ok


def test_one_event_at_two_places_is_found(log_of_six, insider):
    insider.execute("ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_id_key")
    try:
        insider.execute("INSERT INTO audit_leaf SELECT 6, id, leaf FROM audit_leaf WHERE idx = 5")
        report = verify_log()
        assert (report.first_bad_index, "chain" in {problem.check for problem in report.problems}) == (6, True)
    finally:
        insider.execute("DELETE FROM audit_leaf WHERE idx = 6")
        insider.execute("ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_id_key UNIQUE (id)")


def test_events_that_wait_are_chained_to_those_that_are_sealed(log_of_six, write, insider):
    write(6)
    assert verify_log().ok
    insider.execute("UPDATE audit_event SET object_seq = object_seq + 5 WHERE id = (SELECT max(id) FROM audit_event)")
    assert {problem.check for problem in verify_log().problems} == {"column"}
