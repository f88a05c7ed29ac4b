"""Facets: of what the hits are, and how a click narrows them."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from cases.enums import Platform
from search.kinds import KINDS
from search.rights import Reach

TITLES = {
    "type": "Type",
    "case": "Case",
    "date": "Year",
    "platform": "Platform",
    "language": "Language",
    "status": "Status",
}
# The parameter of a page or of the API that narrows by a facet.
FILTERS = {name: "lang" if name == "language" else name for name in TITLES}


@dataclass(frozen=True)
class Value:
    """One value: what it is called, how many hits have it, what to ask for, whether it is asked for, and the address
    of the page that is narrowed by it, or by it no more, as a query string.
    """

    label: str
    number: int
    value: str
    chosen: bool
    query: str


@dataclass(frozen=True)
class Facet:
    """`filter` is the name under which a value is asked for."""

    name: str
    title: str
    filter: str
    values: tuple[Value, ...]


def facets_of(numbers: dict[str, dict[str, int]], reach: Reach, query: str, filters: dict[str, str]) -> list[Facet]:
    """The facets of an answer, with cases by their references."""
    found = []
    for name, title in TITLES.items():
        chosen = filters.get(FILTERS[name], "")
        values = [
            Value(_label(name, asked), number, asked, asked == chosen, _address(query, filters, FILTERS[name], asked))
            for asked, number in _asked(name, numbers.get(name, {}), reach)
        ]
        if values:
            found.append(Facet(name, title, FILTERS[name], tuple(values)))
    return found


def chosen_of(query: str, filters: dict[str, str]) -> list[tuple[str, str]]:
    """What the page is narrowed by: in words, and the query string of the page without it."""
    names = {asked: name for name, asked in FILTERS.items()}
    return [
        (f"{TITLES[names[asked]]}: {_label(names[asked], value)}", _address(query, filters, asked, value))
        for asked, value in filters.items()
    ]


def _asked(name: str, numbers: dict[str, int], reach: Reach) -> list[tuple[str, int]]:
    if name != "case":
        return list(numbers.items())
    return [(reach.cases[UUID(value)], number) for value, number in numbers.items() if UUID(value) in reach.cases]


def _address(query: str, filters: dict[str, str], name: str, value: str) -> str:
    kept = {asked: wanted for asked, wanted in filters.items() if asked != name}
    return urlencode({"q": query} | kept | ({} if filters.get(name) == value else {name: value}))


def _label(name: str, value: str) -> str:
    if name == "type" and value in KINDS:
        return KINDS[value].many
    if name == "platform" and value in Platform:
        return Platform(value).label
    return value.replace("_", " ")
