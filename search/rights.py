"""What a person may find, read from the database at each request: a membership that ended opens nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from cases.models import Case, User
from cases.permissions import Permission, permissions_by_case
from search.drafts import audience


@dataclass(frozen=True)
class Reach:
    """The cases that `actor` may search, by id with their references, and those whose sensitive exhibits they open."""

    cases: dict[UUID, str]
    sensitive: frozenset[UUID]

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """The keys of which a document must carry one."""
        open_to_members = tuple(audience(case_id, False) for case_id in self.cases)
        return open_to_members + tuple(audience(case_id, True) for case_id in self.sensitive)

    @cached_property
    def arrays(self) -> tuple[str, str]:
        """The cases, and those with their sensitive exhibits, as PostgreSQL reads arrays; alike where these are all."""
        closed = [case_id for case_id in self.cases if case_id in self.sensitive]
        return _array(self.cases), _array(closed)

    def case_called(self, ref: str) -> UUID | None:
        """The case of that reference, however it is typed; None alike for foreign and for unknown ones."""
        return next((case_id for case_id, own in self.cases.items() if own.casefold() == ref.casefold()), None)


def _array(ids: Iterable[UUID]) -> str:
    """A list, which the driver would write letter by letter, takes five times as long."""
    return f"{{{','.join([one.hex for one in ids])}}}"


def reach_of(actor: User) -> Reach:
    """Two queries, however many cases."""
    cases = dict(Case.objects.visible_to(actor).values_list("pk", "ref"))
    rights = permissions_by_case(actor, list(cases))
    seen = {case_id: cases[case_id] for case_id, granted in rights.items() if Permission.CASE_VIEW in granted}
    opened = (case_id for case_id in seen if Permission.EVIDENCE_READ_SENSITIVE in rights[case_id])
    return Reach(seen, frozenset(opened))
