"""What must be true before the application serves (goal G18): rights, triggers, durability, key, last checkpoint."""

import contextlib
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from audit import keys, outside
from audit.exceptions import BadKey
from audit.notes import open_checkpoint
from audit.offline import Refused

TRIGGERS = {
    ("audit_event", "audit_enqueue"),
    ("audit_event", "audit_append_only"),
    ("audit_payload", "audit_append_only"),
    ("audit_leaf", "audit_append_only"),
    ("audit_checkpoint", "audit_append_only"),
    ("audit_timestamp", "audit_append_only"),
}
TABLES = ("audit_event", "audit_payload", "audit_pending", "audit_leaf", "audit_checkpoint")
# Into this one the application may insert: each row proves itself by the authority's signature.
STAMPS = "audit_timestamp"
FORBIDDEN = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")
DURABILITY = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply", "remote_write", "local"),
    "data_checksums": ("on",),
    "session_replication_role": ("origin",),
}

# What cannot be mended in postgresql.conf.
HOW_TO = {"data_checksums": ": stop the server and run `pg_checksums --enable` on its data folder"}


def find_misses(guarded: Sequence[str] = ()) -> list[str]:
    """Return, one sentence each, what keeps the log from being trusted; an empty list when all is well.

    Runs as the application's own role. `guarded` names the tables of other packages that must have their row guard.
    """
    with connection.cursor() as cursor:
        return [
            *_rights(cursor),
            *_triggers(cursor, guarded),
            *_durability(cursor),
            *_key_file(keys.folder() / keys.KEY_FILE),
            *_checkpoint(cursor),
        ]


def _rights(cursor) -> Iterator[str]:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)")
    if cursor.fetchone():
        yield "the application connects as a superuser: set WEB_DATABASE_URL to a role that owns nothing"
        return
    for role in (settings.DB_ROLES["owner"], settings.DB_ROLES["audit_owner"]):
        cursor.execute("SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() != (False,):
            yield f"the application's role is, or may become, {role}"
    cursor.execute(
        """SELECT t.name, p.name FROM unnest(%s::text[]) t(name), unnest(%s::text[]) p(name)
           WHERE has_table_privilege(t.name, p.name)""",
        [[*TABLES, STAMPS], list(FORBIDDEN)],
    )
    for table, privilege in cursor.fetchall():
        yield f"the application's role has {privilege} on {table}"
    cursor.execute(
        """SELECT name FROM unnest(%s::text[]) t(name)
           WHERE has_any_column_privilege(name, 'INSERT') AND name <> %s OR has_any_column_privilege(name, 'UPDATE')""",
        [[*TABLES, STAMPS], STAMPS],
    )
    for (table,) in cursor.fetchall():
        yield f"the application's role may write columns of {table}"
    cursor.execute("SELECT attidentity FROM pg_attribute WHERE attrelid = 'audit_event'::regclass AND attname = 'id'")
    if cursor.fetchone() != ("a",):
        yield "the number of an event could be chosen by whoever writes it"


def _triggers(cursor, guarded: Sequence[str]) -> Iterator[str]:
    cursor.execute(
        """SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
           JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_roles r ON r.oid = p.proowner
           WHERE t.tgname LIKE 'audit%%' AND t.tgenabled IN ('O', 'A') AND r.rolname = %s
           AND c.relnamespace = current_schema()::regnamespace""",
        [settings.DB_ROLES["audit_owner"]],
    )
    present = set(cursor.fetchall())
    wanted = TRIGGERS | {(table, "audit_guard") for table in guarded}
    for table, trigger in sorted(wanted - present):
        yield f"the trigger {trigger} of {table} is missing or switched off"


def _durability(cursor) -> Iterator[str]:
    for name, allowed in DURABILITY.items():
        cursor.execute("SELECT current_setting(%s)", [name])
        value = cursor.fetchone()[0]
        if value not in allowed:
            yield f"PostgreSQL runs with {name} = {value}; it must be {allowed[0]}{HOW_TO.get(name, '')}"


def _key_file(path: Path) -> Iterator[str]:
    """The key may be out of reach, with the sequencer on another host; within reach, nobody else may read it."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        if stat.S_IMODE(path.stat().st_mode) & 0o377:
            yield f"{path} must be readable by its owner alone (chmod 0400)"


def _checkpoint(cursor) -> Iterator[str]:
    # The file first: it is written after the commit, so that it is never ahead of a healthy database.
    kept = outside.last_checkpoint()
    cursor.execute(
        """SELECT (SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1),
                  (SELECT coalesce(max(idx) + 1, 0) FROM audit_leaf)"""
    )
    note, count = cursor.fetchone()
    if note is None and kept is None and not count:
        return
    try:
        vkeys = keys.trusted_vkeys()
        size, root = open_checkpoint(note, vkeys) if note else (0, b"")
        kept_size, kept_root = open_checkpoint(kept, vkeys) if kept else (0, b"")
    except (BadKey, Refused) as error:
        yield f"the last checkpoint cannot be trusted: {error}"
        return
    if size != count:
        yield "the last checkpoint does not cover the log: run verify_audit"
    if kept_size > size or (kept_size == size and kept_root != root):
        yield f"the log is older than, or differs from, {outside.log_path()}: run verify_audit"
