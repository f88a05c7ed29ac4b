"""One event per call, in the caller's transaction, with what only the server knows."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit import log
from audit.canonical import canonical, parse
from audit.context import RequestContext, current, request_context
from audit.exceptions import EntryTooLarge, NotCanonical, OutsideTransaction
from audit.models import Event, Payload, Pending
from audit.offline import leaf_hash, verify_payload

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def record(**changes):
    arguments = {"actor": "user:ada", "action": "claim_submitted", "obj": "claim:1"} | changes
    with transaction.atomic():
        return log.record(**arguments)


def fields(event: Event) -> dict:
    return parse(bytes(event.entry))


def test_entry_holds_every_field(empty_log):
    case = uuid4()
    with request_context(request_id="req-1", session_hash="s" * 64, mfa=True, ip_hash="i" * 64, on_behalf_of="user:bo"):
        event = record(case_id=case, before={"a": 1}, after={"a": 2}, reason="ünclear", evidence=["ab" * 32])
    assert fields(event) == {
        "v": 1,
        "event_id": str(event.event_id),
        "recorded_at": event.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": "user:ada",
        "actor_auth": {"session": "s" * 64, "mfa": True},
        "on_behalf_of": "user:bo",
        "request_id": "req-1",
        "ip_hash": "i" * 64,
        "case": str(case),
        "object": "claim:1",
        "object_seq": 1,
        "object_prev": None,
        "action": "claim_submitted",
        "reason": "ünclear",
        "payload_sha256": fields(event)["payload_sha256"],
        "evidence": ["ab" * 32],
    }


def test_event_is_stored_as_it_is_returned(empty_log):
    event = record(case_id=uuid4(), after={"a": 2})
    stored = Event.objects.get()
    for column in (field.attname for field in Event._meta.fields):
        assert getattr(stored, column) == getattr(event, column), column
    assert Pending.objects.get().pk == event.pk


def test_payload_is_kept_apart_and_salted(empty_log):
    first, second = (record(after={"verdict": "no"}) for _ in range(2))
    payload = Payload.objects.get(event_id=first.event_id)
    assert parse(bytes(payload.body)) == {"before": None, "after": {"verdict": "no"}}
    verify_payload(fields(first)["payload_sha256"], bytes(payload.salt), bytes(payload.body))
    assert fields(first)["payload_sha256"] != fields(second)["payload_sha256"]


def test_event_without_change_has_no_payload(empty_log):
    assert fields(record())["payload_sha256"] is None
    assert not Payload.objects.exists()


def test_time_comes_from_the_database_and_not_from_the_client(empty_log):
    now = datetime.now(UTC)
    with request_context(request_id="2099-01-01"):
        event = record()
    assert abs(event.recorded_at - now) < timedelta(minutes=1)


def test_entries_about_one_object_form_a_chain(empty_log):
    first, other, second = record(), record(obj="claim:2"), record()
    assert (fields(second)["object_seq"], fields(second)["object_prev"]) == (2, leaf_hash(bytes(first.entry)).hex())
    assert (fields(other)["object_seq"], fields(other)["object_prev"]) == (1, None)


def test_two_events_in_one_transaction_follow_each_other(empty_log):
    with transaction.atomic():
        first, second = (log.record(actor="user:ada", action="claim_made", obj="claim:1") for _ in range(2))
    assert fields(second)["object_prev"] == leaf_hash(bytes(first.entry)).hex()


def test_event_goes_with_its_transaction(empty_log):
    with transaction.atomic():
        log.record(actor="user:ada", action="claim_made", obj="claim:1", after={})
        transaction.set_rollback(True)
    assert (Event.objects.count(), Payload.objects.count(), Pending.objects.count()) == (0, 0, 0)


def test_event_outside_a_transaction_is_refused(empty_log):
    with pytest.raises(OutsideTransaction, match="claim_made of claim:1"):
        log.record(actor="user:ada", action="claim_made", obj="claim:1")


def test_event_takes_one_query(empty_log, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        log.record(actor="user:ada", action="claim_made", obj="claim:1", after={"a": 1})


def test_change_of_a_megabyte_is_kept_whole(empty_log):
    text = "é" * 500_000
    event = record(before={"text": ""}, after={"text": text})
    assert len(event.entry) < 1000
    assert parse(bytes(Payload.objects.get().body))["after"] == {"text": text}


def test_entry_that_reaches_64_kib_is_refused(empty_log):
    with pytest.raises(EntryTooLarge, match="move long values"):
        record(reason="x" * 65_536)
    assert not Event.objects.exists()


def test_reason_that_nearly_fills_the_entry_is_kept(empty_log):
    event = record(reason="x" * 64_500, before={}, evidence=["ab" * 32])
    assert fields(event)["reason"] == "x" * 64_500
    assert len(event.entry) < log.MAX_ENTRY


# The longest and the shortest that JSON makes of a character, on both sides of what is decided without writing it.
@pytest.mark.parametrize("char", ["\x01", '"', "x", "é", "\U0001f600"])
@pytest.mark.parametrize("room", [0, 1])
def test_entry_is_refused_exactly_where_it_has_no_room(empty_log, char, room):
    """Whether an entry surely fits is reckoned by length; the limit itself holds to the byte."""
    event = Event(event_id=uuid4(), actor="user:ada", action="claim_submitted", object="claim:1", request_id="")
    around = len(canonical(log._longest_entry(event, current(), "", [])))
    each = len(canonical(char)) - 2
    fits = (log.MAX_ENTRY - 1 - around) // each
    if room:
        assert record(reason=char * fits).pk
    else:
        with pytest.raises(EntryTooLarge):
            record(reason=char * (fits + 1))


@given(
    text=st.text(st.sampled_from('\x01\x1f"\\xé'), min_size=1, max_size=3),
    times=st.integers(0, 25_000),
    digests=st.integers(0, 990),
)
def test_what_surely_fits_has_room(text, times, digests):
    event = Event(event_id=uuid4(), actor=text, action="a_b", object="c:d", case_id=uuid4(), request_id=text)
    context = RequestContext(session_hash=text, mfa=False, ip_hash=None, on_behalf_of=text)
    given_ = (event, context, text * times, ["f" * 64] * digests)
    if log._surely_fits(*given_):
        assert len(canonical(log._longest_entry(*given_))) < log.MAX_ENTRY


def test_refused_event_leaves_its_transaction_usable(empty_log):
    with transaction.atomic():
        for wrong in ({"reason": "x" * 65_536}, {"reason": "a\0b"}, {"actor": "\ud800"}):
            with pytest.raises((EntryTooLarge, NotCanonical)):
                log.record(**{"actor": "user:ada", "action": "claim_made", "obj": "claim:1"} | wrong)
        log.record(actor="user:ada", action="claim_made", obj="claim:1")
    assert Event.objects.count() == 1


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)


OPTIONAL = st.none() | TEXT
CONTEXTS = st.fixed_dictionaries(
    {
        "request_id": TEXT,
        "session_hash": OPTIONAL,
        "mfa": st.none() | st.booleans(),
        "ip_hash": OPTIONAL,
        "on_behalf_of": OPTIONAL,
    }
)
CALLS = st.fixed_dictionaries(
    {
        "actor": TEXT.filter(lambda text: text and not text.startswith("db:")),
        "reason": TEXT,
        "case_id": st.none() | st.uuids(),
        "evidence": st.lists(st.from_regex(r"[0-9a-f]{64}", fullmatch=True), max_size=3),
        "after": st.none() | st.dictionaries(st.just("text"), TEXT),
    }
)


@hypothesis_settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=CALLS, context=CONTEXTS)
def test_database_writes_the_bytes_that_canonical_would(empty_log, call, context):
    with request_context(**context):
        event = record(**call)
    said = parse(bytes(event.entry))
    assert canonical(said) == bytes(event.entry)
    assert {key: said[key] for key in ("actor", "reason", "evidence")} == {
        key: call[key] for key in ("actor", "reason", "evidence")
    }
    assert said["actor_auth"] == {"session": context["session_hash"], "mfa": context["mfa"]}
    assert {key: said[key] for key in ("request_id", "ip_hash", "on_behalf_of")} == {
        key: context[key] for key in ("request_id", "ip_hash", "on_behalf_of")
    }
    assert said["case"] == (str(call["case_id"]) if call["case_id"] else None)
    assert (said["payload_sha256"] is None) == (call["after"] is None)


def test_change_that_has_no_canonical_form_is_refused(empty_log):
    with pytest.raises(NotCanonical, match=r"\$\.after\.score: float"):
        record(after={"score": 0.5})


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor": ""},
        {"actor": None},
        {"actor": "x" * 201},
        {"actor": "db:web"},
        {"action": "submitted"},
        {"action": "Claim_Submitted"},
        {"action": "claim_submitted\n"},
        {"action": "row_changed"},
        {"obj": "claim"},
        {"obj": "claim:"},
        {"obj": "claim:a b"},
        {"obj": "claim:" + "x" * 129},
        {"evidence": ["AB" * 32]},
        {"evidence": ["ab"]},
    ],
    ids=repr,
)
def test_wrong_argument_is_refused_by_name(empty_log, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        record(**wrong)


def test_event_names_itself(empty_log):
    event = record(obj=f"claim:{UUID(int=1)}")
    assert str(event) == f"claim_submitted claim:{UUID(int=1)} #1"
