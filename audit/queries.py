"""Reading the log for pages: histories, what changed, alarms. Whoever calls decides who may see it.

Lists are newest first and go on from an event's number: `events_for_case(case.pk, before=last.pk)[:50]`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import BinaryField, Case, F, QuerySet, Value, When
from django.db.models.functions import Length
from django.utils import timezone

from audit import time_stamps
from audit.canonical import parse
from audit.log import ROW_CHANGED
from audit.models import Event, Payload, Pending
from audit.proofs import latest_checkpoint, proof_for, proofs_for
from audit.verification import PENDING_SECONDS
from audit.waiting import waiting_since

__all__ = [
    "Alarm",
    "Changes",
    "FieldChange",
    "alarms",
    "changes_of",
    "delays",
    "events_by_actor",
    "events_for_case",
    "events_for_object",
    "latest_checkpoint",
    "proof_for",
    "proofs_for",
]

SHOWN_BYTES = 65_536
# How far back alarms look for events that were taken out of the queue; verify_audit looks at all of them.
LOOK_BACK = 100_000


@dataclass(frozen=True)
class FieldChange:
    """One field of an object, before and after."""

    name: str
    before: object
    after: object


@dataclass(frozen=True)
class Changes:
    """What an event changed. `erased`: by order. Not `shown`: longer than a list shows, `size` tells its bytes."""

    fields: list[FieldChange] = field(default_factory=list)
    size: int = 0
    shown: bool = True
    erased: bool = False


@dataclass(frozen=True)
class Alarm:
    """Something that should not have happened; `kind` is row_changed, late or queue."""

    kind: str
    event: Event
    message: str


def events_for_case(case_id: UUID, *, before: int | None = None) -> QuerySet[Event]:
    """Return the events of a case, newest first, each with `place` (None while it waits for its place)."""
    return _newest_first(Event.objects.filter(case_id=case_id), before)


def events_for_object(obj: str, *, before: int | None = None) -> QuerySet[Event]:
    """Return the events about one object ("claim:<uuid>"), newest first, each with `place`."""
    return _newest_first(Event.objects.filter(object=obj), before)


def events_by_actor(actor: str, *, before: int | None = None) -> QuerySet[Event]:
    """Return what one actor did, newest first, each with `place`."""
    return _newest_first(Event.objects.filter(actor=actor), before)


def changes_of(events: Iterable[Event], *, shown_bytes: int = SHOWN_BYTES) -> dict[UUID, Changes]:
    """Return what each of `events` changed, in one query; payloads beyond `shown_bytes` are only measured."""
    wanted = {event.event_id: event for event in events}
    rows = (
        Payload.objects.filter(event_id__in=wanted)
        .annotate(size=Length("body"))
        .annotate(
            shown=Case(
                When(size__lte=shown_bytes, then=F("body")), default=Value(None), output_field=BinaryField(null=True)
            )
        )
        .values_list("event_id", "size", "shown")
    )
    changes = {
        event_id: Changes(erased=event.fields["payload_sha256"] is not None) for event_id, event in wanted.items()
    }
    for event_id, size, body in rows:
        changes[event_id] = (
            Changes(size=size, shown=False) if body is None else Changes(_compare(parse(bytes(body))), size)
        )
    return changes


def alarms(*, limit: int = 100) -> list[Alarm]:
    """Return the newest alarms: changes past the application, and events that are not being sealed."""
    return [*_row_changes(limit), *_unsealed(limit)]


def delays() -> list[str]:
    """Return what the log waits for longer than it should, one sentence each, for whoever looks at it (F28, F29)."""
    found = []
    oldest = waiting_since()
    if oldest and timezone.now() - oldest > timedelta(seconds=PENDING_SECONDS):
        waiting = Pending.objects.count()
        found.append(f"{waiting} entries wait to be sealed, the oldest since {oldest:%Y-%m-%d %H:%M} UTC.")
    if time_stamps.is_late(timezone.now()):
        found.append("The time-stamp authority has not stamped the log for over a day.")
    return found


def _newest_first(events: QuerySet[Event], before: int | None) -> QuerySet[Event]:
    if before is not None:
        events = events.filter(pk__lt=before)
    return events.annotate(place=F("leaf__idx")).order_by("-pk")


def _compare(payload: dict) -> list[FieldChange]:
    before, after = payload.get("before") or {}, payload.get("after") or {}
    names = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    return [FieldChange(name, before.get(name), after.get(name)) for name in names]


def _row_changes(limit: int) -> list[Alarm]:
    events = _newest_first(Event.objects.filter(action=ROW_CHANGED), None)[:limit]
    return [
        Alarm("row_changed", event, f"{event.actor} changed {event.object} past the application") for event in events
    ]


def _unsealed(limit: int) -> list[Alarm]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.id, p.id IS NOT NULL FROM audit_event e LEFT JOIN audit_pending p ON p.id = e.id
               WHERE e.id > (SELECT coalesce(max(id), 0) - %s FROM audit_event)
               AND e.recorded_at < clock_timestamp() - make_interval(secs => %s)
               AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.id = e.id)
               ORDER BY e.id DESC LIMIT %s""",
            [LOOK_BACK, PENDING_SECONDS, limit],
        )
        rows = cursor.fetchall()
    events = Event.objects.in_bulk([pk for pk, _ in rows])
    late = f"waits for its place for over {PENDING_SECONDS} s: is the sequencer running?"
    taken = "has no place in the log and does not wait for one: it was taken out of the queue"
    return [
        Alarm("late" if waits else "queue", events[pk], f"event {pk} {late if waits else taken}") for pk, waits in rows
    ]
