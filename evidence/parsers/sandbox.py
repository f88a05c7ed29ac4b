"""Runs one parser over one file in a child process that can harm nothing but itself.

Evidence comes from hostile hands, so the web process and the worker never decode it. The child gets the file as an open
handle (it can therefore only read the very bytes that were checked), a folder of its own that is thrown away, an empty
environment, 1.5 GB of address space, 20 s of processor time, no network and no right to start programs (see child.py
for how). Whatever happens to it, the caller gets a result or a ParserFailed with a reason.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

CHILD = Path(__file__).with_name("child.py")
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
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", str(CHILD), parser, json.dumps(options)],
            stdin=source.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        try:
            status = process.wait(wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise ParserFailed("time", f"It took longer than {wall_seconds:g} s and was stopped.") from error
        finally:
            _end(process)
        yield Parsed(_facts(folder, status), folder)


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
