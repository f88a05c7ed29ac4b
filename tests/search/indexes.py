"""Indexes without a database, for tests of what Whoosh is left to do and what not."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from search.ast import Everything, Node
from search.engines.base import Answer, Question
from search.engines.whoosh.reading import ask_index
from search.engines.whoosh.writing import Row, create
from search.rights import Reach

CASE = UUID(int=1)
REACH = Reach({CASE: "NC-1"}, frozenset())


def a_row(pk: int, seq: int, words: str = "common", *, live: bool = True, at: datetime | None = None) -> Row:
    """A document of `words` in the one case there is."""
    keys = [*REACH.audiences, "k:text", f"c:{CASE}", f"o:{pk}"]
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words.split(), 1):
        places.setdefault(word, []).append(place)
    return Row(pk, seq, live, places, [], words.split()[:1], keys, at, "text")


def new_index(folder: Path) -> Path:
    create(folder)
    return folder


def ask(folder: Path, tree: Node | None = None, *, size: int = 10_000, **asked) -> Answer:
    """What the index has of `tree`, or of everything."""
    return ask_index(folder, Question(tree or Everything(), REACH, size=size, **asked))


def day(number: int) -> datetime:
    return datetime(2020, 1, number, tzinfo=UTC)
