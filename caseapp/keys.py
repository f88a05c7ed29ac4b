"""Secrets that the installation makes for itself, each in its own file that only its owner can read."""

import os
import secrets
from pathlib import Path


def read_or_create(folder: Path, name: str) -> str:
    """The secret kept in `folder/name`, made at first use.

    The file is written under another name and then linked, so that two processes starting together agree on one
    secret and nobody ever reads half of it.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")
