"""The store of originals: written once under the name of their own hash, read only after that hash was checked again.

Layout under the root (OCFL's rule: the database can be rebuilt from the files):

    .incoming/<uuid>        a file on its way in; leftovers after a crash are not evidence
    o/aa/bb/<sha256>        the original, read-only, byte for byte
    r/<sha256>.json         the receipt of its first arrival; later arrivals add r/<sha256>.<uuid>.json
    q/<sha256>.<uuid>       what stood under the name of an original and was not it, set aside when the bytes came again

There is no way to change or to delete an original here. An original whose row was never committed is an orphan, not
evidence: it is listed, and a sweep may take it away when nothing has spoken of it for long enough.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from evidence.exceptions import BlobChanged, BlobMissing, EmptyFile, Interrupted, TooLarge, VaultFull, VaultUnavailable
from evidence.files import BLOCK, FileSystem, blocks, open_regular, same_bytes

LIMIT = 2 * 1024**3
READ_ONLY = 0o440
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    """What the store computed of one arrival."""

    sha256: str
    sha512: str
    size: int
    # Name in q/ of what had taken the place of these bytes, where something had.
    set_aside: str = ""


@dataclass(frozen=True)
class Verdict:
    """The outcome of reading an original again: `state` is ok, changed, missing or unreadable; `found` its hash now."""

    sha256: str
    state: str
    size: int = 0
    detail: str = ""
    found: str = ""

    @property
    def ok(self) -> bool:
        """Whether the bytes are the preserved ones."""
        return self.state == "ok"


class Vault:
    """One store of originals in a folder."""

    def __init__(self, root: Path | str, *, limit: int = LIMIT, fs: FileSystem | None = None) -> None:
        self.root = Path(root).resolve()
        self.limit = limit
        self.fs = fs or FileSystem()

    # --- writing

    def put(self, stream: BinaryIO, *, receipt: Callable[[Stored], dict] | None = None) -> Stored:
        """Preserve the bytes of the stream and return their hashes; they are on the disk when this returns.

        The same bytes again are compared with what is there and leave it untouched; only something that is not them
        makes room for them, and is kept in q/. `receipt` makes the note that is stored beside the original. Raises
        TooLarge, EmptyFile, VaultFull; VaultUnavailable for any other fault of the disk. Nothing half done is ever
        left under o/ or r/.
        """
        with self._faults_named(), self._folder(".incoming") as incoming:
            name = str(uuid.uuid4())
            handle = self.fs.create(name, incoming, READ_ONLY)
            try:
                stored = self._copy(stream, handle)
                # Until its receipt is there, no sweep may take away an orphan that the same bytes have just met.
                fcntl.flock(incoming, fcntl.LOCK_SH)
                with self._folder("o", stored.sha256[:2], stored.sha256[2:4]) as home:
                    stored = replace(stored, set_aside=self._publish(name, incoming, stored.sha256, home))
            finally:
                os.close(handle)
                self.fs.remove(name, incoming)
            if receipt:
                self._put_receipt(stored, receipt(stored), incoming)
        return stored

    def _copy(self, stream: BinaryIO, handle: int) -> Stored:
        sha256, sha512, size = hashlib.sha256(), hashlib.sha512(), 0
        while block := _next(stream, min(BLOCK, self.limit - size + 1)):
            size += len(block)
            if size > self.limit:
                raise TooLarge(self.limit)
            self.fs.write(handle, block)
            sha256.update(block)
            sha512.update(block)
        if not size:
            raise EmptyFile
        self.fs.sync(handle)
        return Stored(sha256.hexdigest(), sha512.hexdigest(), size)

    def _publish(self, name: str, incoming: int, target: str, home: int) -> str:
        aside = ""
        if not self._is_linked(name, incoming, target, home):
            # Refusing would tell the sender that somebody had these bytes (A55). Alone: of two who bring them at once,
            # the second must find what the first put in place.
            fcntl.flock(incoming, fcntl.LOCK_EX)
            if not self._is_linked(name, incoming, target, home):
                aside = self._set_aside(target, home)
                self.fs.link(name, incoming, target, home)
        self.fs.sync(home)
        return aside

    def _is_linked(self, name: str, incoming: int, target: str, home: int) -> bool:
        """Whether the incoming bytes stand under their name now: linked just now, or because they did already."""
        with contextlib.suppress(FileExistsError):
            self.fs.link(name, incoming, target, home)
        # What is new is read back just as what was there already: the time it takes tells nobody which it was (A55).
        with contextlib.ExitStack() as stack:
            mine = open_regular(name, incoming)
            stack.callback(os.close, mine)
            try:
                theirs = open_regular(target, home)
            except OSError:
                return False
            stack.callback(os.close, theirs)
            return same_bytes(mine, theirs)

    def _set_aside(self, target: str, home: int) -> str:
        name = f"{target}.{uuid.uuid4()}"
        with self._folder("q") as aside:
            self.fs.replace(target, home, name, aside)
            self.fs.sync(aside)
        return name

    def _put_receipt(self, stored: Stored, note: dict, incoming: int) -> None:
        facts = {"sha256": stored.sha256, "sha512": stored.sha512, "size": stored.size}
        text = json.dumps(note | facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        name = str(uuid.uuid4())
        handle = self.fs.create(name, incoming, READ_ONLY)
        try:
            self.fs.write(handle, text.encode())
            self.fs.sync(handle)
            with self._folder("r") as home:
                try:
                    self.fs.link(name, incoming, f"{stored.sha256}.json", home)
                except FileExistsError:
                    self.fs.link(name, incoming, f"{stored.sha256}.{name}.json", home)
                self.fs.sync(home)
        finally:
            os.close(handle)
            self.fs.remove(name, incoming)

    # --- reading

    def open(self, sha256: str) -> BinaryIO:
        """The original, opened and checked against its hash through the same handle, then rewound.

        Raises BlobMissing or BlobChanged: bytes that are not the preserved ones never leave the store.
        """
        verdict, handle = self._read(sha256)
        if handle is None:
            raise BlobMissing(sha256) if verdict.state == "missing" else BlobChanged(sha256, verdict.detail)
        if not verdict.ok:
            os.close(handle)
            raise BlobChanged(sha256, verdict.detail)
        os.lseek(handle, 0, os.SEEK_SET)
        return os.fdopen(handle, "rb")

    def verify(self, sha256: str) -> Verdict:
        """Read the original again and say whether it is still what was preserved. Never raises for a damaged store."""
        verdict, handle = self._read(sha256)
        if handle is not None:
            os.close(handle)
        return verdict

    def _read(self, sha256: str) -> tuple[Verdict, int | None]:
        try:
            handle = self._open_original(sha256)
        except FileNotFoundError:
            return Verdict(sha256, "missing", detail="it is not in the store"), None
        except OSError as error:
            return Verdict(sha256, "unreadable", detail=f"it cannot be read ({error.strerror or error})"), None
        digest, size = hashlib.sha256(), 0
        try:
            for block in blocks(handle):
                digest.update(block)
                size += len(block)
        except OSError as error:
            return Verdict(sha256, "unreadable", size, f"it cannot be read ({error.strerror})"), handle
        if digest.hexdigest() != sha256:
            return Verdict(sha256, "changed", size, "its bytes no longer match its hash", digest.hexdigest()), handle
        return Verdict(sha256, "ok", size, found=sha256), handle

    def _open_original(self, sha256: str) -> int:
        if not SHA256.fullmatch(sha256):
            raise ValueError("An original is named by 64 lower-case hexadecimal digits.")
        with contextlib.ExitStack() as stack:
            within = None
            for name in (str(self.root), "o", sha256[:2], sha256[2:4]):
                within = self.fs.open_directory(name, within)
                stack.callback(os.close, within)
            return open_regular(sha256, within)

    def measure(self, sha256: str) -> Stored:
        """Both hashes and the size of a checked original, for rows that are made again from the store."""
        with self.open(sha256) as stream:
            sha512 = hashlib.file_digest(stream, "sha512").hexdigest()
            return Stored(sha256, sha512, os.fstat(stream.fileno()).st_size)

    def head(self, sha256: str, size: int) -> bytes:
        """The first bytes of an original that was just put, to tell its kind; for everything else use open()."""
        handle = self._open_original(sha256)
        try:
            return os.read(handle, size)
        finally:
            os.close(handle)

    def receipts(self, sha256: str) -> list[dict]:
        """The notes kept beside an original, the first arrival first."""
        first = self.root / "r" / f"{sha256}.json"
        later = sorted((self.root / "r").glob(f"{sha256}.*.json"))
        return [json.loads(path.read_bytes()) for path in [first, *later] if path.is_file()]

    # --- what is there

    def originals(self) -> Iterator[str]:
        """The hashes under which something is stored, in order; whether it still matches is for verify()."""
        for path in sorted((self.root / "o").glob("??/??/*")):
            if SHA256.fullmatch(path.name):
                yield path.name

    def orphans(self, known: Callable[[list[str]], Iterable[str]], batch: int = 500) -> Iterator[str]:
        """The originals that no row speaks of; `known` gives back those hashes of a batch that are in the database."""
        waiting: list[str] = []
        for sha256 in self.originals():
            waiting.append(sha256)
            if len(waiting) == batch:
                yield from _missing_from(waiting, known)
                waiting = []
        yield from _missing_from(waiting, known)

    def leftovers(self) -> list[str]:
        """Names of files that were on their way in when the process died, or still are."""
        folder = self.root / ".incoming"
        return sorted(entry.name for entry in os.scandir(folder)) if folder.is_dir() else []

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is taken away while this is held; what arrives still comes in."""
        with self._folder(".incoming") as incoming:
            fcntl.flock(incoming, fcntl.LOCK_SH)
            yield

    # --- what never became evidence

    def sweep_orphan(self, sha256: str, before: float, known: Callable[[list[str]], Iterable[str]]) -> bool:
        """Take away an original and its receipts that no row speaks of and nothing has touched since `before`.

        `before` is in seconds since 1970, `known` as in orphans(). Says whether it went. An arrival of the same bytes
        either finds it gone, or has left a receipt that makes it young again.
        """
        with self._folder(".incoming") as incoming:
            fcntl.flock(incoming, fcntl.LOCK_EX)
            original = self.root / "o" / sha256[:2] / sha256[2:4] / sha256
            notes = list((self.root / "r").glob(f"{sha256}.*"))
            there = [path for path in (original, *notes) if path.exists() or path.is_symlink()]
            if sha256 in known([sha256]) or any(path.lstat().st_ctime >= before for path in there):
                return False
            for path in reversed(there):
                path.unlink()
            return bool(there)

    def sweep_incoming(self, before: float) -> int:
        """Take away files that were on their way in and have not grown since `before`; how many there were."""
        folder = self.root / ".incoming"
        old = [name for name in self.leftovers() if (folder / name).lstat().st_mtime < before]
        for name in old:
            (folder / name).unlink(missing_ok=True)
        return len(old)

    # --- folders

    @contextlib.contextmanager
    def _folder(self, *names: str) -> Iterator[int]:
        """Open a folder of the store, made and brought to the disk level by level where it is new."""
        self.root.mkdir(mode=0o750, parents=True, exist_ok=True)
        with contextlib.ExitStack() as stack:
            within = self.fs.open_directory(str(self.root))
            stack.callback(os.close, within)
            for name in names:
                self.fs.make_directory(name, within)
                self.fs.sync(within)
                within = self.fs.open_directory(name, within)
                stack.callback(os.close, within)
            yield within

    @contextlib.contextmanager
    def _faults_named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise VaultFull from error
            raise VaultUnavailable(error.strerror or str(error)) from error


def _next(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:
        raise Interrupted from error


def _missing_from(hashes: list[str], known: Callable[[list[str]], Iterable[str]]) -> list[str]:
    there = set(known(hashes)) if hashes else set()
    return [sha256 for sha256 in hashes if sha256 not in there]
