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
