"""What observations need of evidence, whose room is to the right: it puts its own door here at the start."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from cases.exceptions import InvalidInput
from cases.models import Case, User


@dataclass(frozen=True)
class Exhibit:
    """An exhibit as other rooms name it."""

    label: str
    url: str


Find = Callable[[User, Case, str], UUID | None]
Show = Callable[[Case, Collection[UUID]], dict[UUID, Exhibit]]
_doors: list[tuple[Find, Show]] = []


def register(find: Find, show: Show) -> None:
    """Have `find` tell which item of a case "E-12" or an id means, and `show` what ids are called; once only."""
    if (find, show) not in _doors:
        _doors.append((find, show))


def find_item(actor: User, case: Case, wanted: str) -> UUID:
    """Return the id of the exhibit of `case` that `wanted` names; raises InvalidInput when there is none."""
    for find, _ in _doors:
        if found := find(actor, case, wanted.strip()):
            return found
    raise InvalidInput("No exhibit of this case has this number or id; write it as E-12.", field="evidence_item")


def exhibits_of(case: Case, items: Collection[UUID]) -> dict[UUID, Exhibit]:
    """Return the exhibits with these ids, in one query for all."""
    shown: dict[UUID, Exhibit] = {}
    for _, show in _doors:
        shown |= show(case, items)
    return shown
