"""Reading a case archive, however hostile what lies there is: nothing is unpacked to disk before it was checked.

Every file must be one that `case.json` lists, in the size and with the hash that stand there; names lead nowhere, none
stands twice, and no member may unpack to more than it says.
"""

import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

from audit.offline import Refused, parse_vkey
from caseapp.archive import logs
from caseapp.archive.layout import CASE, FORMAT, LOG, SAFE_NAME, VKEY, ArchiveError, canonical, content_digest
from caseapp.archive.tables import Table, tables

MOST_FILES = 1_000_000
LONGEST_CASE = 256 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
# Text of rows compresses some tenfold; what claims to unpack to more than this is made to fill the disk.
MOST_RATIO = 200
_BLOCK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error)


class Archive:
    """An open archive whose list of files was checked; use `opened`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._members = self._listed()
        self.manifest = self._read_manifest()
        self.files: dict[str, dict] = self.manifest["files"]
        self._compare()

    def check(self) -> "Archive":
        """Read every byte (hashes, shapes of rows, the log); raise ArchiveError with the file that is wrong."""
        known = {f"tables/{table.name}.jsonl": table for table in tables()}
        for name in sorted(self.files):
            if name in known:
                for _ in self.rows(known[name]):
                    pass
            else:
                self._digest(name)
        self._check_logs()
        return self

    def rows(self, table: Table) -> Iterator[dict]:
        """The rows of a table, each with exactly its columns and of this case."""
        name, columns = f"tables/{table.name}.jsonl", set(table.columns)
        with closing(self.lines(name)) as lines:
            for number, line in enumerate(lines, start=1):
                row = _parsed(line, name, number)
                if not isinstance(row, dict) or set(row) != columns:
                    raise ArchiveError(f"line {number} does not have the columns of the table", name=name)
                of_case = row["id"] if table.name == "cases_case" else row.get("case_id", self.case_id)
                if of_case != self.case_id:
                    raise ArchiveError(f"line {number} belongs to another case", name=name)
                yield row

    @property
    def case_id(self) -> str:
        return self.manifest["case"]["id"]

    @property
    def originals(self) -> list[str]:
        return sorted(name.partition("/")[2] for name in self.files if name.startswith("originals/"))

    def vkeys(self, name: str = VKEY) -> list[str]:
        found = [line.decode("utf-8", "replace") for line in self.lines(name)]
        try:
            for vkey in found:
                parse_vkey(vkey)
        except Refused as error:
            raise ArchiveError(str(error), name=name) from error
        if not found:
            raise ArchiveError("holds no key", name=name)
        return found

    def logs(self) -> list[tuple[str, str]]:
        """The logs that came with the case as (file of entries, file of keys), the case's own one last."""
        older = sorted(name for name in self.files if name.startswith("audit/imported/") and name.endswith(".jsonl"))
        older.sort(key=lambda name: int(name.rpartition("/")[2].partition(".")[0]))
        return [*((name, name.replace(".jsonl", ".vkey")) for name in older), (LOG, VKEY)]

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, which is found to be whole when the last one was read."""
        with self.open(name) as source:
            while line := source.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise ArchiveError("has a line that is cut off or too long", name=name)
                yield line[:-1]

    @contextmanager
    def open(self, name: str) -> Iterator["_Checked"]:
        """A file to read to its end; raises ArchiveError when it is not what the list says."""
        try:
            with self._zip.open(self._members[name]) as source:
                checked = _Checked(source, name, self.files.get(name))
                yield checked
                checked.finish()
        except KeyError:
            raise ArchiveError("is missing", name=name) from None
        except _BROKEN as error:
            raise ArchiveError(f"is cut off or damaged: {error}", name=name) from error

    # --- checks

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        infos = self._zip.infolist()
        if len(infos) > MOST_FILES:
            raise ArchiveError("the archive holds more files than a case can have")
        for info in infos:
            _check_member(info)
            if info.orig_filename in members:
                raise ArchiveError("stands twice in the archive", name=info.orig_filename)
            members[info.orig_filename] = info
        return members

    def _read_manifest(self) -> dict:
        self.files = {}
        if CASE in self._members and self._members[CASE].file_size > LONGEST_CASE:
            raise ArchiveError("is longer than it can be", name=CASE)
        with self.open(CASE) as source:
            data = source.read(LONGEST_CASE)
        manifest = _parsed(data, CASE, 1)
        _check_manifest(manifest)
        if canonical(manifest) != data:
            raise ArchiveError("is not in the form in which archives are written", name=CASE)
        if manifest["content"] != content_digest(manifest):
            raise ArchiveError("its own digest does not fit: the list of files was changed", name=CASE)
        return manifest

    def _compare(self) -> None:
        """The zip file holds what the list says and nothing else, and each table that this release knows."""
        wanted = {*self.files, CASE}
        for name in sorted(wanted - set(self._members)):
            raise ArchiveError("is missing", name=name)
        for name in sorted(set(self._members) - wanted):
            raise ArchiveError("does not belong to the archive", name=name)
        known = {f"tables/{table.name}.jsonl" for table in tables()}
        for name in sorted(known ^ {name for name in self.files if name.startswith("tables/")}):
            raise ArchiveError("is of another release: its tables are not those of this one", name=name)
        for name in (LOG, VKEY):
            if name not in self.files:
                raise ArchiveError("is missing", name=name)
        for name, about in self.files.items():
            if self._members[name].file_size != about["size"]:
                raise ArchiveError(f"has {self._members[name].file_size} bytes, not {about['size']}", name=name)
            if name.startswith("originals/") and name != f"originals/{about['sha256']}":
                raise ArchiveError("is not what its name says", name=name)

    def _digest(self, name: str) -> None:
        with self.open(name) as source:
            while source.read(_BLOCK):
                pass

    def _check_logs(self) -> None:
        named: set[str] = set()
        for entries, keys in self.logs():
            with closing(self.lines(entries)) as lines:
                for fields in logs.check_log(lines, self.vkeys(keys), name=entries):
                    if fields["case"] != self.case_id:
                        raise ArchiveError("holds an entry of another case", name=entries)
                    named.update(fields["evidence"])
        by_name = {table.name: table for table in tables()}
        self._check_words(by_name["claims_claimversion"], "content", named)
        self._check_words(by_name["claims_publication"], "snapshot", None)

    def _check_words(self, table: Table, column: str, named: set[str] | None) -> None:
        """What was frozen is what its hash says and, where `named` is given, a hash that the log named."""
        name = f"tables/{table.name}.jsonl"
        with closing(self.rows(table)) as rows:
            for number, row in enumerate(rows, start=1):
                if row[column] is None:
                    continue
                found = _digest_of(row[column], name, number)
                if found != row[f"{column}_sha256"]:
                    raise ArchiveError(f"line {number} does not hold what its hash says", name=name)
                if named is not None and found not in named:
                    raise ArchiveError(f"line {number} holds words that the log never named", name=name)


class _Checked:
    """A member that is hashed while it is read and never gives more than it may."""

    def __init__(self, source, name: str, about: dict | None) -> None:
        self._source, self._name, self._about = source, name, about
        self._digest, self._size = hashlib.sha256(), 0

    def read(self, size: int = _BLOCK) -> bytes:
        return self._seen(self._source.read(size))

    def readline(self, size: int) -> bytes:
        return self._seen(self._source.readline(size))

    def finish(self) -> None:
        """Compare what was read with the list, if all of it was."""
        if self._about is None:
            return
        if (self._size, self._digest.hexdigest()) != (self._about["size"], self._about["sha256"]):
            raise ArchiveError(
                f"was changed: its SHA-256 is {self._digest.hexdigest()}, not {self._about['sha256']}", name=self._name
            )

    def _seen(self, block: bytes) -> bytes:
        self._size += len(block)
        if self._about is not None and self._size > self._about["size"]:
            raise ArchiveError("unpacks to more than it says", name=self._name)
        self._digest.update(block)
        return block


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive at `path` with its list of files checked; raises ArchiveError with the file that is wrong."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise ArchiveError(f"{path} is no archive, or cut off: {getattr(error, 'strerror', None) or error}") from error
    with archive:
        yield Archive(archive)


def _check_member(info: zipfile.ZipInfo) -> None:
    """Refuse names that lead anywhere, links, encrypted members, and those that would fill the disk."""
    name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
    if not SAFE_NAME.fullmatch(name) or info.filename != name or kind not in (0, stat.S_IFREG):
        raise ArchiveError("is not a name that a file of an archive can have", name=ascii(name)[1:-1])
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveError("is encrypted or packed in a way that archives never are", name=name)
    if info.file_size > MOST_RATIO * info.compress_size + _BLOCK:
        raise ArchiveError("claims to unpack to far more than text does", name=name)
    if name.startswith("originals/") and info.file_size > settings.MAX_EVIDENCE_BYTES:
        raise ArchiveError("is longer than an original may be here", name=name)


def _check_manifest(manifest: object) -> None:
    """The shape of `case.json`, before anything in it is used."""
    try:
        if manifest["format"] != FORMAT:
            raise ArchiveError(f"is of the format {str(manifest['format'])[:40]!r}, not {FORMAT}", name=CASE)
        texts = [*manifest["case"].values(), manifest["content"]]
        texts += [value for person in manifest["people"] for value in (person["id"], person["name"])]
        fits = all(isinstance(text, str) for text in texts) and set(manifest["case"]) == {"id", "ref", "title"}
        for name, about in manifest["files"].items():
            fits &= bool(SAFE_NAME.fullmatch(name)) and name != CASE
            fits &= type(about["size"]) is int and isinstance(about["sha256"], str) and len(about) == 2
    except (KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"lacks a part that every archive has: {error!r}", name=CASE) from error
    if not fits:
        raise ArchiveError("has a part of the wrong kind", name=CASE)


def _parsed(data: bytes, name: str, number: int) -> object:
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"line {number} is not JSON: {str(error)[:100]}", name=name) from error


def _digest_of(words: object, name: str, number: int) -> str:
    """SHA-256 of bytes as PostgreSQL writes them in JSON."""
    try:
        return hashlib.sha256(bytes.fromhex(words.removeprefix("\\x"))).hexdigest()
    except (AttributeError, ValueError) as error:
        raise ArchiveError(f"line {number} does not hold bytes", name=name) from error
