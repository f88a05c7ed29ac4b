"""What an insider can do to the tables, and that verification finds it and names the first bad place."""

import io
import json
import shutil
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command

from audit import keys, outside, verification
from audit.merkle import root
from audit.models import Checkpoint, Event
from audit.suspects import begin_reading
from audit.verification import verify_log
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


@pytest.fixture
def log_of_nine(write, sequencer):
    """Nine entries about three objects under three checkpoints of 3, 6 and 9."""
    for _ in range(3):
        write(3)
        sequencer.run_once()


def checks(report):
    return {problem.check for problem in report.problems}


def pk(place: int) -> int:
    return Event.objects.order_by("id")[place].pk


def reseal(insider, signer, first: int = 0) -> None:
    """What a careful forger does after changing entries: leaves, roots and checkpoints anew, with his or our key."""
    sizes = [row[0] for row in insider.execute("SELECT size FROM audit_checkpoint ORDER BY size")]
    rows = insider.execute("SELECT id, entry FROM audit_event ORDER BY id").fetchall()
    insider.execute("DELETE FROM audit_leaf; DELETE FROM audit_checkpoint")
    leaves = [sha256(b"\0" + bytes(entry)).digest() for _, entry in rows]
    for place, (number, _) in enumerate(rows):
        insider.execute("INSERT INTO audit_leaf VALUES (%s, %s, %s)", [place, number, leaves[place]])
    for size in {min(size, len(rows)) for size in sizes}:
        note = signer.checkpoint(size, root(leaves[:size])).decode()
        insider.execute("INSERT INTO audit_checkpoint (size, note) VALUES (%s, %s)", [size, note])


def test_untouched_log_verifies(log_of_nine):
    report = verify_log()
    assert (report.ok, report.problems) == (True, [])
    assert (report.sealed, report.pending, report.checkpoints, report.first_bad_index) == (9, 0, 3, None)


def test_empty_log_verifies(sequencer):
    assert verify_log().ok


def test_events_that_wait_for_their_place_are_no_problem(log_of_nine, write):
    write(2)
    report = verify_log()
    assert (report.ok, report.pending) == (True, 2)


@pytest.mark.parametrize("byte", [0, 1, 100, -1])
def test_flipped_byte_of_an_entry_is_found(log_of_nine, insider, byte):
    entry = bytearray(Event.objects.get(pk=pk(4)).entry)
    entry[byte] ^= 1
    insider.execute("UPDATE audit_event SET entry = %s WHERE id = %s", [bytes(entry), pk(4)])
    report = verify_log()
    assert (report.first_bad_index, "leaf" in checks(report)) == (4, True)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "'user:eve'"),
        ("action", "'thing_deleted'"),
        ("object", "'thing:other'"),
        ("object_seq", "77"),
        ("request_id", "'r'"),
        ("event_id", "gen_random_uuid()"),
        ("case_id", "gen_random_uuid()"),
        ("recorded_at", "recorded_at + interval '1 microsecond'"),
    ],
)
def test_changed_index_column_is_found(log_of_nine, insider, column, value):
    insider.execute(f"UPDATE audit_event SET {column} = {value} WHERE id = %s", [pk(4)])
    report = verify_log()
    assert (report.first_bad_index, "column" in checks(report)) == (4, True)


def test_reordered_entries_are_found(log_of_nine, insider):
    first, second = insider.execute("SELECT id, leaf FROM audit_leaf WHERE idx IN (2, 3) ORDER BY idx").fetchall()
    insider.execute("DELETE FROM audit_leaf WHERE idx IN (2, 3)")
    insider.execute("INSERT INTO audit_leaf VALUES (2, %s, %s), (3, %s, %s)", [*second, *first])
    report = verify_log()
    assert report.first_bad_index == 0
    assert "root" in checks(report)


def test_deleted_event_is_found(log_of_nine, insider):
    number = pk(5)
    insider.execute("DELETE FROM audit_event WHERE id = %s", [number])
    report = verify_log()
    assert (report.first_bad_index, report.problems[0].message) == (5, f"event {number} is gone")


def test_deleted_event_with_its_place_is_found(log_of_nine, insider):
    insider.execute("DELETE FROM audit_event WHERE id = %s", [pk(5)])
    insider.execute("DELETE FROM audit_leaf WHERE idx = 5")
    report = verify_log()
    assert (report.first_bad_index, "place" in checks(report)) == (5, True)


def test_deleted_event_with_all_later_places_moved_up_is_found(log_of_nine, insider):
    insider.execute("DELETE FROM audit_event WHERE id = %s", [pk(4)])
    insider.execute("DELETE FROM audit_leaf WHERE idx = 4")
    for place in range(5, 9):
        insider.execute("UPDATE audit_leaf SET idx = idx - 1 WHERE idx = %s", [place])
    report = verify_log()
    assert {"chain", "root", "truncated"} <= checks(report)
    assert report.first_bad_index == 3  # the checkpoint of 3 still holds, that of 6 does not


def test_truncated_tail_is_found(log_of_nine, insider):
    insider.execute("DELETE FROM audit_event WHERE id >= %s", [pk(7)])
    insider.execute("DELETE FROM audit_payload WHERE event_id NOT IN (SELECT event_id FROM audit_event)")
    insider.execute("DELETE FROM audit_leaf WHERE idx >= 7")
    report = verify_log()
    assert (report.first_bad_index, checks(report)) == (7, {"truncated"})


def test_truncated_tail_with_its_checkpoints_is_found_by_the_outside_copy(log_of_nine, insider):
    insider.execute("DELETE FROM audit_event WHERE id >= %s", [pk(6)])
    insider.execute("DELETE FROM audit_payload WHERE event_id NOT IN (SELECT event_id FROM audit_event)")
    insider.execute("DELETE FROM audit_leaf WHERE idx >= 6; DELETE FROM audit_checkpoint WHERE size > 6")
    report = verify_log()
    assert (report.first_bad_index, checks(report)) == (6, {"truncated"})


def test_duplicated_entry_is_found(log_of_nine, insider):
    insider.execute("ALTER TABLE audit_event DROP CONSTRAINT audit_event_event_id_key")
    insider.execute("ALTER TABLE audit_event DROP CONSTRAINT audit_event_object_seq")
    columns = "event_id, entry, recorded_at, actor, action, case_id, object, object_seq, request_id"
    try:
        insider.execute(
            f"""WITH copy AS (INSERT INTO audit_event ({columns}) SELECT {columns} FROM audit_event WHERE id = %s
                RETURNING id, entry) INSERT INTO audit_leaf SELECT 9, id, sha256('\\x00'::bytea || entry) FROM copy""",
            [pk(8)],
        )
        report = verify_log()
        assert {"chain", "checkpoint"} & checks(report)
        assert report.first_bad_index == 9
    finally:
        insider.execute("DELETE FROM audit_event")
        insider.execute("ALTER TABLE audit_event ADD UNIQUE (event_id)")
        insider.execute("ALTER TABLE audit_event ADD CONSTRAINT audit_event_object_seq UNIQUE (object, object_seq)")


def test_forged_number_of_an_object_is_found(log_of_nine, insider):
    """Entry, column and leaf agree: only the chain of the object and the root tell."""
    event = Event.objects.get(pk=pk(7))
    entry = bytes(event.entry).replace(b'"object_seq":3', b'"object_seq":4')
    assert entry != bytes(event.entry)
    insider.execute("UPDATE audit_event SET entry = %s, object_seq = 4 WHERE id = %s", [entry, event.pk])
    insider.execute("UPDATE audit_leaf SET leaf = %s WHERE idx = 7", [sha256(b"\0" + entry).digest()])
    report = verify_log()
    assert {"chain", "root"} <= checks(report)
    assert report.first_bad_index == 6


def test_forged_event_is_found_before_and_after_it_is_sealed(log_of_nine, sequencer, insider):
    insider.execute(
        """INSERT INTO audit_event (event_id, entry, recorded_at, actor, action, object, object_seq, request_id)
           VALUES (gen_random_uuid(), '{}', now(), 'user:eve', 'thing_changed', 'thing:x', 5, '')"""
    )
    insider.execute("INSERT INTO audit_pending SELECT max(id) FROM audit_event")
    assert {"column", "chain"} <= checks(verify_log())
    sequencer.run_once()
    report = verify_log()
    assert (report.first_bad_index, {"column", "chain"} <= checks(report)) == (9, True)


def test_entry_recomputed_with_leaves_and_without_the_key_is_found(log_of_nine, insider):
    event = Event.objects.get(pk=pk(4))
    entry = bytes(event.entry).replace(b"because", b"Because")
    insider.execute("UPDATE audit_event SET entry = %s WHERE id = %s", [entry, event.pk])
    insider.execute("UPDATE audit_leaf SET leaf = %s WHERE idx = 4", [sha256(b"\0" + entry).digest()])
    report = verify_log()
    assert (report.first_bad_index, "root" in checks(report)) == (3, True)


def forge_last_entry(insider) -> None:
    event = Event.objects.get(pk=pk(8))
    entry = bytes(event.entry).replace(b"because", b"Because")
    insider.execute("UPDATE audit_event SET entry = %s WHERE id = %s", [entry, event.pk])


def test_log_rewritten_with_the_stolen_key_is_found_by_the_outside_copy(log_of_nine, insider):
    forge_last_entry(insider)
    reseal(insider, keys.load_or_create_signer())
    report = verify_log()
    assert (report.first_bad_index, checks(report)) == (8, {"outside"})


def test_log_rewritten_with_another_key_is_found(log_of_nine, insider, settings, tmp_path):
    forge_last_entry(insider)
    settings.DATA_DIR = tmp_path / "forger"
    other = keys.load_or_create_signer()
    settings.DATA_DIR = tmp_path
    reseal(insider, other)
    report = verify_log()
    assert (report.first_bad_index, "signature" in checks(report)) == (0, True)


def test_log_rewritten_with_key_file_and_outside_copy_is_found_by_who_kept_a_checkpoint(
    log_of_nine, insider, settings, tmp_path
):
    kept = Checkpoint.objects.get(size=9).note
    shutil.rmtree(tmp_path / "keys")
    outside.log_path().unlink()
    forge_last_entry(insider)
    reseal(insider, keys.load_or_create_signer())
    assert verify_log().ok
    assert checks(verify_log(against=[kept])) == {"signature"}


def test_log_wiped_and_begun_again_is_found(log_of_nine, insider, write):
    for table in ("audit_event", "audit_payload", "audit_leaf", "audit_checkpoint"):
        insider.execute(f"DELETE FROM {table}")
    assert checks(verify_log()) == {"truncated"}


def test_checkpoint_of_a_split_view_is_found(log_of_nine, tmp_path):
    """Our own key signed two histories: one reader holds a checkpoint that the log does not contain."""
    other = keys.load_or_create_signer().checkpoint(6, sha256(b"another history").digest()).decode()
    report = verify_log(against=[other])
    assert (checks(report), report.first_bad_index) == ({"outside"}, 5)


def test_event_taken_out_of_the_queue_is_found(log_of_nine, write, insider):
    event = write(1)[0]
    insider.execute("DELETE FROM audit_pending")
    report = verify_log()
    assert (checks(report), str(event.pk) in report.problems[0].message) == ({"queue"}, True)


def test_event_that_waits_too_long_is_found(log_of_nine, insider):
    insider.execute(
        """INSERT INTO audit_event (event_id, entry, recorded_at, actor, action, object, object_seq, request_id)
           VALUES (gen_random_uuid(), '{}', now() - interval '61 seconds', 'a', 'b_c', 'd:e', 1, '')"""
    )
    insider.execute("INSERT INTO audit_pending SELECT max(id) FROM audit_event")
    assert "late" in checks(verify_log())


@pytest.mark.parametrize(
    ("crime", "check"),
    [
        ("UPDATE audit_payload SET body = body || ' '", "payload"),
        ("UPDATE audit_payload SET salt = sha256(salt)", "payload"),
        ("DELETE FROM audit_payload", "payload"),
        ("INSERT INTO audit_payload VALUES (gen_random_uuid(), sha256('x'), 'x')", "stray"),
        ("INSERT INTO audit_pending VALUES (-1)", "stray"),
        ("INSERT INTO audit_pending SELECT max(id) FROM audit_event", "stray"),
        ("UPDATE audit_checkpoint SET note = replace(note, 'caseapp', 'evilapp') WHERE size = 6", "signature"),
        ("UPDATE audit_checkpoint SET size = 5 WHERE size = 6", "checkpoint"),
        ("DELETE FROM audit_checkpoint", "checkpoint"),
        ("UPDATE audit_leaf SET leaf = sha256('x') WHERE idx = 8", "leaf"),
        ("UPDATE audit_leaf SET idx = 20 WHERE idx = 8", "place"),
        ("UPDATE audit_leaf SET idx = -1 WHERE idx = 0", "place"),
    ],
)
def test_other_changes_are_found(log_of_nine, insider, crime, check):
    insider.execute("ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_idx_check")
    try:
        insider.execute(crime)
        assert check in checks(verify_log())
    finally:
        insider.execute("DELETE FROM audit_leaf WHERE idx < 0")
        insider.execute("ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_idx_check CHECK (idx >= 0)")


def test_every_flipped_bit_of_entry_and_leaf_is_found(write, sequencer, insider):
    event = write(1)[0]
    sequencer.run_once()
    bits = [*range(0, len(event.entry) * 8, 37)]
    for table, column, bit in [("audit_event", "entry", bit) for bit in bits] + [
        ("audit_leaf", "leaf", bit) for bit in range(0, 256, 9)
    ]:
        flip = f"UPDATE {table} SET {column} = set_bit({column}, {bit}, 1 - get_bit({column}, {bit}))"
        insider.execute(flip)
        assert verify_log().first_bad_index == 0, (table, bit)
        insider.execute(flip)
    assert verify_log().ok


def test_many_problems_are_counted_and_the_first_hundred_told(write, sequencer, insider):
    write(120)
    sequencer.run_once()
    insider.execute("UPDATE audit_event SET actor = 'user:eve'")
    report = verify_log()
    assert (report.problem_count, len(report.problems), report.first_bad_index) == (120, 100, 0)


def run(*arguments):
    out = io.StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_command_says_that_all_holds(log_of_nine):
    code, text = run()
    assert (code, text.startswith("9 entries under 3 checkpoints"), text.endswith("All of it holds.\n")) == (
        0,
        True,
        True,
    )


def test_command_finds_changes_made_past_the_application(log_of_nine, sequencer, web_connection):
    user = make_user("ada")
    web_connection.execute("UPDATE cases_user SET display_name = 'Eve' WHERE id = %s", [user.pk])
    sequencer.run_all()
    code, text = run()
    assert (code, "1 changes made past the application" in text, "LOOK" in text) == (1, True, True)


def test_command_names_the_first_bad_index(log_of_nine, insider):
    insider.execute("UPDATE audit_event SET actor = 'user:eve' WHERE id = %s", [pk(4)])
    code, text = run()
    assert (code, "WRONG at 4 [column]" in text, "first bad index: 4" in text) == (1, True, True)
    code, text = run("--json")
    values = json.loads(text)
    assert (code, values["ok"], values["first_bad_index"], values["problem_count"]) == (1, False, 4, 1)


def test_command_checks_against_a_checkpoint_kept_elsewhere(log_of_nine, tmp_path):
    kept = tmp_path / "checkpoint.txt"
    kept.write_bytes(Checkpoint.objects.get(size=6).note.encode())
    assert run("--against", str(kept))[0] == 0
    assert run("--against", str(outside.log_path()))[0] == 0
    kept.write_bytes(keys.load_or_create_signer().checkpoint(6, sha256(b"x").digest()))
    assert run("--against", str(kept))[0] == 1


@pytest.mark.parametrize("content", [None, b"", b"nonsense", b"\xff\n\n\xff"])
def test_command_refuses_a_file_without_checkpoint(log_of_nine, tmp_path, content):
    path = tmp_path / "bad"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        run("--against", str(path))
    assert caught.value.returncode == 2


def test_command_refuses_without_verifier_keys(empty_log):
    with pytest.raises(CommandError, match=r"audit\.vkey is missing"):
        run()


def test_verification_while_others_write_sees_one_moment(write, running_sequencer):
    for _ in range(10):
        write(5)
        assert verify_log().ok


def test_checkpoint_signed_after_the_snapshot_is_no_truncation(write, sequencer, monkeypatch):
    """What is sealed between the reading of the tables and of the file is missing from neither."""
    write(3)

    def begin_then_seal(cursor) -> None:
        begin_reading(cursor)
        cursor.execute("SELECT count(*) FROM audit_leaf")
        assert sequencer.run_all() == 3

    monkeypatch.setattr(verification, "begin_reading", begin_then_seal)
    report = verify_log()
    assert report.problems == []
    assert (report.sealed, report.pending) == (0, 3)
    assert list(outside.read_checkpoints()) != []
