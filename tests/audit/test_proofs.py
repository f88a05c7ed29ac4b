"""Proofs as a reader gets them, from logs of every awkward size."""

import pytest

from audit import keys, offline, proofs
from audit.exceptions import LogMismatch, NotIncluded
from audit.models import Event
from audit.offline import Refused
from audit.proofs import consistency_since, latest_checkpoint, proof_for, proofs_for

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


@pytest.fixture
def small_chunks(monkeypatch):
    """Trees of many chunks without thousands of events."""
    monkeypatch.setattr(proofs, "CHUNK", 4)
    monkeypatch.setattr(proofs._Leaves, "_chunk_roots", [])


def test_proof_holds_for_a_reader(write, sequencer):
    event = write(5)[2]
    sequencer.run_once()
    proof = proof_for(event, with_payload=True)
    files = proof.files()
    name = str(event.event_id)
    assert sorted(files) == [f"{name}.json", f"{name}.payload.json", f"{name}.salt", f"{name}.tlog-proof"]
    vkeys = keys.trusted_vkeys()
    assert offline.verify_proof(files[f"{name}.json"], files[f"{name}.tlog-proof"], vkeys) == (2, 5)
    offline.verify_payload(event.fields["payload_sha256"], files[f"{name}.salt"], files[f"{name}.payload.json"])
    with pytest.raises(Refused):
        offline.verify_payload(event.fields["payload_sha256"], files[f"{name}.salt"], b"{}")
    assert len(proof.tlog_proof) < 2000


def test_proof_without_payload_tells_no_more_than_the_entry(write, sequencer):
    event = write(1)[0]
    sequencer.run_once()
    assert sorted(proof_for(event).files()) == [f"{event.event_id}.json", f"{event.event_id}.tlog-proof"]


def test_every_event_of_every_size_is_proven(write, sequencer, small_chunks):
    events = []
    for _ in range(21):
        events += write(1)
        sequencer.run_once()
        for index, proof in enumerate(proofs_for(events)):
            assert offline.verify_proof(proof.entry, proof.tlog_proof, keys.trusted_vkeys(), None)[0] == index
            if len(events) % 5:
                break


def test_newest_checkpoint_is_consistent_with_each_older_one(write, sequencer, small_chunks):
    checkpoints = []
    for _ in range(19):
        write(1)
        sequencer.run_once()
        checkpoints.append(offline.open_checkpoint(latest_checkpoint().note.encode(), keys.trusted_vkeys()))
    new_size, new_root = checkpoints[-1]
    for size, root in checkpoints:
        offline.verify_consistency(size, new_size, consistency_since(size), root, new_root)


def test_proofs_take_few_queries_however_many(write, sequencer, django_assert_max_num_queries):
    events = write(40)
    sequencer.run_once()
    with django_assert_max_num_queries(4):
        proofs_for(events, with_payload=True)


def test_event_that_is_not_sealed_has_no_proof(write, sequencer):
    write(1)
    sequencer.run_once()
    late = write(1)
    with pytest.raises(NotIncluded, match=str(late[0].event_id)):
        proofs_for(late)


def test_log_without_checkpoint_has_no_proof(write):
    with pytest.raises(NotIncluded):
        proof_for(write(1)[0])
    assert latest_checkpoint() is None


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE audit_leaf SET leaf = sha256('x') WHERE idx = 3",
        "UPDATE audit_event SET entry = entry || ' '",
        "UPDATE audit_checkpoint SET note = replace(note, 'caseapp', 'evilapp')",
    ],
)
def test_proof_that_would_not_hold_is_not_handed_out(write, sequencer, insider, crime):
    events = write(9)
    sequencer.run_once()
    insider.execute(crime)
    with pytest.raises(LogMismatch):
        proof_for(Event.objects.get(pk=events[0].pk))


def test_proofs_outlive_a_restored_database(write, sequencer, small_chunks):
    """What the process kept of another tree is forgotten, not believed."""
    events = write(9)
    sequencer.run_once()
    proof_for(events[0])
    proofs._Leaves._chunk_roots[0] = b"x" * 32
    assert proof_for(events[8]).index == 8
