"""Python's search for cycles, which is for programs that make some."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for cycles meanwhile: among hundreds of thousands of records it takes as long as making them does.

    Records hold no cycles. Whoever runs for long calls `gc.collect(1)` where nothing much is held.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
