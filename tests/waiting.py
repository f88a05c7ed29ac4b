"""Waiting for other processes, for tests: until something is true, however slow the machine is."""

import threading
import time
from collections.abc import Callable

PATIENCE = 300  # seconds
_PAUSE = threading.Event()


def wait_until(true: Callable[[], object]) -> None:
    """Return as soon as `true()` is; fails when it is not in the end."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        _PAUSE.wait(0.05)
