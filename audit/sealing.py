"""A sequencer for the length of a block: commands that must see their events sealed work where none is running."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from audit.sequencer import Sequencer
from audit.waiting import WAKE_CHANNEL


@contextmanager
def sealing() -> Iterator[None]:
    """Seal events in a thread of this process while the block runs; beside a running sequencer the two take turns."""
    stop = threading.Event()
    thread = threading.Thread(target=_seal, args=[stop], name="sequencer")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {WAKE_CHANNEL}")
        thread.join()


def _seal(stop: threading.Event) -> None:
    # Made here because a database connection belongs to the thread that opens it.
    Sequencer().run(stop)
