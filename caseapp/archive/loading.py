"""Putting a case from an archive into an installation that has none: ids, versions and dates stay what they were.

The walls of the database let a claim be published only step by step, with seals of this installation. A case that comes
whole has gone through them elsewhere: for the length of one transaction the tables' own triggers rest, rows get the
seals of this installation, and what the walls would see is checked before (`reading.Archive.check`). Foreign keys,
constraints and the triggers that note what is to be searched hold as ever.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from django.db import Error, connections, transaction
from django.utils import timezone

from audit import log
from caseapp.archive.layout import ArchiveError
from caseapp.archive.reading import Archive, opened
from caseapp.archive.tables import Table, tables
from cases.history import actor_string
from cases.models import Case, ImportedLog, User
from evidence import stores
from evidence.seals import seal

ALIAS = "owner"
_BATCH = 1_000


def import_case(*, path: Path) -> dict:
    """Import the archive at `path` and return its manifest; whole or not at all. For the operator at the command line.

    Check the archive first (`Archive.check`); hashes are compared again while rows and originals are written. People
    whom the rows name become accounts that nobody can sign in to, until an administrator says who they are. Raises
    ArchiveError, with the file that is wrong.
    """
    with opened(path) as archive:
        if Case.objects.exists():
            raise ArchiveError("this installation has cases already: a case is imported into an empty one")
        for sha256 in archive.originals:
            _store(archive, sha256)
        try:
            with transaction.atomic(using=ALIAS):
                _load(archive)
        except Error as error:
            raise ArchiveError(f"the database refuses the case: {str(error).splitlines()[0]}") from error
        return archive.manifest


def _store(archive: Archive, sha256: str) -> None:
    with archive.open(f"originals/{sha256}") as original:
        stores.vault().put(original)


def _load(archive: Archive) -> None:
    known = tables()
    # First, for the guards of rows look for the event of their transaction.
    log.record(
        actor=actor_string(None),
        action="case_imported",
        obj=f"case:{archive.case_id}",
        case_id=UUID(archive.case_id),
        after={"files": len(archive.files), "keys": archive.vkeys()},
        evidence=[archive.manifest["content"]],
        using=ALIAS,
    )
    _add_people(archive.manifest["people"])
    with _resting([table.name for table in known]):
        for table in known:
            with closing(archive.rows(table)) as rows:
                _add_rows(table, rows)
        with connections[ALIAS].cursor() as cursor:
            # Foreign keys are looked at now: nothing may wait when the triggers come back.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _keep_logs(archive)


def _add_people(people: list[dict]) -> None:
    """Accounts without a password, switched off, for people who are not here; whoever is here stays as they are."""
    wanted = [person["id"] for person in people]
    here = {str(pk) for pk in User.objects.using(ALIAS).filter(pk__in=wanted).values_list("pk", flat=True)}
    for person in people:
        if person["id"] not in here:
            made = User(pk=person["id"], username=f"imported-{person['id']}", is_active=False)
            made.display_name = person["name"][:150]
            made.set_unusable_password()
            made.save(using=ALIAS, force_insert=True)


@contextmanager
def _resting(names: list[str]) -> Iterator[None]:
    """Let the triggers of these tables rest, those that note what is to be searched excepted."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
               WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace = current_schema()::regnamespace
               AND c.relname = ANY (%s) AND t.tgname NOT LIKE 'search\\_%%' ORDER BY 1, 2""",
            [names],
        )
        found = cursor.fetchall()
        for table, trigger in found:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
        yield
        for table, trigger in found:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER "{trigger}"')


def _add_rows(table: Table, rows: Iterable[dict]) -> None:
    sealed = getattr(table.model, "SEALED", ())
    columns = [*table.columns, *(["seal"] if sealed else [])]
    names = ", ".join(f'"{name}"' for name in columns)
    query = (
        f'INSERT INTO "{table.name}" ({names}) OVERRIDING SYSTEM VALUE '  # noqa: S608
        f'SELECT {names} FROM jsonb_populate_recordset(NULL::"{table.name}", %s::jsonb)'
    )
    with connections[ALIAS].cursor() as cursor:
        for batch in _batches(rows):
            for row in batch if sealed else ():
                row["seal"] = seal(table.name, *(row[name] for name in sealed))
            cursor.execute(query, [json.dumps(batch)])
        _advance(cursor, table)


def _batches(rows: Iterable[dict]) -> Iterator[list[dict]]:
    batch: list[dict] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _advance(cursor, table: Table) -> None:
    """Let numbers that the database gives go on after those that came."""
    for name in table.keys:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', name])
        if sequence := cursor.fetchone()[0]:
            cursor.execute(f'SELECT setval(%s, greatest((SELECT max("{name}") FROM "{table.name}"), 1))', [sequence])  # noqa: S608


def _keep_logs(archive: Archive) -> None:
    """Keep the logs that came, each as it came: they go on proving what was done in the other house."""
    for entries, keys in archive.logs():
        lines = b"".join(line + b"\n" for line in archive.lines(entries))
        ImportedLog.objects.using(ALIAS).create(
            case_id=archive.case_id,
            vkeys="".join(f"{vkey}\n" for vkey in archive.vkeys(keys)),
            lines=lines,
            sha256=hashlib.sha256(lines).hexdigest(),
            imported_at=timezone.now(),
        )
