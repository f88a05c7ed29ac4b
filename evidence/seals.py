"""Seals: proof to PostgreSQL that a row was written by the application itself.

The application's role can insert any row, so a forged reading, grade, review or run of the gate would look like an
honest one. A seal is an HMAC-SHA256 (RFC 2104) under a key derived from SECRET_KEY, which that role cannot read: the
database keeps the two key blocks in a table of the schema's owner, and compares (docs/adr/0007-seals.md).
"""

import hmac
import json
from typing import TypeVar

from django.conf import settings
from django.db import connection, connections, migrations
from django.db.models import Model
from django.utils.crypto import salted_hmac

_BLOCK = 64  # bytes in a block of SHA-256
_INNER, _OUTER = 0x36, 0x5C  # ipad and opad of RFC 2104
_STORE = """
    INSERT INTO evidence_sealkey (inner_block, outer_block) VALUES (%s, %s)
    ON CONFLICT (is_only) DO UPDATE SET inner_block = EXCLUDED.inner_block, outer_block = EXCLUDED.outer_block"""

Row = TypeVar("Row", bound=Model)


def seal_row(row: Row) -> Row:
    """Set the seal of a new `row`, over its table and the columns that its model names in SEALED; returns the row."""
    row.seal = seal(row._meta.db_table, *(getattr(row, column) for column in row.SEALED))
    return row


def seal(*parts: object) -> str:
    """The seal over `parts`, in lower-case hex; each part is written as PostgreSQL writes it in JSON."""
    return hmac.digest(_key(), "\n".join(map(_text, parts)).encode(), "sha256").hex()


def _text(part: object) -> str:
    if part is None:
        return ""
    return json.dumps(part) if isinstance(part, bool | list) else str(part)


def sealed_rows(table: str, *columns: str, trigger: str) -> migrations.RunSQL:
    """Make PostgreSQL refuse new rows of `table` without their seal over `columns`, the SEALED of its model.

    A migration that uses it depends on ("evidence", "0004_seals"), where the function is made.
    """
    texts = ", ".join(f"'{column}'" for column in columns)
    return migrations.RunSQL(
        f"""CREATE TRIGGER {trigger} BEFORE INSERT ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION evidence_check_seal({texts})""",
        f'DROP TRIGGER {trigger} ON "{table}"',
    )


def install_key(alias: str = "owner") -> None:
    """Put the key where PostgreSQL compares seals; does nothing before the table exists. Run after each migration."""
    padded = _key().ljust(_BLOCK, b"\0")
    blocks = [bytes(byte ^ pad for byte in padded) for pad in (_INNER, _OUTER)]
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT to_regclass('evidence_sealkey') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute(_STORE, blocks)


def is_key_installed() -> bool:
    """Whether the database knows the key of this process, so that what it seals is accepted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('evidence_seal_fits(text, text[])') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT evidence_seal_fits(%s, ARRAY['start'])", [seal("start")])
        return cursor.fetchone()[0]


def _key() -> bytes:
    return salted_hmac("evidence.seal", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()
