"""What this process keeps of segments, which never change but for what is deleted from them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Protocol


class Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


class Kept:
    """Of sized things the ones asked for last, up to `most` bytes together; for all threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, Sized] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was kept under `key`; made where nothing was, perhaps by two threads at once."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        made = make()
        with self._lock:
            if key not in self._things:
                self._things[key] = made
                self._bytes += made.nbytes
            while self._bytes > self._most and len(self._things) > 1:
                self._bytes -= self._things.popitem(last=False)[1].nbytes
        return made
