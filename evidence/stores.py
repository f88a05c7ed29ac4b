"""Where this installation keeps originals and derivatives."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

from evidence.files import FileSystem, blocks, open_regular
from evidence.vault import SHA256, Vault


def vault() -> Vault:
    """The store of originals, with the limit for one file from the settings."""
    return Vault(settings.VAULT_DIR, limit=settings.MAX_EVIDENCE_BYTES)


def derivatives() -> "DerivativeStore":
    """The store of what can be made again from the originals."""
    return DerivativeStore(settings.DERIVATIVES_DIR)


def unfinished_uploads() -> Path:
    """Where files that arrive in pieces wait for their end; not evidence yet, so it may be emptied."""
    return Path(settings.UPLOADS_DIR)


def sweep_parts(before: float) -> int:
    """Remove what arrived of uploads that nobody went on with since `before` (seconds since 1970); how many there were.

    Whoever still goes on with one of them begins it anew: pieces are not evidence.
    """
    folder = unfinished_uploads()
    old = [path for path in folder.iterdir() if path.lstat().st_mtime < before] if folder.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


class DerivativeStore:
    """Renditions and thumbnails under their own hash; losing them costs only the work of making them again."""

    def __init__(self, root: Path, fs: FileSystem | None = None) -> None:
        self.root = Path(root)
        self.fs = fs or FileSystem()

    def put(self, path: Path) -> tuple[str, int]:
        """Keep a copy of a small file; returns its SHA-256 and size."""
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        folder = self.root / sha256[:2]
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        home = self.fs.open_directory(str(folder))
        try:
            name = str(uuid4())
            handle = self.fs.create(name, home, 0o440)
            try:
                self.fs.write(handle, content)
            finally:
                os.close(handle)
            self.fs.replace(name, home, sha256, home)
        finally:
            os.close(home)
        return sha256, len(content)

    def open(self, sha256: str) -> BinaryIO | None:
        """The derivative, or None when it is gone or is not what was made: then it has to be made again."""
        if not SHA256.fullmatch(sha256):
            raise ValueError("A derivative is named by 64 lower-case hexadecimal digits.")
        try:
            home = self.fs.open_directory(str(self.root / sha256[:2]))
            try:
                handle = open_regular(sha256, home)
            finally:
                os.close(home)
        except OSError:
            return None
        digest = hashlib.sha256()
        for block in blocks(handle):
            digest.update(block)
        if digest.hexdigest() != sha256:
            os.close(handle)
            return None
        os.lseek(handle, 0, os.SEEK_SET)
        return os.fdopen(handle, "rb")
