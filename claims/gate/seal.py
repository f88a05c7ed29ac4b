"""The gate's seal: proof to PostgreSQL that a run of the gate, or a review, was written by the application itself.

The application's role can insert any row, so a forged run of the gate would look like an honest one. A seal is an
HMAC-SHA256 (RFC 2104) under a key derived from SECRET_KEY, which that role cannot read: the database keeps the two key
blocks in a table of the schema's owner, and compares (docs/adr/0007-the-gate-seals-its-runs.md).
"""

import hmac

from django.conf import settings
from django.db import connection, connections
from django.utils.crypto import salted_hmac

_BLOCK = 64  # bytes in a block of SHA-256
_INNER, _OUTER = 0x36, 0x5C  # ipad and opad of RFC 2104
_STORE = """
    INSERT INTO claims_gatekey (inner_block, outer_block) VALUES (%s, %s)
    ON CONFLICT (is_only) DO UPDATE SET inner_block = EXCLUDED.inner_block, outer_block = EXCLUDED.outer_block"""


def seal(*parts: object) -> str:
    """The seal over `parts`, in lower-case hex; true and false are written as PostgreSQL writes them."""
    message = "\n".join(str(part).lower() if isinstance(part, bool) else str(part) for part in parts)
    return hmac.digest(_key(), message.encode(), "sha256").hex()


def install_key(alias: str = "owner") -> None:
    """Put the key where PostgreSQL compares seals; does nothing before the table exists. Run after each migration."""
    padded = _key().ljust(_BLOCK, b"\0")
    blocks = [bytes(byte ^ pad for byte in padded) for pad in (_INNER, _OUTER)]
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT to_regclass('claims_gatekey') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute(_STORE, blocks)


def is_key_installed() -> bool:
    """Whether the database knows the key of this process, so that what it seals is accepted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('claims_seal_fits(text, text[])') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT claims_seal_fits(%s, ARRAY['start'])", [seal("start")])
        return cursor.fetchone()[0]


def _key() -> bytes:
    return salted_hmac("claims.gate.seal", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()
