"""Which files of an index are ours: pickles are inside, so that an unknown one is code that somebody else wrote.

A manifest names each file with its size and SHA-256, and carries an HMAC under a key derived from SECRET_KEY. It is the
point of commit as well: what a killed writer left beside it is not there. Before a file is opened it must be in the
manifest, be a plain file of our own user in a folder that is closed to others, and have these bytes; each is read
once per process for that, because files of an index never change.
"""

import hashlib
import hmac
import json
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.crypto import salted_hmac
from whoosh.filedb.filestore import FileStorage

from audit.folders import sync_folder

MANIFEST = "manifest.json"
CLOSED = 0o700
_OPEN_TO_OTHERS = 0o077


class Unsealed(Exception):
    """The index, or a file of it, is not as we left it."""


@dataclass(frozen=True)
class Manifest:
    """`schema` is the version of everything that an index is made by, `mark` the last change that it has."""

    schema: str
    mark: int
    files: dict[str, list[Any]]  # name -> [size, SHA-256]

    def sealed(self) -> bytes:
        body = {"schema": self.schema, "mark": self.mark, "files": self.files}
        return json.dumps(body | {"seal": _seal(body)}, sort_keys=True).encode()


def read_manifest(folder: Path) -> Manifest:
    """Raises Unsealed for a folder or manifest that is not ours, FileNotFoundError where there is none."""
    check_folder(folder)
    try:
        body = json.loads((folder / MANIFEST).read_bytes())
        seal = body.pop("seal")
        if not hmac.compare_digest(seal, _seal(body)):
            raise Unsealed("the manifest of the index does not carry our seal")
        return Manifest(**body)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unsealed("the manifest of the index cannot be read") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest by one step of the file system, after all it names is on the disk."""
    draft = folder / f"{MANIFEST}.new"
    with open(draft, "wb") as stream:
        stream.write(manifest.sealed())
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(draft, folder / MANIFEST)
    sync_folder(folder)


def check_folder(folder: Path) -> None:
    """Our own, no link, and closed to others."""
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OPEN_TO_OTHERS:
        raise Unsealed("the folder of the index is not ours alone")


def check_file(folder: Path, name: str, size: int, sha256: str) -> None:
    """Raises Unsealed unless the file has these bytes and is a plain file of our own."""
    path = folder / name
    found = os.lstat(path)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_size != size:
        raise Unsealed(f"{name} of the index is not the file that we wrote")
    if _digest(path, found.st_ino, found.st_mtime_ns, found.st_size) != sha256:
        raise Unsealed(f"{name} of the index was changed")


def describe(path: Path) -> list[Any]:
    """Size and SHA-256 of a file that was just written, once it is on the disk."""
    with open(path, "rb") as stream:
        os.fsync(stream.fileno())
    found = os.lstat(path)
    return [found.st_size, _digest(path, found.st_ino, found.st_mtime_ns, found.st_size)]


@lru_cache(maxsize=4096)
def _digest(path: Path, inode: int, changed_ns: int, size: int) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _seal(body: dict[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True)
    return salted_hmac("search.index", text, algorithm="sha256").hexdigest()


class SealedStorage(FileStorage):
    """What Whoosh sees of the folder: the files of a manifest, and those that it made itself since.

    Raises Unsealed, or FileNotFoundError while a writer takes old files away.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        super().__init__(str(folder))
        self.at = folder
        self.manifest = manifest
        self.made: set[str] = set()
        # All before the first is opened: Whoosh would leave others open behind it.
        for name, known in manifest.files.items():
            check_file(folder, name, *known)

    def list(self) -> list[str]:
        return [*self.manifest.files, *self.made]

    def open_file(self, name: str, **kwargs: Any):
        if not self.file_exists(name):
            raise Unsealed(f"{name} does not belong to the index")
        return super().open_file(name, **kwargs)

    def file_exists(self, name: str) -> bool:
        return name in self.list()

    def create_file(self, name: str, **kwargs: Any):
        self.made.add(name)
        return super().create_file(name, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        super().rename_file(oldname, newname, safe=safe)
        self.made.discard(oldname)
        self.made.add(newname)
