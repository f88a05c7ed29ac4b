"""A command that needs its events sealed brings a sequencer along."""

import pytest

from audit.sealing import sealing
from audit.verification import verify_log
from audit.waiting import wait_for_inclusion

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


def test_events_are_sealed_while_the_block_runs(write):
    with sealing():
        wait_for_inclusion([event.event_id for event in write(3)], timeout=20)
    write(1)
    report = verify_log()
    assert (report.ok, report.sealed, report.pending) == (True, 3, 1)


def test_sealing_takes_turns_with_a_running_sequencer(write, running_sequencer):
    with sealing():
        wait_for_inclusion([event.event_id for event in write(20)], timeout=20)
    assert verify_log().ok
