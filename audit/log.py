"""The one way to write an event: `record`, inside the transaction of the change that it tells of."""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from audit.canonical import MAX_INT, canonical, is_plain
from audit.context import RequestContext, current
from audit.exceptions import EntryTooLarge, OutsideTransaction
from audit.ids import uuid7
from audit.models import Event
from audit.waiting import wait_for_inclusion

VERSION = 1
MAX_ENTRY = 65_536
ROW_CHANGED = "row_changed"
MAX_ACTOR = 200
# What JSON makes of one character at most (a control character: \u001f), and of a digest with quotes and comma.
LONGEST_CHARACTER, LONGEST_DIGEST = 6, 67

_ACTION = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_OBJECT = re.compile(r"[a-z][a-z0-9_]{0,62}:[A-Za-z0-9._-]{1,128}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

# The database gives number, time and chain, and writes the entry: see the migration 0002_append.
_APPEND = """
    SELECT o_id, o_recorded_at, o_object_seq, o_entry
    FROM audit_append(%s, %s, %s, %s, %s, %s, %s::text[], %s, %s, %s, %s, %s, %s, %s)"""
# The longest values that the database may fill in: whether an entry fits must be known before the transaction fails.
_LONGEST = {"recorded_at": "9999-12-31T23:59:59.999999Z", "object_seq": MAX_INT, "object_prev": "f" * 64}


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
    salt, body = _payload(before, after)
    context = current()
    event = Event(event_id=uuid7(), actor=actor, action=action, case_id=case_id, object=obj)
    event.request_id = context.request_id
    _check_entry(event, context, reason, list(evidence))
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            [
                *(event.event_id, actor, action, obj, case_id, reason, list(evidence)),
                *(context.request_id, context.session_hash, context.mfa, context.on_behalf_of, context.ip_hash),
                *(salt, body),
            ],
        )
        event.id, event.recorded_at, event.object_seq, event.entry = cursor.fetchone()
    if wait:
        transaction.on_commit(lambda: wait_for_inclusion([event.event_id]), using=using)
    return event


def format_time(moment: datetime) -> str:
    """Return `moment` as an entry writes it: UTC, six digits, "Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _payload(before: Mapping | None, after: Mapping | None) -> tuple[bytes | None, bytes | None]:
    """Salt and body of the payload; the salt keeps short values from being guessed out of their hash."""
    if before is None and after is None:
        return None, None
    return os.urandom(32), canonical({"before": before, "after": after})


def _check_entry(event: Event, context: RequestContext, reason: str, evidence: list[str]) -> None:
    """Refuse what has no canonical form or no room, while the transaction can still go on."""
    if _surely_fits(event, context, reason, evidence):
        return
    size = len(canonical(_longest_entry(event, context, reason, evidence)))
    if size >= MAX_ENTRY:
        raise EntryTooLarge(f"the entry has {size} bytes; move long values from reason or evidence into `after`")


def _surely_fits(event: Event, context: RequestContext, reason: str, evidence: list[str]) -> bool:
    """Whether that shows without writing the entry: plain texts, of which each character takes six bytes at most."""
    texts = (
        *(event.actor, event.action, event.object, event.request_id, reason),
        *(context.session_hash, context.on_behalf_of, context.ip_hash),
    )
    if not all(text is None or (type(text) is str and is_plain(text)) for text in texts):
        return False
    longest = sum(len(text) for text in texts if text) * LONGEST_CHARACTER + len(evidence) * LONGEST_DIGEST
    return _LONGEST_FRAME + longest < MAX_ENTRY


def _longest_entry(event: Event, context: RequestContext, reason: str, evidence: list[str]) -> dict[str, object]:
    """The entry with the longest values that the database may fill in."""
    return _LONGEST | {
        "v": VERSION,
        "event_id": str(event.event_id),
        "actor": event.actor,
        "actor_auth": {"session": context.session_hash, "mfa": context.mfa},
        "on_behalf_of": context.on_behalf_of,
        "request_id": context.request_id,
        "ip_hash": context.ip_hash,
        "case": None if event.case_id is None else str(event.case_id),
        "object": event.object,
        "action": event.action,
        "reason": reason,
        "payload_sha256": "f" * 64,
        "evidence": evidence,
    }


# What stands around the texts of an entry: one that says nothing, whose null and false are the longest of their places.
_NOTHING = Event(event_id=UUID(int=0), actor="", action="", object="", case_id=UUID(int=0), request_id="")
_LONGEST_FRAME = len(canonical(_longest_entry(_NOTHING, RequestContext(mfa=False), "", [])))


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
