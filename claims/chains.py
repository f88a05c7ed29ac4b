"""Account → person → role: chains of two claims, shown with no more certainty than the weaker one.

A case has as many chains as pairs of such claims: each question here reads those that it answers with, never all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db.models import Count, QuerySet

from cases.exceptions import InvalidInput
from cases.models import Case
from cases.paging import DEFAULT_SIZE, MAX_SIZE, Page
from claims.enums import Predicate, VersionState
from claims.models import ClaimVersion
from claims.queries import ENDS, standing_versions
from claims.scales import weakest_confidence, weakest_likelihood

_OBJECT = tuple(f"{name}_id" for name in ENDS if name.startswith("object_"))
_BIGGEST = 2**31 - 1
Pair = tuple[ClaimVersion, ClaimVersion | None]


@dataclass(frozen=True)
class Chain:
    """Who operates an account, and a role that this person holds.

    `role` is None where no role of the person is claimed; `rivals` are other claims about who operates the account.
    """

    operated: ClaimVersion
    role: ClaimVersion | None
    likelihood: str
    analytic_confidence: str
    rivals: tuple[ClaimVersion, ...] = ()

    @property
    def links(self) -> tuple[ClaimVersion, ...]:
        return (self.operated, self.role) if self.role else (self.operated,)

    @property
    def is_published(self) -> bool:
        """Whether every link of the chain has left the house."""
        return all(link.state == VersionState.PUBLISHED for link in self.links)


def chain_page(case: Case, *, cursor: str = "", size: int = DEFAULT_SIZE) -> Page:
    """One page of the chains of a case in the order of their claims' numbers; a fixed number of queries.

    `size` is capped at 200. Raises InvalidInput for a cursor that this list did not give out.
    """
    size = max(1, min(size, MAX_SIZE))
    after = _decode(cursor) if cursor else (0, 0)
    # Each of these begins at least one chain; of the first one, earlier pages may have shown some or all.
    operated = list(_operated(case).filter(claim__number__gte=after[0])[: size + 2])
    pairs = (pair for pair in _paired(operated, _roles_of(case, operated)) if _place(pair) > after)
    found = list(islice(pairs, size + 1))
    following = "{}.{}".format(*_place(found[size - 1])) if len(found) > size else ""
    return Page(_with_rivals(case, found[:size]), following)


def count_chains(case: Case) -> int:
    """How many chains a case has; two queries, with one number for each person."""
    per_person = {"number": Count("pk")}
    roles = dict(_roles(case).order_by().values_list("subject_person").annotate(**per_person))
    operated = _operated(case).order_by().values_list("object_person").annotate(**per_person)
    return sum(number * roles.get(person, 1) for person, number in operated)


def chains_with(version: ClaimVersion, *, most: int) -> list[Chain]:
    """The first `most` chains of two links of which `version` is one; a fixed number of queries."""
    case = version.case
    if version.predicate == Predicate.ACCOUNT_OPERATED_BY and version.object_person_id:
        roles = _roles(case).filter(subject_person=version.object_person_id)
        return _with_rivals(case, [(version, role) for role in roles[:most]])
    if version.predicate == Predicate.PERSON_HOLDS_ROLE and version.subject_person_id:
        operated = _operated(case).filter(object_person=version.subject_person_id)
        return _with_rivals(case, [(link, version) for link in operated[:most]])
    return []


def _operated(case: Case) -> QuerySet[ClaimVersion]:
    return standing_versions(case).filter(predicate=Predicate.ACCOUNT_OPERATED_BY).order_by("claim__number")


def _roles(case: Case) -> QuerySet[ClaimVersion]:
    roles = standing_versions(case).filter(predicate=Predicate.PERSON_HOLDS_ROLE, subject_person__isnull=False)
    return roles.order_by("claim__number")


def _roles_of(case: Case, operated: Iterable[ClaimVersion]) -> dict[UUID, list[ClaimVersion]]:
    found: dict[UUID, list[ClaimVersion]] = defaultdict(list)
    people = {link.object_person_id for link in operated if link.object_person_id}
    for role in _roles(case).filter(subject_person__in=people) if people else ():
        found[role.subject_person_id].append(role)
    return found


def _paired(operated: Iterable[ClaimVersion], roles: dict[UUID, list[ClaimVersion]]) -> Iterator[Pair]:
    for link in operated:
        for role in roles.get(link.object_person_id) or [None]:
            yield link, role


def _with_rivals(case: Case, pairs: list[Pair]) -> list[Chain]:
    same_account: dict[UUID, list[ClaimVersion]] = defaultdict(list)
    accounts = {operated.subject_account_id for operated, _ in pairs}
    others = _operated(case).filter(subject_account__in=accounts).prefetch_related(None)
    for other in others if accounts else ():
        same_account[other.subject_account_id].append(other)
    return [_chain(pair, same_account[pair[0].subject_account_id]) for pair in pairs]


def _chain(pair: Pair, same_account: list[ClaimVersion]) -> Chain:
    operated, role = pair
    links = [link for link in pair if link]
    return Chain(
        operated=operated,
        role=role,
        likelihood=weakest_likelihood(link.likelihood for link in links),
        analytic_confidence=weakest_confidence(link.analytic_confidence for link in links),
        rivals=tuple(other for other in same_account if _object_of(other) != _object_of(operated)),
    )


def _object_of(version: ClaimVersion) -> tuple:
    return (*(getattr(version, name) for name in _OBJECT), version.object_text)


def _place(pair: Pair) -> tuple[int, int]:
    """Where a chain stands in the order: claims are numbered from 1, so that 0 stands for no role."""
    operated, role = pair
    return operated.claim.number, role.claim.number if role else 0


def _decode(cursor: str) -> tuple[int, int]:
    numbers = cursor.split(".")
    if len(numbers) != 2 or not all(part.isascii() and part.isdigit() and len(part) <= 10 for part in numbers):
        raise InvalidInput("This cursor is not one that this list gave out.", field="cursor")
    number, role = (min(int(part), _BIGGEST) for part in numbers)
    return number, role
