"""Time stamps of a real authority: asked for, verified, kept, missed and forged."""

import subprocess
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit import log, time_stamps
from audit.exceptions import NotStamped
from audit.models import Checkpoint, Event, TimeStamp
from audit.offline import Refused, read_time_stamp
from audit.verification import verify_log
from tests.authority import make_authority, serving

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with serving(make_authority(tmp_path_factory.mktemp("tsa"))) as authority:
        yield authority


@pytest.fixture
def authority(made, settings):
    made.answer = None
    made.asked.clear()
    settings.AUDIT_TSA_URL, settings.AUDIT_TSA_ROOTS = made.url, str(made.roots)
    return made


@pytest.fixture
def checkpoint(write, sequencer) -> Checkpoint:
    write(3)
    sequencer.run_once()
    return Checkpoint.objects.get()


@pytest.fixture
def two_checkpoints(checkpoint, write, sequencer) -> Checkpoint:
    """The first of two."""
    write(1)
    sequencer.run_once()
    return checkpoint


def release(action="publication_made") -> Event:
    with transaction.atomic():
        return log.record(actor="user:ada", action=action, obj="publication:1")


def checks(report):
    return {problem.check for problem in report.problems}


def test_stamp_is_kept_and_verified(checkpoint, authority):
    row = time_stamps.stamp(checkpoint)
    assert (row.pk, row.authority) == (3, authority.url)
    assert abs(timezone.now() - row.stamped_at) < timedelta(minutes=5)
    report = verify_log()
    assert (report.problems, report.time_stamps) == ([], 1)


def test_readers_see_the_hash_and_the_time_without_us(checkpoint, authority, tmp_path):
    row = time_stamps.stamp(checkpoint)
    imprint, when = read_time_stamp(bytes(row.response))
    assert imprint == sha256(checkpoint.note.encode()).hexdigest()
    assert when == f"{row.stamped_at:%Y-%m-%d %H:%M:%S} UTC"
    (tmp_path / "checkpoint.tsr").write_bytes(bytes(row.response))
    (tmp_path / "checkpoint").write_text(checkpoint.note)
    command = ["openssl", "ts", "-verify", "-in", "checkpoint.tsr", "-data", "checkpoint", "-CAfile", authority.roots]
    assert b"Verification: OK" in subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout


def test_one_stamp_a_day_is_due(checkpoint, authority, write, sequencer, insider):
    assert time_stamps.stamp_due() == 1
    write(1)
    sequencer.run_once()
    assert (time_stamps.stamp_due(), len(authority.asked)) == (0, 1)
    insider.execute("UPDATE audit_timestamp SET stamped_at = stamped_at - interval '25 hours'")
    assert time_stamps.stamp_due() == 1
    assert list(TimeStamp.objects.order_by("pk").values_list("pk", flat=True)) == [3, 4]


@pytest.mark.parametrize("action", time_stamps.RELEASES)
def test_each_release_is_due_at_the_checkpoint_that_covers_it(checkpoint, authority, sequencer, write, action):
    time_stamps.stamp_due()
    release(action)
    sequencer.run_once()
    write(1)
    sequencer.run_once()
    assert time_stamps.stamp_due() == 1
    assert TimeStamp.objects.filter(pk=4).exists()


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ((500, b"broken"), "cannot be reached"),
        ((200, b""), "does not hold"),
        ((200, b"<html>"), "does not hold"),
        ((200, b"x" * 70_000), "longer"),
        ((200, bytes.fromhex("30053003020102")), "refused"),
    ],
)
def test_answer_that_is_no_stamp_is_refused_and_nothing_is_kept(checkpoint, authority, answer, named):
    authority.answer = answer
    with pytest.raises(NotStamped, match=named):
        time_stamps.stamp_due()
    assert not TimeStamp.objects.exists()
    authority.answer = None
    assert time_stamps.stamp_due() == 1


def test_authority_that_is_down_is_named(checkpoint, authority, settings):
    settings.AUDIT_TSA_URL = "http://127.0.0.1:1/tsr"
    with pytest.raises(NotStamped, match="cannot be reached"):
        time_stamps.stamp(checkpoint)


def test_old_answer_is_refused_by_its_nonce(checkpoint, authority):
    time_stamps.stamp(checkpoint)
    authority.answer = (200, authority.stamp(authority.asked[0]))
    with pytest.raises(NotStamped, match="Nonce"):
        time_stamps.stamp(checkpoint)


def test_stamp_of_an_unknown_authority_is_refused(checkpoint, authority, settings, tmp_path):
    settings.AUDIT_TSA_ROOTS = str(make_authority(tmp_path / "other", "Other Authority").roots)
    with pytest.raises(NotStamped, match="does not hold"):
        time_stamps.stamp(checkpoint)
    assert not TimeStamp.objects.exists()


def test_roots_that_cannot_be_read_are_named(checkpoint, authority, settings, tmp_path):
    settings.AUDIT_TSA_ROOTS = str(tmp_path / "missing.pem")
    with pytest.raises(NotStamped, match="AUDIT_TSA_ROOTS"):
        time_stamps.stamp(checkpoint)


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE audit_timestamp SET response = set_byte(response, length(response) - 1, "
        "get_byte(response, length(response) - 1) # 1)",
        "UPDATE audit_timestamp SET stamped_at = stamped_at - interval '1 day'",
        "UPDATE audit_timestamp SET response = 'x'",
        "UPDATE audit_timestamp SET size = 4",
    ],
)
def test_stamp_that_an_insider_changed_is_found(two_checkpoints, authority, insider, crime):
    time_stamps.stamp(two_checkpoints)
    insider.execute(crime)
    assert checks(verify_log()) == {"time"}


def test_application_may_add_stamps_and_not_change_them(checkpoint, authority):
    row = time_stamps.stamp(checkpoint)
    for statement in ("UPDATE audit_timestamp SET authority = ''", "DELETE FROM audit_timestamp"):
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)
    row.refresh_from_db()
    assert row.authority == authority.url


def test_not_even_the_owner_changes_a_stamp(checkpoint, authority, owner_connection):
    time_stamps.stamp(checkpoint)
    with pytest.raises(Exception, match="never change"):
        owner_connection.execute("DELETE FROM audit_timestamp")


def test_clock_that_disagrees_with_the_authority_leaves_an_event(checkpoint, authority, monkeypatch):
    """F16: the order of the log is by place, and the authority bounds the time."""
    monkeypatch.setattr(time_stamps.timezone, "now", lambda: real() + timedelta(hours=1))
    time_stamps.stamp(checkpoint)
    assert Event.objects.filter(action="clock_skew_found", object="checkpoint:3").count() == 1


real = timezone.now


def test_lateness_is_told_after_a_day(checkpoint, authority, settings, insider):
    now = timezone.now()
    assert (time_stamps.is_late(now), time_stamps.is_late(now + timedelta(hours=27))) == (False, True)
    time_stamps.stamp(checkpoint)
    assert not time_stamps.is_late(now + timedelta(hours=25))
    settings.AUDIT_TSA_URL = ""
    assert not time_stamps.is_late(now + timedelta(days=9))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_stamp_are_refused(data):
    with pytest.raises(Refused):
        read_time_stamp(data)


def test_stamp_cut_off_anywhere_is_refused(checkpoint, authority):
    response = bytes(time_stamps.stamp(checkpoint).response)
    for length in range(len(response)):
        with pytest.raises(Refused):
            read_time_stamp(response[:length])
