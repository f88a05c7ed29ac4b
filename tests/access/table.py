"""The language of the permission table: who gets which answer at which address with which verb.

A package adds `tests/access/table_<package>.py` with `ROWS` (and `build(world)`, which makes the objects that its
addresses name). See table_cases.py. A missing row fails test_permission_table.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cases.models import Case, User
from tests.factories.cases import make_case
from tests.factories.users import make_user

ROLES = ("investigator", "editor", "publisher", "auditor", "viewer")
STRANGER, ANONYMOUS = "stranger", "anonymous"
EVERYBODY = (*ROLES, STRANGER, ANONYMOUS)
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Statuses = dict[str, int]


@dataclass
class World:
    """One case with a person per role, and the objects in it by name; `kwargs` of addresses are looked up here."""

    people: dict[str, User]
    case: Case
    objects: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.objects |= {"ref": self.case.ref, "case_object": f"case:{self.case.pk}"}


def make_world(ref: str, prefix: str = "") -> World:
    people = {role: make_user(f"{prefix}{role}") for role in ROLES}
    lead = make_user(f"{prefix}lead", can_create_cases=True)
    return World(people | {"lead": lead}, make_case(ref=ref, lead=lead, **people))


@dataclass(frozen=True)
class Row:
    """What each person gets for one verb at the address called `name`.

    `kwargs` maps an argument of the address to the name of an object of the world. `body` is sent as a form, or as JSON
    under /api/; a function makes it from the world. `foreign` says that the row is checked against the ids of another
    case and against ids that nobody ever used: the answers must be the same bytes.
    """

    name: str
    verb: str
    statuses: Statuses
    kwargs: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | Callable[[World], dict[str, Any]] | None = None
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    foreign: bool = True

    def __str__(self) -> str:
        return f"{self.verb} {self.name}"

    def url(self, objects: dict[str, Any]) -> str:
        address = reverse(self.name, kwargs={key: objects[value] for key, value in self.kwargs.items()})
        return f"{address}{self.query}"


def inside(status: int, **others: int) -> Statuses:
    """Every member gets `status`, except those named; strangers see nothing."""
    return dict.fromkeys(ROLES, status) | {STRANGER: 404} | others


def only(status: int, *roles: str, refused: int = 403, **others: int) -> Statuses:
    """The named roles get `status`, other members are refused, strangers see nothing."""
    return dict.fromkeys(ROLES, refused) | dict.fromkeys(roles, status) | {STRANGER: 404} | others


def signed_in(status: int, **others: int) -> Statuses:
    """Everybody who signed in gets `status`, member of anything or not."""
    return dict.fromkeys((*ROLES, STRANGER), status) | others


def anyone(status: int, **others: int) -> Statuses:
    return dict.fromkeys(EVERYBODY, status) | others


@cache
def addresses() -> dict[str, str]:
    """Every address that the resolver knows: full name (the route itself where it has none) -> route."""
    return dict(_walk(get_resolver(), (), ""))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], prefix: str):
    for pattern in resolver.url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield (":".join((*namespaces, pattern.name)) if pattern.name else route), route
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, inner, route)
