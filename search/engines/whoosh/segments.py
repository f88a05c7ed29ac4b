"""One segment of the index: postings as sets of document numbers, and a tree of conditions as arithmetic on masks.

A segment never changes but for what is deleted from it, so that the numbers behind a key, the columns, the values of
facets and the reach of a person are kept in this process. Its files are opened when something is asked that is not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.matching import Matcher
from whoosh.reading import SegmentReader

from search.ast import Among, And, During, Everything, Keys, Node, Not, Or, Phrase, Words
from search.engines.base import Question, Unavailable
from search.engines.whoosh.kept import Kept
from search.engines.whoosh.sealing import SealedStorage
from search.engines.whoosh.writing import NEVER, SCHEMA
from search.tokens import exactly

MOST_KEPT = 64 * 1024**2  # bytes
# Documents of a segment in which the places of words are compared: each takes .05 ms, and PostgreSQL a tenth of that.
MOST_FOLLOWED = 1_000
Mask = np.ndarray
_kept = Kept(MOST_KEPT)


@dataclass(frozen=True)
class Values:
    """Of each document the number of its value in `names`; the last number is of those without a value."""

    names: tuple[str, ...]
    numbers: np.ndarray

    @property
    def nbytes(self) -> int:
        return self.numbers.nbytes


class Segment:
    """A segment as masks: arrays of truth values, one for each document number."""

    def __init__(self, storage: SealedStorage, segment: Any, check_time: Callable[[], None]) -> None:
        self._storage = storage
        self._segment = segment
        self._check_time = check_time
        self.size: int = segment.doc_count_all()
        self.id: str = segment.segment_id()

    @cached_property
    def _reader(self) -> SegmentReader:
        return SegmentReader(self._storage, SCHEMA, self._segment)

    @property
    def _deleted(self) -> list[int]:
        return list(self._segment.deleted_docs())

    def close(self) -> None:
        if "_reader" in self.__dict__:
            self._reader.close()

    def hits(self, question: Question) -> np.ndarray:
        """The numbers of the documents that are found."""
        live = self._in_reach(question)
        return np.flatnonzero(live & self.mask(question.tree) if live.any() else live)

    def _in_reach(self, question: Question) -> Mask:
        key = (self.id, "reach", question.reach.audiences)
        mask = _kept.get(key, lambda: self._any("keys", question.reach.audiences)).copy()
        mask[self._deleted] = False
        if question.hidden:
            mask &= ~self.mask(Keys(tuple(f"o:{row}" for row in question.hidden)))
        return mask

    def mask(self, node: Node) -> Mask:
        self._check_time()
        match node:
            case Everything():
                found = np.ones(self.size, dtype=bool)
            case Words(words, exact):
                found = self._exact(words) if exact else self._any("words", words)
            case Phrase(words):
                found = self._phrase(words)
            case Keys(keys):
                found = self._any("keys", keys)
            case Among(ids):
                found = np.isin(self.column("pk"), np.array(ids, dtype=np.int64))
            case During():
                found = self._during(node)
            case Not(part):
                found = ~self.mask(part)
            case And(parts):
                found = self._all(parts)
            case Or(parts):
                found = np.zeros(self.size, dtype=bool)
                for part in parts:
                    found |= self.mask(part)
            case _:
                raise TypeError(f"{type(node).__name__} is not for an engine")
        return found

    def _all(self, parts: tuple[Node, ...]) -> Mask:
        found = np.ones(self.size, dtype=bool)
        for part in parts:
            found &= self.mask(part)
            if not found.any():
                break
        return found

    def _any(self, field: str, texts: tuple[str, ...]) -> Mask:
        found = np.zeros(self.size, dtype=bool)
        for text in texts:
            found[self.numbers(field, text)] = True
            self._check_time()
        return found

    def _exact(self, words: tuple[str, ...]) -> Mask:
        found = np.zeros(self.size, dtype=bool)
        for folded, written, never in map(exactly, words):
            if folded:
                found |= self._any("words", (folded,)) & ~self._any("exact", (never,))
            else:
                found |= self._any("exact", (written,))
        return found

    def numbers(self, field: str, text: str) -> np.ndarray:
        """The documents that have a word or key."""
        return _kept.get((self.id, field, text), lambda: self._numbers(field, text))

    def _numbers(self, field: str, text: str) -> np.ndarray:
        if (field, text) not in self._reader:
            return np.empty(0, dtype=np.int32)
        return np.fromiter(self._reader.postings(field, text).all_ids(), dtype=np.int32)

    def _phrase(self, words: tuple[str, ...]) -> Mask:
        """Raises Unavailable where more than MOST_FOLLOWED documents have all the words: PostgreSQL answers."""
        found = self._all(tuple(Words((word,)) for word in words))
        found[self._deleted] = False  # whose places the matchers below do not give
        candidates = np.flatnonzero(found)
        if candidates.size > MOST_FOLLOWED:
            raise Unavailable("")
        if candidates.size:
            matchers = {word: self._reader.postings("words", word) for word in words}
            for number in candidates.tolist():
                found[number] = _follow_on(number, words, matchers)
                self._check_time()
        return found

    def _during(self, node: During) -> Mask:
        at = self.column("at")
        found = at != NEVER
        if node.start is not None:
            found &= at >= int(node.start.timestamp() * 1_000_000)
        if node.end is not None:
            found &= at < int(node.end.timestamp() * 1_000_000)
        return found

    def column(self, name: str) -> np.ndarray:
        return _kept.get((self.id, "column", name), lambda: self._column(name))

    def _column(self, name: str) -> np.ndarray:
        column = self._reader.column_reader(name)
        return np.fromiter((column[number] for number in range(self.size)), dtype=np.int64, count=self.size)

    def tier(self, wanted: tuple[tuple[str, ...], ...]) -> np.ndarray:
        """2 where title, names and handles have a word of each group, 1 where they have one of some, else 0."""
        if not wanted:
            return np.zeros(self.size, dtype=np.int8)
        masks = [self._any("heads", group) for group in wanted]
        return np.logical_and.reduce(masks).astype(np.int8) + np.logical_or.reduce(masks).astype(np.int8)

    def counts(self, letter: str, found: np.ndarray) -> Iterator[tuple[str, int]]:
        """How many of these documents have each value of a facet that some of them have."""
        values = _kept.get((self.id, "values", letter), lambda: self._values(letter))
        numbers = np.bincount(values.numbers[found], minlength=len(values.names))
        return ((name, int(number)) for name, number in zip(values.names, numbers, strict=False) if number)

    def _values(self, letter: str) -> Values:
        keys = [text.decode() for text in self._reader.expand_prefix("keys", f"{letter}:".encode())]
        numbers = np.full(self.size, len(keys), dtype=np.min_scalar_type(len(keys)))
        for number, key in enumerate(keys):
            numbers[self._numbers("keys", key)] = number
        return Values(tuple(key.partition(":")[2] for key in keys), numbers)


def _follow_on(number: int, words: tuple[str, ...], matchers: Mapping[str, Matcher]) -> bool:
    """Whether the words stand one directly after the other in a document that has them all."""
    starts: set[int] | None = None
    for before, word in enumerate(words):
        matchers[word].skip_to(number)
        here = {place - before for place in matchers[word].value_as("positions")}
        starts = here if starts is None else starts & here
        if not starts:
            return False
    return True
