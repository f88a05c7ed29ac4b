"""Doing the slow part of a long list beforehand: several threads wait for parsers and disks while one writes rows."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

PARSERS = max(1, min(8, os.cpu_count() or 1))
LOOK_AHEAD = 4

Given, Made = TypeVar("Given"), TypeVar("Made")


def ahead(function: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[tuple[Given, Made]]:
    """Each of `given` with what `function` makes of it, in order; a few are made before they are asked for.

    An error of `function` is raised when its turn comes, and what was begun ends first.
    """
    waiting: deque[tuple[Given, Future[Made]]] = deque()
    with ThreadPoolExecutor(PARSERS) as pool:
        for one in given:
            waiting.append((one, pool.submit(_apart, function, one)))
            if len(waiting) > LOOK_AHEAD * PARSERS:
                first, made = waiting.popleft()
                yield first, made.result()
        for first, made in waiting:
            yield first, made.result()


def _apart(function: Callable[[Given], Made], one: Given) -> Made:
    try:
        return function(one)
    finally:
        connections.close_all()
