"""The audit trail of one case as its members may see it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit import queries as audit
from audit.models import Event
from audit.proofs import Proof
from cases import permissions
from cases.exceptions import NotVisible
from cases.history import OPERATOR, words_of
from cases.models import Case, User
from cases.permissions import Permission

_readers: list[Callable[[User, Case, Sequence[Event]], None]] = []


def register(reader: Callable[[User, Case, Sequence[Event]], None]) -> None:
    """Have `reader(actor, case, events)` told whenever what these events changed is shown to `actor`; once only.

    Rooms to the right know which of it is read on record only.
    """
    if reader not in _readers:
        _readers.append(reader)


@dataclass(frozen=True)
class Line:
    """One event with the name of who did it and what it changed (None where payloads are not for this reader)."""

    event: Event
    who: str
    changes: audit.Changes | None

    @property
    def kind(self) -> str:
        return self.event.object.partition(":")[0]

    @property
    def verb(self) -> str:
        """The action as words: claim_submitted -> Claim submitted."""
        return words_of(self.event.action)

    @property
    def short(self) -> str:
        """The object as a person tells it apart on a page: its kind and the end of its id."""
        kind, _, identity = self.event.object.partition(":")
        return f"{kind} …{identity[-6:]}" if len(identity) > 8 else self.event.object

    @property
    def rows(self) -> list[dict[str, object]]:
        """The changes as the table of differences takes them."""
        fields = self.changes.fields if self.changes else []
        return [{"field": change.name, "before": change.before, "after": change.after} for change in fields]

    @property
    def note(self) -> str:
        """Why there is no table of differences, where there could be one."""
        if self.changes is None:
            return "What it changed is shown to those who may open sensitive evidence."
        if self.changes.erased:
            return "What it changed was erased by order; the entry itself remains."
        return "" if self.changes.shown else f"What it changed is too long for a page ({self.changes.size:,} bytes)."


def events_of(
    actor: User,
    case: Case,
    *,
    who: str = "",
    action: str = "",
    obj: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Event]:
    """The events of `case`, newest first; raises NotAllowed without AUDIT_VIEW. Dates are whole days in UTC."""
    permissions.check(actor, case, Permission.AUDIT_VIEW)
    events = audit.events_for_case(case.pk)
    if who:
        events = events.filter(actor=_actor_named(who))
    if action:
        events = events.filter(action=action)
    if obj:
        events = events.filter(object=obj) if ":" in obj else events.filter(object__startswith=f"{obj}:")
    if since:
        events = events.filter(recorded_at__gte=_midnight(since))
    if until:
        events = events.filter(recorded_at__lt=_midnight(until + timedelta(days=1)))
    return events


def events_of_object(actor: User, case: Case, obj: str) -> QuerySet[Event]:
    """The history of one object of `case`; raises NotVisible when this case knows no such object."""
    events = events_of(actor, case, obj=obj)
    if ":" not in obj or not events.exists():
        raise NotVisible
    return events


def get_event(actor: User, case: Case, event_id: UUID) -> Event:
    try:
        return events_of(actor, case).get(event_id=event_id)
    except Event.DoesNotExist as error:
        raise NotVisible from error


def lines(actor: User, case: Case, events: Iterable[Event]) -> list[Line]:
    """`events` as a page shows them: two queries, however many events."""
    events = list(events)
    changes = audit.changes_of(events) if sees_payloads(actor, case) else {}
    _tell(actor, case, [event for event in events if _is_shown(changes.get(event.event_id))])
    names = names_of({event.actor for event in events})
    return [Line(event, names.get(event.actor, event.actor), changes.get(event.event_id)) for event in events]


def proof_of(actor: User, case: Case, event: Event) -> Proof:
    """The proof of `event`, with what it changed where `actor` may see that."""
    with_payload = sees_payloads(actor, case)
    _tell(actor, case, [event] if with_payload else [])
    return audit.proof_for(event, with_payload=with_payload)


def _is_shown(changes: audit.Changes | None) -> bool:
    return changes is not None and changes.shown and not changes.erased


def _tell(actor: User, case: Case, events: Sequence[Event]) -> None:
    for reader in _readers:
        reader(actor, case, events)


def sees_payloads(actor: User, case: Case) -> bool:
    """What an event changed may quote sensitive evidence: it is for those who may open that."""
    return permissions.can(actor, case, Permission.EVIDENCE_READ_SENSITIVE)


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """`user:<uuid>` -> display name; actors that are no people keep their own name."""
    ids = [actor.removeprefix("user:") for actor in actors if actor.startswith("user:")]
    return {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=ids)} | {OPERATOR: "Operator"}


def _actor_named(name: str) -> str:
    user = User.objects.filter(Q(username=name) | Q(email__iexact=name)).first()
    return f"user:{user.pk}" if user else name


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_fixed_timezone(0))
