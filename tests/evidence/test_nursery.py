"""Parsers that are forked from a warm process: as shut in as those that are started, and no harder to kill."""

import os
import signal
import threading
from pathlib import Path

import pytest

from evidence.parsers import sandbox
from evidence.parsers.sandbox import ParserFailed

pytestmark = pytest.mark.xdist_group("frames")

HOSTILE = "tests.evidence.hostile_parser"


@pytest.fixture
def source(tmp_path: Path):
    path = tmp_path / "source"
    path.write_bytes(b"content")
    with path.open("rb") as stream:
        yield stream


def outcome(source, does: str, **more) -> str:
    source.seek(0)
    with sandbox.run(HOSTILE, source, does=does, **more) as parsed:
        return parsed.facts["outcome"]


def test_fork_gets_the_bytes_and_an_environment_without_secrets(source, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    told = outcome(source, "nothing")
    assert "DATABASE_URL" not in told
    assert "content" in told


@pytest.mark.parametrize(
    ("does", "kind"),
    [("refuse", "refused"), ("eat_memory", "memory"), ("crash", "crashed"), ("raise", "crashed")],
)
def test_fork_that_breaks_down_fails_alone_and_the_next_one_works(source, does, kind):
    with pytest.raises(ParserFailed) as failure:
        outcome(source, does)
    assert failure.value.kind == kind
    assert "content" in outcome(source, "nothing")


def test_fork_that_waits_is_stopped_by_the_clock(source):
    with pytest.raises(ParserFailed, match="longer than 1 s"):
        outcome(source, "wait", wall_seconds=1)
    assert "content" in outcome(source, "nothing")


def test_fork_opens_no_socket_starts_no_program_and_writes_nowhere_else(source, tmp_path):
    assert "not allowed" in outcome(source, "socket")
    assert "not allowed" in outcome(source, "program")
    assert "only into its own folder" in outcome(source, "write", where=str(tmp_path / "planted"))


def test_killed_nursery_costs_nothing_but_time(source):
    assert "content" in outcome(source, "nothing")
    nursery = sandbox._nurseries.places.get()
    os.kill(nursery.process.pid, signal.SIGKILL)
    nursery.process.wait()
    sandbox._nurseries.places.put(nursery)
    assert "content" in outcome(source, "nothing")
    assert "content" in outcome(source, "nothing")


def test_blocks_that_overlap_share_the_pool_and_leave_it_usable(source):
    """Two jobs of one worker begin and end in any order."""
    first_may_end, second_began = threading.Event(), threading.Event()

    def first():
        with sandbox.nurseries(1):
            second_began.wait(30)
        first_may_end.set()

    thread = threading.Thread(target=first)
    thread.start()
    with sandbox.nurseries(1):
        second_began.set()
        first_may_end.wait(30)
        assert "content" in outcome(source, "nothing")
    thread.join()
    assert "content" in outcome(source, "nothing")
