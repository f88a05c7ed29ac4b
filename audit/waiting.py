"""Wait until a signed checkpoint covers an event: critical actions take effect only then."""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from audit.exceptions import NotIncluded, OutsideTransaction

# Writers do not notify: NOTIFY takes one lock for the whole server at commit and would serialise them.
# Only those who wait wake the sequencer, which otherwise looks once a second.
WAKE_CHANNEL = "audit_wake"
DONE_CHANNEL = "audit_sealed"

_MISSING = """
    SELECT count(*) FROM unnest(%s::uuid[]) wanted(event_id)
    WHERE NOT EXISTS (
        SELECT FROM audit_event e JOIN audit_leaf l ON l.id = e.id
        WHERE e.event_id = wanted.event_id AND l.idx < (SELECT coalesce(max(size), 0) FROM audit_checkpoint)
    )"""


def wait_for_inclusion(event_ids: Sequence[UUID], timeout: float | None = None) -> None:
    """Return when a checkpoint covers all `event_ids`; raise NotIncluded after `timeout` seconds (default 3).

    Must run after the commit, on the default connection: an event cannot be covered before it is committed.
    """
    if connection.in_atomic_block:
        raise OutsideTransaction("wait for inclusion after the transaction, not inside it")
    seconds = getattr(settings, "AUDIT_WAIT_SECONDS", 3.0) if timeout is None else timeout
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {DONE_CHANNEL}")
        try:
            cursor.execute(f"NOTIFY {WAKE_CHANNEL}")
            while missing := _missing(cursor, event_ids):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise NotIncluded(
                        f"{missing} of {len(event_ids)} events are written but not yet under a signed checkpoint after "
                        f"{seconds:g} s: is the sequencer running?"
                    )
                # Looks again at least twice a second, in case a notification is lost with its connection.
                with connection.wrap_database_errors:
                    for _ in connection.connection.notifies(timeout=min(left, 0.5), stop_after=1):
                        pass
        finally:
            cursor.execute(f"UNLISTEN {DONE_CHANNEL}")


def waiting_since() -> datetime | None:
    """Return when the oldest event was written that has no place yet, whosever it is; None when none waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_waiting_since()")
        return cursor.fetchone()[0]


def covered(event_ids: Iterable[UUID]) -> set[UUID]:
    """Those of `event_ids` that a signed checkpoint covers already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.event_id FROM audit_event e JOIN audit_leaf l ON l.id = e.id WHERE e.event_id = ANY(%s)"
            " AND l.idx < (SELECT coalesce(max(size), 0) FROM audit_checkpoint)",
            [list(event_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def _missing(cursor, event_ids: Sequence[UUID]) -> int:
    cursor.execute(_MISSING, [list(event_ids)])
    return cursor.fetchone()[0]
