"""A file system whose n-th operation fails: the real operations, with an error or a sudden death in front of one."""

import os
import signal
from collections.abc import Callable

from evidence.files import FileSystem

OPERATIONS = ("open_directory", "make_directory", "create", "write", "sync", "link", "replace", "remove")


def die() -> None:
    """What kill -9 does at this very instruction."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail_with(code: int) -> Callable[[], None]:
    """The error a disk gives back."""

    def fail() -> None:
        raise OSError(code, os.strerror(code))

    return fail


class FaultyFileSystem(FileSystem):
    """Counts the operations, writes them down, and strikes before (or after) the one it was told to."""

    def __init__(self, strike_at: int = -1, fault: Callable[[], None] = die, *, after: bool = False) -> None:
        self.strike_at = strike_at
        self.fault = fault
        self.after = after
        self.done: list[str] = []


def _struck(name: str) -> Callable:
    real = getattr(FileSystem, name)

    def operation(self, *arguments):
        number = len(self.done)
        self.done.append(name)
        if number == self.strike_at and not self.after:
            self.fault()
        result = real(self, *arguments)
        if number == self.strike_at and self.after:
            self.fault()
        return result

    return operation


for _name in OPERATIONS:
    setattr(FaultyFileSystem, _name, _struck(_name))


def in_child(work: Callable[[], None]) -> int:
    """Run the work in a forked process; its exit status as os.waitpid gives it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1]
