"""Erase the payload of an event by order of a court or an authority: the entry stays, and every proof still holds."""

from uuid import UUID

from django.db import connections, transaction

from audit import log
from audit.exceptions import AuditError
from audit.models import Event

# The application's own role may not erase: this runs as the owner, from the command line.
ALIAS = "owner"


def seal_payload(*, actor: str, approved_by: str, event_id: UUID, order: str) -> Event:
    """Erase salt and payload of `event_id` and return the event that says so, by whom and by which `order`.

    Two people are needed. What the payload held cannot be guessed from the log afterwards, because its salt goes too.
    """
    if actor == approved_by:
        raise AuditError("two different people must order and approve the erasure of a payload")
    if not order.strip():
        raise AuditError("name the order: who demanded the erasure, when, under which reference")
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        sealed = log.record(
            actor=actor,
            action="payload_sealed",
            obj=f"event:{event_id}",
            case_id=_case_of(cursor, event_id),
            after={"approved_by": approved_by},
            reason=order,
            using=ALIAS,
        )
        cursor.execute("DELETE FROM audit_payload WHERE event_id = %s AND sealable", [event_id])
        if cursor.rowcount != 1:
            raise AuditError(f"event {event_id} has no payload that may be erased")
    return sealed


def _case_of(cursor, event_id: UUID) -> UUID | None:
    cursor.execute("SELECT case_id FROM audit_event WHERE event_id = %s", [event_id])
    row = cursor.fetchone()
    return row[0] if row else None
