"""What the audit log says, for tests."""

import json

from audit.models import Event, Payload


def actions_since(number: int = 0) -> list[str]:
    """The actions of all events after event `number`, oldest first."""
    return list(Event.objects.filter(id__gt=number).order_by("id").values_list("action", flat=True))


def last_number() -> int:
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def payload_of(action: str) -> dict:
    """The payload of the last event of this action."""
    event = Event.objects.filter(action=action).order_by("-id").first()
    return json.loads(bytes(Payload.objects.get(event_id=event.event_id).body))
