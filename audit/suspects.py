"""Let the database look through the whole log and name the places that Python must look at (see verification.py).

It builds each entry anew, byte by byte as `audit_append` does: from its index columns, its payload, the entry before it
about the same object, and the five values that only the entry holds. What is equal, and has the hash that was sealed,
is canonical and agrees with all of these. The rest is only suspected: Python decides, and says what is wrong.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import DataError, connection, transaction

from audit.offline import KEY_CHANGED

# Objects are dealt out to this many connections, each a process of the server with a core of its own.
PARTS = 2
# What tells Python something even where all is well.
TELLING = ("row_changed", "payload_sealed", KEY_CHANGED)

# The number that an entry must have among those about its object, and the leaf of the one before it.
_CHAINED = """
    SELECT leaf.idx, leaf.leaf, event.entry, event.event_id, event.actor, event.action, event.case_id, event.object,
        event.object_seq, event.request_id, event.recorded_at, payload.hash,
        row_number() OVER chain AS number, lag(leaf.leaf) OVER chain AS head
    FROM audit_leaf leaf
    LEFT JOIN audit_event event ON event.id = leaf.id
    LEFT JOIN (SELECT event_id, sha256(salt || body) AS hash FROM audit_payload OFFSET 0) payload
        ON payload.event_id = event.event_id
    WHERE coalesce(hashtext(event.object), 0) & 1 = {part}
    WINDOW chain AS (PARTITION BY event.object ORDER BY leaf.idx)"""
# In jsonb a list of texts has a blank after each comma; inside a text no quotation mark stands without a backslash.
# Where a value is missing, concat puts nothing, which is no JSON and so equals no entry.
_REBUILT = """concat(
    '{"action":', to_json(action), ',"actor":', to_json(actor),
    ',"actor_auth":{"mfa":', said -> 'actor_auth' -> 'mfa', ',"session":', said -> 'actor_auth' -> 'session',
    '},"case":', coalesce('"' || case_id || '"', 'null'), ',"event_id":"', event_id,
    '","evidence":', replace((said -> 'evidence')::text, '", "', '","'), ',"ip_hash":', said -> 'ip_hash',
    ',"object":', to_json(object), ',"object_prev":', coalesce('"' || encode(head, 'hex') || '"', 'null'),
    ',"object_seq":', object_seq, ',"on_behalf_of":', said -> 'on_behalf_of',
    ',"payload_sha256":', coalesce('"' || encode(hash, 'hex') || '"', 'null'), ',"reason":', said -> 'reason',
    ',"recorded_at":"', to_char(recorded_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    '","request_id":', to_json(request_id), ',"v":1}')"""
_SUSPECTS = f"""
    SELECT idx, number, encode(head, 'hex') FROM (
        SELECT *, convert_from(entry, 'UTF8')::jsonb AS said FROM ({_CHAINED}) chained OFFSET 0
    ) parsed
    WHERE NOT coalesce(
        number = object_seq AND leaf = sha256('\\x00'::bytea || entry)
        AND convert_to({_REBUILT}, 'UTF8') = entry AND action <> ALL (%s), false)"""  # noqa: S608
# An entry that is not even JSON stops the comparison.
_ALL = f"SELECT idx, number, encode(head, 'hex') FROM ({_CHAINED}) chained"  # noqa: S608

Places = dict[int, tuple[int, str | None]]


@contextmanager
def looking(cursor) -> Iterator[list[Future[Places]]]:
    """Look through the log beside the block, in the snapshot of `cursor`'s transaction.

    The results, one per part, map each place to look at to the number that its entry must have about its object and the
    leaf hash of the entry before, in hex; None for the first.
    """
    cursor.execute("SELECT pg_export_snapshot()")
    snapshot = cursor.fetchone()[0]
    with ThreadPoolExecutor(PARTS) as pool:
        yield [pool.submit(_look, part, snapshot) for part in range(PARTS)]


def _look(part: int, snapshot: str) -> Places:
    try:
        try:
            return _ask(snapshot, _SUSPECTS, part, [list(TELLING)])
        except DataError:
            return _ask(snapshot, _ALL, part, None)
    finally:
        connection.close()


def _ask(snapshot: str, query: str, part: int, values: list | None) -> Places:
    with transaction.atomic(), connection.cursor() as cursor:
        begin_reading(cursor)
        cursor.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        cursor.execute("SET LOCAL timezone = 'UTC'")
        # Sorted by object once, in memory where it fits.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(query.replace("{part}", str(part)), values)
        return {idx: (number, head) for idx, number, head in cursor.fetchall()}


def begin_reading(cursor) -> None:
    """Begin a transaction that sees one state of the log, without the limits of a page."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
