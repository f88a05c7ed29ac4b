"""Facts of the people whom a claim is about, and of what it would tell of them; part of `claims/gate/facts.py`."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class PersonFacts:
    """A person that the claim is about, and how public a person they are."""

    id: str
    label: str
    tier: str


@dataclass(frozen=True)
class RecordFacts:
    """The data-protection record that speaks for everybody in a case."""

    number: int
    lawful_basis: str
    special_ground: str
    review_at: date


@dataclass(frozen=True)
class TraceFacts:
    """A passage that leads to somebody, where it stands, and what an editor decided; `settled` is "" before that.

    Of a name: whose it is, and since when a record says why the public has to know who that is.
    """

    kind: str
    passage: str
    places: tuple[str, ...]
    settled: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    person: str = ""
    interest_since: datetime | None = None
