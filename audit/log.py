"""The one way to write an event: `record`, inside the transaction of the change that it tells of."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from audit.canonical import canonical
from audit.context import current
from audit.exceptions import EntryTooLarge, OutsideTransaction
from audit.ids import uuid7
from audit.models import Event
from audit.waiting import wait_for_inclusion

VERSION = 1
MAX_ENTRY = 65_536
ROW_CHANGED = "row_changed"
MAX_ACTOR = 200

_ACTION = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_OBJECT = re.compile(r"[a-z][a-z0-9_]{0,62}:[A-Za-z0-9._-]{1,128}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

# The lock stands in a statement of its own: a head read in the same statement would use the snapshot taken before
# the lock was granted, and 12 % of the chains forked when measured.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('audit:' || %s, 0))"
_HEAD = r"""
    SELECT clock_timestamp(), coalesce(head.object_seq, 0), encode(sha256('\x00'::bytea || head.entry), 'hex')
    FROM (VALUES (1)) one
    LEFT JOIN LATERAL (
        SELECT object_seq, entry FROM audit_event WHERE object = %s ORDER BY object_seq DESC LIMIT 1
    ) head ON true"""
_COLUMNS = ("event_id", "entry", "recorded_at", "actor", "action", "case_id", "object", "object_seq", "request_id")
_INSERT = f"""
    INSERT INTO audit_event ({", ".join(_COLUMNS)})
    VALUES ({", ".join(["%s"] * len(_COLUMNS))}) RETURNING id"""  # noqa: S608
_INSERT_PAYLOAD = "INSERT INTO audit_payload (event_id, salt, body) VALUES (%s, %s, %s)"


def record(
    *,
    actor: str,
    action: str,
    obj: str,
    case_id: UUID | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    evidence: Sequence[str] = (),
    wait: bool = False,
    using: str = DEFAULT_DB_ALIAS,
) -> Event:
    """Append one event about `obj` ("claim:<uuid>") and return it; its time, number and chain come from the database.

    `before` and `after` go to the salted payload and may be large; the entry itself stays under 64 KiB.
    `evidence` lists SHA-256 hex digests. With `wait`, the call that commits returns only when a signed checkpoint
    covers the event, and raises NotIncluded when that takes longer than three seconds. `using` names the connection of
    the change, where it is not the default one.
    """
    _check_arguments(actor, action, obj, evidence)
    connection = connections[using]
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{action} of {obj}: record() must run in the transaction of the change")
    salt, body, payload_sha256 = _payload(before, after)
    event = Event(
        event_id=uuid7(), actor=actor, action=action, case_id=case_id, object=obj, request_id=current().request_id
    )
    with connection.cursor() as cursor:
        object_prev = _take_turn(cursor, event)
        event.entry = _entry(event, object_prev, reason, payload_sha256, list(evidence))
        cursor.execute(_INSERT, [getattr(event, column) for column in _COLUMNS])
        event.id = cursor.fetchone()[0]
        if body is not None:
            cursor.execute(_INSERT_PAYLOAD, [event.event_id, salt, body])
    if wait:
        transaction.on_commit(lambda: wait_for_inclusion([event.event_id]), using=using)
    return event


def _take_turn(cursor, event: Event) -> str | None:
    """Wait for this object's turn, give the event its number and time, and return the leaf hash of the one before."""
    cursor.execute(_LOCK, [event.object])
    cursor.execute(_HEAD, [event.object])
    event.recorded_at, head_seq, head_leaf = cursor.fetchone()
    event.object_seq = head_seq + 1
    return head_leaf


def format_time(moment: datetime) -> str:
    """Return `moment` as an entry writes it: UTC, six digits, "Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def payload_digest(salt: bytes, body: bytes) -> str:
    """Return the hex digest by which an entry commits to its payload; the salt keeps short values unguessable."""
    return hashlib.sha256(salt + body).hexdigest()


def _payload(before: Mapping | None, after: Mapping | None) -> tuple[bytes | None, bytes | None, str | None]:
    if before is None and after is None:
        return None, None, None
    salt, body = os.urandom(32), canonical({"before": before, "after": after})
    return salt, body, payload_digest(salt, body)


def _entry(
    event: Event, object_prev: str | None, reason: str, payload_sha256: str | None, evidence: list[str]
) -> bytes:
    context = current()
    entry = canonical(
        {
            "v": VERSION,
            "event_id": str(event.event_id),
            "recorded_at": format_time(event.recorded_at),
            "actor": event.actor,
            "actor_auth": {"session": context.session_hash, "mfa": context.mfa},
            "on_behalf_of": context.on_behalf_of,
            "request_id": event.request_id,
            "ip_hash": context.ip_hash,
            "case": None if event.case_id is None else str(event.case_id),
            "object": event.object,
            "object_seq": event.object_seq,
            "object_prev": object_prev,
            "action": event.action,
            "reason": reason,
            "payload_sha256": payload_sha256,
            "evidence": evidence,
        }
    )
    if len(entry) >= MAX_ENTRY:
        raise EntryTooLarge(f"the entry has {len(entry)} bytes; move long values from reason or evidence into `after`")
    return entry


def _check_arguments(actor: str, action: str, obj: str, evidence: Sequence[str]) -> None:
    if not isinstance(actor, str) or not 0 < len(actor) <= MAX_ACTOR or actor.startswith("db:"):
        raise ValueError(f"actor must be text of 1 to {MAX_ACTOR} characters such as 'user:<uuid>', not {actor!r:.80}")
    if not _ACTION.fullmatch(action) or action == ROW_CHANGED:
        raise ValueError(f"action must read noun_verb, such as 'claim_submitted', not {action!r:.80}")
    if not _OBJECT.fullmatch(obj):
        raise ValueError(f"obj must read '<type>:<id>', such as 'claim:0190...', not {obj!r:.80}")
    wrong = [digest for digest in evidence if not _SHA256.fullmatch(digest)]
    if wrong:
        raise ValueError(f"evidence must be SHA-256 hex digests, not {wrong[0]!r:.80}")
