"""Processes that write documents and indexes, to be killed.

They are forked from one that was begun for it and has nothing of the test's own process: no connection in the middle of
a transaction, no thread that holds a lock.
"""

import os
import signal
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from django.conf import settings
from django.db import connections

from search.actions import indexing
from search.actions.indexing import keep_up
from search.engines.whoosh.sealing import read_manifest
from search.engines.whoosh.writing import write
from search.models import Noted
from tests.search.indexes import a_row

_clean = get_context("forkserver")
_clean.set_forkserver_preload(["tests.search.clean", __name__])
_SETTINGS = ("SEARCH_ENGINE", "SEARCH_INDEX_DIR")


def begin(function: Callable[[], None]) -> BaseProcess:
    """Run a function of this module on the test's database, with the test's engine and size of batches.

    Returns once it has begun.
    """
    names = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    chosen = {name: getattr(settings, name) for name in _SETTINGS}
    begun = _clean.Event()
    process = _clean.Process(target=_run, args=(function, begun, names, chosen, indexing.BATCH))
    process.start()
    assert begun.wait(60)
    return process


def _run(function: Callable[[], None], begun: Event, names: dict[str, str], chosen: dict, batch: int) -> None:
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = name
    for name, value in chosen.items():
        setattr(settings, name, value)
    indexing.BATCH = batch
    begun.set()
    try:
        function()
    finally:
        connections.close_all()


def kill_all(processes: Iterable[BaseProcess]) -> None:
    """As the machine would: without a word."""
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
        process.join()


def drain() -> None:
    """Write, in turns with other writers, until nothing is left."""
    while Noted.objects.exists():
        keep_up()


def drain_for_ever() -> None:
    """Write until killed."""
    while True:
        keep_up()


def write_for_ever(index: Path, seq: int) -> None:
    """Write batches of twenty behind that number, until killed; no database is needed."""
    while True:
        write(index, [a_row(number, number, f"w{number} common") for number in range(seq + 1, seq + 21)])
        seq += 20


def write_every_second(index: Path, first: int) -> None:
    """Write every second of forty documents, each in its turn with another process."""
    for number in range(first, 41, 2):
        taken = False
        while not taken:
            # Each document has its turn when the other's mark is behind it.
            taken = read_manifest(index).mark >= number - 1
            if taken:
                write(index, [a_row(number, number)])
