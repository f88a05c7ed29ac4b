"""Each committed event gets one place, under a signed root, whatever dies in between."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from audit import keys, log, outside, waiting
from audit.exceptions import LogMismatch, NotIncluded, OutsideTransaction
from audit.merkle import root
from audit.models import Checkpoint, Leaf, Pending
from audit.notes import open_checkpoint
from audit.offline import leaf_hash
from audit.sequencer import BATCH, Sequencer
from audit.verification import verify_log

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


def test_batch_gives_each_event_a_place_under_a_signed_root(write, sequencer):
    events = write(5)
    assert Pending.objects.count() == 5
    assert sequencer.run_once() == 5
    assert list(Leaf.objects.order_by("idx").values_list("idx", "event_id")) == [
        (place, event.pk) for place, event in enumerate(events)
    ]
    assert not Pending.objects.exists()
    note = Checkpoint.objects.get().note
    assert open_checkpoint(note, keys.trusted_vkeys()) == (5, root(leaf_hash(bytes(event.entry)) for event in events))
    assert list(outside.read_checkpoints()) == [note]


def test_batch_without_events_signs_nothing(sequencer):
    assert sequencer.run_once() == 0
    assert not Checkpoint.objects.exists()


def test_batch_is_limited(write, sequencer, insider):
    write(1)
    insider.execute(
        """INSERT INTO audit_event (event_id, entry, recorded_at, actor, action, object, object_seq, request_id)
           SELECT gen_random_uuid(), 'x', now(), 'a', 'b', 'c', n, '' FROM generate_series(1, %s) n""",
        [BATCH],
    )
    insider.execute("INSERT INTO audit_pending SELECT id FROM audit_event ON CONFLICT DO NOTHING")
    assert (sequencer.run_once(), sequencer.run_once(), sequencer.run_once()) == (BATCH, 1, 0)


def test_event_of_a_transaction_that_commits_late_is_not_skipped(write, sequencer):
    """Its id is lower than ids that were sealed before: asking for ids above the last one would miss it."""
    opened, release = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            log.record(actor="user:slow", action="thing_changed", obj="thing:slow")
            opened.set()
            release.wait(10)
        connections.close_all()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert opened.wait(10)
    write(2)
    assert sequencer.run_once() == 2
    release.set()
    thread.join()
    assert sequencer.run_once() == 1
    assert Leaf.objects.get(idx=2).event_id < Leaf.objects.get(idx=0).event_id
    assert verify_log().ok


def test_event_of_a_rolled_back_transaction_leaves_nothing(write, sequencer):
    write(1)
    with transaction.atomic():
        log.record(actor="user:ada", action="thing_changed", obj="thing:gone")
        transaction.set_rollback(True)
    write(1)
    assert sequencer.run_all() == 2
    assert verify_log().ok


def test_two_sequencers_continue_each_other(write, empty_log):
    first, second = Sequencer(), Sequencer()
    for sequencer in (first, second, first, second):
        sequencer.start()
        write(3)
        assert sequencer.run_once() == 3
    report = verify_log()
    assert (report.ok, report.sealed, report.checkpoints) == (True, 12, 4)


def test_two_sequencers_at_once_leave_one_log(write, empty_log):
    stop = threading.Event()
    threads = [threading.Thread(target=lambda: Sequencer().run(stop)) for _ in range(2)]
    for thread in threads:
        thread.start()
    events = write(60)
    waiting.wait_for_inclusion([event.event_id for event in events], timeout=20)
    stop.set()
    for thread in threads:
        thread.join()
    report = verify_log()
    assert (report.ok, report.sealed, report.pending) == (True, 60, 0), report.problems


KILLED_IN_BATCH = """
import os, pathlib, signal
import django
django.setup()
from django.conf import settings
from django.db import connections
from audit.sequencer import Sequencer
connections.settings["sequencer"]["NAME"] = {name!r}
settings.DATA_DIR = pathlib.Path({folder!r})
sequencer = Sequencer()
seal = sequencer._seal
def seal_and_die(cursor, rows):
    seal(cursor, rows)
    os.kill(os.getpid(), signal.SIGKILL)
sequencer._seal = seal_and_die
sequencer.run_once()
"""


def test_sequencer_killed_in_a_batch_leaves_no_trace_of_it(write, sequencer, settings):
    write(3)
    sequencer.run_once()
    write(4)
    name = connections["sequencer"].settings_dict["NAME"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_BATCH.format(name=name, folder=str(settings.DATA_DIR))],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    # Taking the lock waits until the server has noticed the death and rolled the batch back.
    successor = Sequencer()
    successor.start()
    assert (Leaf.objects.count(), Pending.objects.count()) == (3, 4)
    assert successor.run_once() == 4
    report = verify_log()
    assert (report.ok, report.sealed) == (True, 7), report.problems


def test_sequencer_killed_before_the_outside_copy_makes_it_up(write, sequencer):
    write(2)
    sequencer.run_once()
    whole = outside.log_path().read_bytes()
    write(2)
    sequencer.run_once()
    outside.log_path().write_bytes(whole + b'{"note": "caseapp.loc')
    Sequencer().start()
    assert list(outside.read_checkpoints()) == list(Checkpoint.objects.values_list("note", flat=True))


SEEN_AT_ONCE = [
    "DELETE FROM audit_leaf WHERE idx = 3",
    "DELETE FROM audit_leaf",
    "DELETE FROM audit_checkpoint",
    "UPDATE audit_checkpoint SET note = replace(note, 'caseapp', 'evilapp')",
    "INSERT INTO audit_leaf VALUES (4, 999, sha256('x'))",
    "DELETE FROM audit_event; DELETE FROM audit_leaf; DELETE FROM audit_checkpoint",
]
SEEN_AT_START = [
    "DELETE FROM audit_leaf WHERE idx = 1",
    "UPDATE audit_leaf SET leaf = sha256('x') WHERE idx = 2",
]


@pytest.mark.parametrize("crime", SEEN_AT_ONCE)
def test_running_sequencer_refuses_to_continue_a_log_that_was_cut(write, sequencer, insider, crime):
    write(4)
    sequencer.run_once()
    insider.execute(crime)
    write(1)
    with pytest.raises(LogMismatch):
        sequencer.run_once()


@pytest.mark.parametrize("crime", [*SEEN_AT_ONCE, *SEEN_AT_START])
def test_sequencer_refuses_to_start_on_a_log_that_was_changed(write, sequencer, insider, crime):
    write(4)
    sequencer.run_once()
    insider.execute(crime)
    with pytest.raises(LogMismatch):
        Sequencer().start()
    with pytest.raises(CommandError, match="refuses to run"):
        call_command("run_sequencer", "--once")


def test_sequencer_refuses_when_a_waiting_event_is_gone(write, sequencer, insider):
    events = write(2)
    insider.execute("DELETE FROM audit_event WHERE id = %s", [events[0].pk])
    with pytest.raises(LogMismatch, match=f"event {events[0].pk} waits"):
        sequencer.run_once()


def test_sequencer_refuses_a_database_older_than_its_outside_checkpoint(write, sequencer, insider):
    write(2)
    sequencer.run_once()
    write(2)
    sequencer.run_once()
    insider.execute("DELETE FROM audit_checkpoint WHERE size = 4; DELETE FROM audit_leaf WHERE idx > 1")
    with pytest.raises(LogMismatch, match="holds a checkpoint of 4 entries, the database only 2"):
        Sequencer().start()


@pytest.mark.parametrize(("options", "said"), [([], "3 events sealed\n"), (["--json"], '{"sealed": 3}\n')])
def test_run_sequencer_once_seals_what_is_pending(write, capsys, options, said):
    write(3)
    call_command("run_sequencer", "--once", *options)
    assert capsys.readouterr().out == said


def test_loop_wakes_for_who_waits_and_ends_when_told(write, running_sequencer):
    events = write(3)
    waiting.wait_for_inclusion([event.event_id for event in events], timeout=20)
    assert Leaf.objects.count() == 3


def test_loop_outlives_a_lost_connection(write, running_sequencer, insider):
    first = write(1)
    waiting.wait_for_inclusion([first[0].event_id], timeout=20)
    insider.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND datname = current_database()",
        [connections["sequencer"].settings_dict["USER"]],
    )
    second = write(1)
    waiting.wait_for_inclusion([second[0].event_id], timeout=20)
    assert running_sequencer.is_alive()


def test_critical_event_returns_only_when_it_is_sealed(running_sequencer, settings):
    settings.AUDIT_WAIT_SECONDS = 20
    with transaction.atomic():
        event = log.record(actor="user:ada", action="case_published", obj="case:1", wait=True)
    assert Leaf.objects.filter(event_id=event.pk).exists()


def test_critical_event_says_so_when_no_sequencer_runs(empty_log, settings):
    settings.AUDIT_WAIT_SECONDS = 0.1
    with pytest.raises(NotIncluded, match="is the sequencer running"), transaction.atomic():
        log.record(actor="user:ada", action="case_published", obj="case:1", wait=True)
    assert Pending.objects.count() == 1


def test_waiting_inside_the_transaction_is_refused(write):
    event = write(1)[0]
    with transaction.atomic(), pytest.raises(OutsideTransaction):
        waiting.wait_for_inclusion([event.event_id])


def test_waiting_for_an_unknown_event_fails(running_sequencer):
    with pytest.raises(NotIncluded, match="1 of 1"):
        waiting.wait_for_inclusion(["0190a000-0000-7000-8000-000000000000"], timeout=0.1)
