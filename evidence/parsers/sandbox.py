"""Runs one parser over one file in a child process that can harm nothing but itself.

Evidence comes from hostile hands, so the web process and the worker never decode it. The child gets the file as an open
handle (it can therefore only read the very bytes that were checked), a folder of its own that is thrown away, an empty
environment, 1.5 GB of address space, 20 s of processor time, no network and no right to start programs (see child.py
for how). Whatever happens to it, the caller gets a result or a ParserFailed with a reason.
"""

import contextlib
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

CHILD = Path(__file__).with_name("child.py")
NURSERY = Path(__file__).with_name("nursery.py")
WALL_SECONDS = 60
LONGEST_RESULT = 64 * 1024**2
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "OMP_NUM_THREADS": "1"}
REASONS = {
    signal.SIGXCPU: "It took more than 20 s of processor time and was stopped.",
    signal.SIGXFSZ: "It wrote more than it may and was stopped.",
    signal.SIGKILL: "It was stopped by the system, most likely because it needed too much memory.",
}


class ParserFailed(Exception):
    """A parser gave no result; `kind` is refused (it understood and declined), memory, time or crashed."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


class Parsed:
    """What a parser gave back: `facts`, and the files it made, which live as long as the context of run()."""

    def __init__(self, facts: dict[str, Any], folder: Path) -> None:
        self.facts = facts
        self.folder = folder

    def file(self, name: str) -> Path:
        """A file that the parser made, under one of the names it promised."""
        path = self.folder / name
        if path.is_symlink() or not path.is_file():
            raise ParserFailed("crashed", f"The parser did not make {name}.")
        return path


@contextlib.contextmanager
def run(parser: str, source: BinaryIO, *, wall_seconds: float = WALL_SECONDS, **options: Any) -> Iterator[Parsed]:
    """Parse the open file `source` with the parse() of a module of this package; raises ParserFailed."""
    with tempfile.TemporaryDirectory(prefix="parser-") as name:
        folder = Path(name)
        pool = _nurseries
        start = _spawned if pool is None else pool.parse
        yield Parsed(_facts(folder, start(parser, source, folder, wall_seconds, options)), folder)


def _spawned(parser: str, source: BinaryIO, folder: Path, wall_seconds: float, options: dict[str, Any]) -> int:
    """Start an interpreter for this one file; returns its exit status, negative for a signal."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", "-X", "utf8", str(CHILD), parser, json.dumps(options)],
        stdin=source.fileno(),
        cwd=folder,
        **_apart(),
    )
    try:
        return process.wait(wall_seconds)
    except subprocess.TimeoutExpired as error:
        raise _too_slow(wall_seconds) from error
    finally:
        _end(process)


def _apart() -> dict[str, Any]:
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return {"env": ENVIRONMENT, "start_new_session": True, **silent}


def _too_slow(wall_seconds: float) -> ParserFailed:
    return ParserFailed("time", f"It took longer than {wall_seconds:g} s and was stopped.")


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _facts(folder: Path, status: int) -> dict[str, Any]:
    answer = folder / "result.json"
    if status != 0 or not answer.is_file() or answer.stat().st_size > LONGEST_RESULT:
        kind = {-signal.SIGXCPU: "time", -signal.SIGKILL: "memory"}.get(status, "crashed")
        raise ParserFailed(kind, REASONS.get(-status, f"The parser broke down (exit {status})."))
    facts = json.loads(answer.read_bytes())
    if "failed" in facts:
        raise ParserFailed(facts["failed"], facts["reason"])
    return facts


# --- nurseries: see nursery.py


class Nursery:
    """A process that forks parsers, one at a time, and the socket to it."""

    def __init__(self) -> None:
        self.orders, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-X", "utf8", str(NURSERY)], stdin=theirs.fileno(), **_apart()
            )

    def parse(self, parser: str, source: BinaryIO, folder: Path, wall_seconds: float, options: dict[str, Any]) -> int:
        """The exit status of a fork that parsed `source`; raises ParserFailed when it takes too long."""
        order = json.dumps({"parser": parser, "options": options}).encode()
        home = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            socket.send_fds(self.orders, [order], [source.fileno(), home])
        finally:
            os.close(home)
        number = self._answer(wall_seconds)
        try:
            return os.waitstatus_to_exitcode(self._answer(wall_seconds))
        except TimeoutError as error:
            # The fork leads a session of its own, and has not been waited for: the number is still its.
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
            self._answer(wall_seconds)
            raise _too_slow(wall_seconds) from error

    def _answer(self, wall_seconds: float) -> int:
        if not select.select([self.orders], [], [], wall_seconds)[0]:
            raise TimeoutError
        answer = self.orders.recv(8, socket.MSG_WAITALL)
        if len(answer) < 8:
            raise ConnectionResetError("the nursery ended")
        return int.from_bytes(answer, "little")

    def close(self) -> None:
        """End it; a fork that is still at work dies with it."""
        self.orders.close()
        _end(self.process)


class _Pool:
    """Places for nurseries; each is made when it is first needed."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.places: queue.SimpleQueue[Nursery | None] = queue.SimpleQueue()
        for _ in range(size):
            self.places.put(None)

    def parse(self, parser: str, source: BinaryIO, folder: Path, wall_seconds: float, options: dict[str, Any]) -> int:
        """The exit status of a fork of one of them."""
        nursery = self.places.get() or Nursery()
        try:
            status = nursery.parse(parser, source, folder, wall_seconds, options)
        except ParserFailed:
            self.places.put(nursery)
            raise
        except OSError:
            # It was killed, or does not answer: the next file gets a new one, and this one is parsed the slow way.
            nursery.close()
            self.places.put(None)
            return _spawned(parser, source, folder, wall_seconds, options)
        self.places.put(nursery)
        return status

    def close(self) -> None:
        """End all of them, those that somebody still uses when they give them back."""
        for _ in range(self.size):
            if (nursery := self.places.get()) is not None:
                nursery.close()
        # Whoever looked at the pool a moment ago may still come: their nursery ends with them.
        for _ in range(self.size):
            self.places.put(None)


_nurseries: _Pool | None = None
_users = 0
_changing = threading.Lock()


@contextlib.contextmanager
def nurseries(count: int) -> Iterator[None]:
    """Within the block run() forks from `count` warm processes, however many threads ask, instead of starting each.

    Blocks may overlap in any order: those of one process share what the first of them made, and the last one ends it.
    """
    global _nurseries, _users  # noqa: PLW0603 - one pool per process, whichever of its threads began it
    with _changing:
        if _users == 0:
            _nurseries = _Pool(count)
        pool = _nurseries
        _users += 1
    try:
        yield
    finally:
        with _changing:
            _users -= 1
            last = _users == 0
            if last:
                _nurseries = None
        if last:
            pool.close()
