"""Who wants to know, in the same transaction, that evidence changed: a plain list, called in order.

Packages to the right rest on evidence and cannot be imported from here. They put a function on the list when the
application starts; the actions that withdraw, supersede, describe, grade or regroup evidence call `changed` last.
"""

from collections.abc import Callable, Sequence

from cases.models import User
from evidence.models import Item, Source

_dependents: list[Callable] = []


def register(dependent: Callable) -> None:
    """Have `dependent(actor=..., reason=..., items=..., sources=...)` called for each change; once only."""
    if dependent not in _dependents:
        _dependents.append(dependent)


def changed(*, actor: User, reason: str, items: Sequence[Item] = (), sources: Sequence[Source] = ()) -> None:
    """Tell everybody who rests on these items and sources, inside the transaction that changed them."""
    for dependent in _dependents:
        dependent(actor=actor, reason=reason, items=items, sources=sources)


_told_of_damage: list[Callable] = []


def register_damage(dependent: Callable) -> None:
    """Have `dependent(items=..., reason=...)` called when originals turn out to be damaged; once only."""
    if dependent not in _told_of_damage:
        _told_of_damage.append(dependent)


def damaged(*, items: Sequence[Item], reason: str) -> None:
    """Tell everybody who rests on these items that their originals are not what was preserved, whoever found it."""
    for dependent in _told_of_damage:
        dependent(items=items, reason=reason)


_counters: list[Callable[[Sequence[Item]], dict]] = []


def register_counter(counter: Callable[[Sequence[Item]], dict]) -> None:
    """Have `counter(items)` tell how often each item is cited, as {item id: number}; once only."""
    if counter not in _counters:
        _counters.append(counter)


def citation_counts(items: Sequence[Item]) -> dict | None:
    """How often each of these items is cited, in one query per counter; None where nobody counts."""
    if not _counters:
        return None
    counts: dict = {}
    for counter in _counters:
        for pk, number in counter(items).items():
            counts[pk] = counts.get(pk, 0) + number
    return counts
