"""What is asked of an engine, and what it answers.

The order is the same in every engine: `first` as given, then documents with all wanted words in title, names or
handles, then those with some, then subjects and claims before long texts, then the newest.
"""

from dataclasses import dataclass, field
from typing import Protocol

from search.ast import Node
from search.rights import Reach

SECONDS = 2.0  # that one question may take
# Kinds whose documents are parts of something longer: after what is a thing itself, where nothing else decides.
LONG_TEXTS = ("text", "observation", "review", "verdict", "citation")
FACETS = {"type": "k", "case": "c", "status": "s", "platform": "p", "language": "l", "date": "y"}
MOST_VALUES = 20  # of a facet


class OutOfTime(Exception):
    """The engine gave up after SECONDS."""


class Unavailable(Exception):
    """The engine cannot answer at present; the sentence, if there is one, is for the person who asks."""


@dataclass(frozen=True)
class Question:
    """A tree in which no Name and no Prefix of keys is left, and for whom it is asked.

    `hidden` rows are found by nobody; `wanted` are the words that decide about the order: groups, of which a document
    may have any word each; one that ends in * stands for all words that begin so. `newest` is the last change of any
    document in reach: who does not have it cannot answer.
    """

    tree: Node
    reach: Reach
    hidden: tuple[str, ...] = ()
    first: tuple[int, ...] = ()
    wanted: tuple[tuple[str, ...], ...] = ()
    offset: int = 0
    size: int = 20
    facets: bool = True
    newest: int = 0


@dataclass(frozen=True)
class Answer:
    """Ids of documents in order; the number of all hits; of each facet the values with their numbers of hits."""

    ids: list[int]
    total: int
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


class Engine(Protocol):
    """`name` as in SEARCH_ENGINE; `ask` raises OutOfTime or Unavailable."""

    name: str

    def ask(self, question: Question) -> Answer: ...


def first_values(numbers: dict[str, int]) -> dict[str, int]:
    """The values of a facet with most hits, the most frequent first."""
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered[:MOST_VALUES])
