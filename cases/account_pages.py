"""What the page of one account shows, put together from its observations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit.queries import events_for_object
from cases import audit_trail, permissions, subjects
from cases.exhibits import Exhibit, exhibits_of
from cases.history import object_string
from cases.lookalikes import Mark, marks
from cases.models import Account, Observation, User
from cases.moments import in_words
from cases.permissions import Permission
from cases.status import (
    Recycled,
    Rename,
    as_of,
    as_of_in_words,
    end_of_day,
    handle_of,
    in_order,
    is_dated,
    period_of,
    renames,
    status_in_words,
    status_of,
)
from cases.strips import strip_of

SHOWN = 100
RECENT = 8
# Warnings of one kind on top of the page; the rest is counted, and told by the timeline and the API.
WARNED = 5


@dataclass(frozen=True)
class Entry:
    """One observation in the timeline: what is new in it, and how long nobody had looked."""

    seen: Observation
    when: str
    gap: str
    is_new_status: bool
    renamed_from: str
    odd: tuple[Mark, ...]
    is_of_merged: bool
    exhibit: Exhibit | None


@dataclass(frozen=True)
class Shared:
    """A handle that this account shares with another one, and when both were seen with it."""

    handle: str
    other: UUID
    other_is_earlier: bool
    overlap: str


def account_page(actor: User, account: Account, *, as_of_day: date | None, everything: bool) -> dict[str, object]:
    """Return the context of the page; the number of queries does not grow with the observations."""
    seen = in_order(subjects.observations_of(account))
    named = [s for s in seen if s.handle]
    renamed, shared = renames(seen), subjects.recycled_with(account, seen)
    return {
        "case": account.case,
        "nav": "accounts",
        "account": account,
        "title": title_of(seen),
        "status_words": status_in_words(seen),
        "strip": strip_of(seen),
        "entries": entries_of(account, seen)[: None if everything else SHOWN],
        "hidden": 0 if everything else max(len(seen) - SHOWN, 0),
        "total": len(seen),
        "then": _then(seen, as_of_day) if as_of_day else None,
        "renames": [_rename_words(rename) for rename in renamed[-WARNED:]],
        "more_renames": max(len(renamed) - WARNED, 0),
        "shared": [_shared(account, pair, named) for pair in shared[:WARNED]],
        "more_shared": max(len(shared) - WARNED, 0),
        "lookalikes": list(subjects.lookalikes_of(account, seen)[:WARNED]),
        "merged": list(account.merged_from.select_related("merged_by")),
        "object": object_string(account),
        "history": recent_history(actor, account),
        "may_write": permissions.can(actor, account.case, Permission.SUBJECT_WRITE),
        "may_merge": permissions.can(actor, account.case, Permission.SUBJECT_MERGE),
    }


def title_of(seen: Sequence[Observation]) -> str:
    """The last handle seen, with @; else the last display name; else a plain word."""
    handle = next((s.handle for s in reversed(seen) if s.handle), "")
    name = next((s.display_name for s in reversed(seen) if s.display_name), "")
    return f"@{handle}" if handle else name or "Account without a known handle"


def entries_of(account: Account, seen: Sequence[Observation]) -> list[Entry]:
    """The timeline, newest first."""
    made = []
    exhibits = exhibits_of(account.case, {s.evidence_item for s in seen if s.evidence_item})
    last, named, status = None, None, ""
    for observation in seen:
        now = status_of(observation)
        renamed = named is not None and is_dated(named) and handle_of(observation) not in {"", handle_of(named)}
        made.append(
            Entry(
                seen=observation,
                when=in_words(observation.observed_at, observation.observed_precision, with_time=True),
                gap=_gap(last, observation),
                is_new_status=bool(now and now != status),
                renamed_from=named.handle if renamed else "",
                odd=(*marks(observation.handle), *marks(observation.display_name)),
                is_of_merged=observation.account_id != account.pk,
                exhibit=exhibits.get(observation.evidence_item),
            )
        )
        last, status = observation, now or status
        named = observation if observation.handle else named
    return made[::-1]


def recent_history(actor: User, subject: subjects.Subject) -> list[audit_trail.Line]:
    """The last events of a subject, for those who may read the trail."""
    if not permissions.can(actor, subject.case, Permission.AUDIT_VIEW):
        return []
    return audit_trail.lines(actor, subject.case, events_for_object(object_string(subject))[:RECENT])


def _then(seen: Sequence[Observation], day: date) -> dict[str, object]:
    moment = end_of_day(day)
    status, handle = as_of(seen, moment), as_of(seen, moment, handle_of)
    name = as_of(seen, moment, lambda s: s.display_name)
    return {
        "day": day,
        "status": status.value or "unknown",
        "words": as_of_in_words(status),
        "handle": handle.last,
        "next_handle": handle.next if handle.next and not handle.is_held else None,
        "name": name.last,
    }


def _gap(last: Observation | None, observation: Observation) -> str:
    """ "23 days" between two sightings when nobody looked for two days or more."""
    if last is None or not is_dated(last):
        return ""
    days = (period_of(observation).start - period_of(last).end).days
    return f"{days} days" if days >= 2 else ""


def _rename_words(rename: Rename) -> dict[str, str]:
    return {
        "old": rename.old,
        "new": rename.new,
        "after": in_words(rename.after.observed_at, rename.after.observed_precision),
        "by": in_words(rename.by.observed_at, rename.by.observed_precision),
    }


def _shared(account: Account, pair: Recycled, named: Sequence[Observation]) -> Shared:
    handle = next(s.handle for s in reversed(named) if s.handle_key == pair.key)
    overlap = pair.overlap
    words = f"{in_words(overlap.start, 'day')} to {in_words(overlap.end, 'day')}" if overlap else ""
    ours_first = pair.earlier == account.pk
    return Shared(handle, pair.later if ours_first else pair.earlier, not ours_first, words)
