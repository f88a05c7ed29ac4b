"""The one line by which domain actions write to the audit log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from audit import log
from audit.queries import events_for_object
from cases.models import Case, User

OPERATOR = "operator:command_line"


def actor_string(actor: User | None) -> str:
    """How the log names a person: by id, which outlives renaming and deactivation; None is the operator's shell."""
    return OPERATOR if actor is None else f"user:{actor.pk}"


def object_string(obj: Model) -> str:
    """How the log names a row, e.g. `claim:0190...`."""
    return f"{obj._meta.model_name}:{obj.pk}"


def record(
    actor: User | None,
    action: str,
    obj: Model,
    *,
    case: Case | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    evidence: Sequence[str] = (),
    wait: bool = False,
):
    """Write one event about `obj` in the running transaction; `case` defaults to the object's own.

    With `wait`, the call that commits returns only when a signed checkpoint covers the event.
    """
    case_id: UUID | None = case.pk if case else getattr(obj, "case_id", None)
    if isinstance(obj, Case):
        case_id = obj.pk
    return log.record(
        actor=actor_string(actor),
        action=action,
        obj=object_string(obj),
        case_id=case_id,
        before=before,
        after=after,
        reason=reason,
        evidence=evidence,
        wait=wait,
    )


def words_of(action: str) -> str:
    """The name of an event as words, in English: claim_submitted -> Claim submitted. Pages translate them."""
    return action.replace("_", " ").capitalize()


def last_change(obj: Model) -> tuple[str, datetime | None]:
    """Who changed `obj` last, by display name, and when: for the person whose edit came second."""
    event = events_for_object(object_string(obj)).first()
    if event is None:
        return "Somebody", None
    user = (
        User.objects.filter(pk=event.actor.removeprefix("user:")).first() if event.actor.startswith("user:") else None
    )
    return str(user or event.actor), event.recorded_at
