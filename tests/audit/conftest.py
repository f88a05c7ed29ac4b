"""An empty log with a key of its own, and an insider who may do to the tables what a superuser may."""

import threading
from collections.abc import Callable, Iterator
from uuid import UUID, uuid5

import psycopg
import pytest
from django.db import connections, transaction

from audit import log
from audit.models import Event
from audit.sequencer import Sequencer
from caseapp.roles import connect_as_login

NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
TABLES = ("audit_event", "audit_payload", "audit_pending", "audit_leaf", "audit_timestamp", "audit_checkpoint")


@pytest.fixture
def insider(transactional_db) -> Iterator[psycopg.Connection]:
    """A database administrator for whom no trigger fires."""
    with connect_as_login(connections.settings["owner"]) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def empty_log(insider, settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    for table in TABLES:
        insider.execute(f"DELETE FROM {table}")


@pytest.fixture
def write(empty_log) -> Callable[..., list[Event]]:
    """Write `count` events, in turn about three objects, each in a transaction of its own."""
    written = []

    def write_events(count: int = 1) -> list[Event]:
        for _ in range(count):
            with transaction.atomic():
                number = len(written)
                event = log.record(
                    actor="user:ada",
                    action="thing_changed",
                    obj=f"thing:{uuid5(NAMESPACE, str(number % 3))}",
                    after={"number": number, "text": "Élysée 😀"},
                    reason="because",
                )
                written.append(event)
        return written[-count:]

    return write_events


@pytest.fixture
def sequencer(empty_log) -> Sequencer:
    made = Sequencer()
    made.start()
    return made


@pytest.fixture
def running_sequencer(empty_log) -> Iterator[threading.Thread]:
    """The loop in a thread, as `run_sequencer` runs it in a process."""
    stop = threading.Event()
    thread = threading.Thread(target=lambda: Sequencer().run(stop))
    thread.start()
    yield thread
    stop.set()
    thread.join()
