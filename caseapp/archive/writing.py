"""Writing a case to an archive, table by table and original by original, without holding any of them in memory."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction

from audit.models import Event
from audit.waiting import wait_for_inclusion
from caseapp.archive import logs
from caseapp.archive.layout import CASE, FORMAT, LOG, VKEY, ArchiveError, canonical, content_digest
from caseapp.archive.tables import Table, tables
from cases.history import record
from cases.models import Case, ImportedLog, User
from cases.permissions import Permission, check
from evidence import stores
from evidence.models import Blob

_EPOCH = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1 << 20
_BATCH = 2_000


def export_case(*, actor: User, case: Case, path: Path) -> dict:
    """Write the whole case to a new file at `path` and return its manifest; whole or not at all.

    Call it outside a transaction, with a sequencer at work: the entries of the case, the one about this export last,
    go along with their proofs. Asks for EXPORT and for the right to read sensitive evidence, since all of it leaves.
    """
    check(actor, case, Permission.EXPORT)
    check(actor, case, Permission.EVIDENCE_READ_SENSITIVE)
    draft = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with draft.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            manifest = _fill(_Writer(archive), actor, case)
        # Never over a file that is there, whatever came meanwhile.
        os.link(draft, path)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _fill(writer: "_Writer", actor: User, case: Case) -> dict:
    people = _add_content(writer, case)
    manifest = {
        "format": FORMAT,
        "case": {"id": str(case.pk), "ref": case.ref, "title": case.title},
        "people": people,
        "files": writer.files,
    }
    digest = content_digest(manifest)
    with transaction.atomic():
        record(actor, "case_archived", case, after={"files": len(writer.files)}, evidence=[digest])
    _add_logs(writer, case)
    manifest |= {"content": digest}
    with writer.member(CASE) as target:
        target.write(canonical(manifest))
    return manifest


@transaction.atomic
def _add_content(writer: "_Writer", case: Case) -> list[dict]:
    """Tables and originals as they are at one moment; returns the people whom the rows name."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
    named: set[str] = set()
    for table in tables():
        writer.add(f"tables/{table.name}.jsonl", _lines(table, case, named))
    for blob in Blob.objects.filter(items__case=case).distinct().order_by("sha256").iterator():
        with stores.vault().open(blob.sha256) as original:
            writer.copy(f"originals/{blob.sha256}", original, zipfile.ZIP_STORED)
    people = User.objects.filter(pk__in=named).order_by("pk")
    return [{"id": str(person.pk), "name": str(person)} for person in people]


def _lines(table: Table, case: Case, named: set[str]) -> Iterator[bytes]:
    """The rows of a table as PostgreSQL writes them in JSON; the ids of the people they name are added to `named`."""
    order = ", ".join(f't."{name}"' for name in table.keys)
    query = f'SELECT {_object(table)} FROM "{table.name}" t WHERE {table.where} ORDER BY {order}'  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, {"case": case.pk})
        while rows := cursor.fetchmany(_BATCH):
            for (row,) in rows:
                found = json.loads(row) if isinstance(row, str) else row
                found |= dict.fromkeys(table.cut_columns)
                named.update(found[name] for name in table.user_columns if found[name])
                yield canonical(found)


def _object(table: Table) -> str:
    """A row as JSON with the columns of the archive."""
    names = "{" + ",".join(table.columns) + "}"
    return f"(SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) WHERE key = ANY ('{names}'))"  # noqa: S608


def _add_logs(writer: "_Writer", case: Case) -> None:
    wait_for_inclusion(list(Event.objects.filter(case_id=case.pk).values_list("event_id", flat=True)))
    writer.add(LOG, logs.lines_of(case.pk))
    writer.add(VKEY, [line.encode() for line in logs.vkeys_text().splitlines()])
    for number, kept in enumerate(ImportedLog.objects.filter(case=case).order_by("imported_at", "id"), start=1):
        writer.add(f"audit/imported/{number}.jsonl", bytes(kept.lines).splitlines())
        writer.add(f"audit/imported/{number}.vkey", kept.vkeys.encode().splitlines())


class _Writer:
    """An archive that is being filled; `files` holds the size and SHA-256 of what is in it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.files: dict[str, dict] = {}

    @contextmanager
    def member(self, name: str, how: int = zipfile.ZIP_DEFLATED) -> Iterator[BinaryIO]:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type, info.external_attr, info.create_system = how, 0o100644 << 16, 3
        with self.archive.open(info, "w", force_zip64=True) as target:
            yield target

    def add(self, name: str, lines: Iterable[bytes]) -> None:
        self._write(name, (line + b"\n" for line in lines), zipfile.ZIP_DEFLATED)

    def copy(self, name: str, source: BinaryIO, how: int) -> None:
        self._write(name, iter(lambda: source.read(_BLOCK), b""), how)

    def _write(self, name: str, blocks: Iterable[bytes], how: int) -> None:
        digest, size = hashlib.sha256(), 0
        with self.member(name, how) as target:
            for block in blocks:
                target.write(block)
                digest.update(block)
                size += len(block)
        self.files[name] = {"sha256": digest.hexdigest(), "size": size}
