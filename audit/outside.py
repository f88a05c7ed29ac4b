"""The copy of every checkpoint outside the database: DATA_DIR/checkpoints.log, only ever appended to.

One JSON line per checkpoint. Whoever rewrites the tables must also rewrite this file, and wherever it was copied to.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

TAIL_BYTES = 65_536


def log_path() -> Path:
    return Path(settings.DATA_DIR) / "checkpoints.log"


def append_checkpoints(notes: list[str]) -> None:
    """Add signed checkpoints to the file and wait until they are on the disk."""
    if not notes:
        return
    lines = "".join(json.dumps({"note": note}, ensure_ascii=False) + "\n" for note in notes)
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        file.write(_line_break(file) + lines.encode())
        os.fsync(file.fileno())


def last_checkpoint() -> str | None:
    """Return the newest checkpoint of the file, None when there is none."""
    try:
        with log_path().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            tail = file.read()
    except FileNotFoundError:
        return None
    return next((note for note in map(_parse, reversed(tail.split(b"\n"))) if note), None)


def read_checkpoints(path: Path | None = None) -> Iterator[str]:
    """Yield the checkpoints of the file, oldest first; nothing when the file does not exist."""
    try:
        with (path or log_path()).open("rb") as file:
            yield from filter(None, map(_parse, file))
    except FileNotFoundError:
        return


def _line_break(file) -> bytes:
    """A crash may have cut the last line off: the next one must not be glued to it."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _parse(line: bytes) -> str | None:
    """The checkpoint of one line; a line that was cut off proves nothing and is passed over."""
    try:
        note = json.loads(line)["note"]
    except (ValueError, KeyError, TypeError):
        return None
    return note if isinstance(note, str) else None
