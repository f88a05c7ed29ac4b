"""Asking the index: which may answer, one page of hits in their order, and the facets of all of them.

Every question opens the newest manifest, and readers of its own.
"""

import struct
import time
import zlib
from pathlib import Path

import numpy as np
from whoosh.index import TOC
from whoosh.index import IndexError as WhooshError

from search.engines.base import FACETS, SECONDS, Answer, OutOfTime, Question, Unavailable, first_values
from search.engines.whoosh import shelf
from search.engines.whoosh.beginnings import in_whole_words
from search.engines.whoosh.sealing import Manifest, SealedStorage, Unsealed, read_manifest
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.writing import NAME, SCHEMA, SCHEMA_VERSION

REBUILDING = "The index is being rebuilt: the database answered this search instead."
# What a damaged index raises, in Whoosh and below it. Nothing that was not written by us is unpickled (sealing.py).
BROKEN = (
    *(OSError, Unsealed, WhooshError, EOFError, LookupError, ValueError, TypeError, AttributeError, AssertionError),
    *(ArithmeticError, NameError, ImportError, MemoryError, struct.error, zlib.error),
)
TRIES = 3  # while a writer takes files away


class Whoosh:
    """Answers from the index, or raises Unavailable: without a sentence where it is only a moment behind."""

    name = "whoosh"

    def ask(self, question: Question) -> Answer:
        """One page of the newest index."""
        for left in reversed(range(TRIES)):
            try:
                return self._ask(question)
            except FileNotFoundError as error:
                if not left:
                    raise Unavailable(REBUILDING) from error
            except BROKEN as error:
                raise Unavailable(REBUILDING) from error
        raise Unavailable(REBUILDING)

    def _ask(self, question: Question) -> Answer:
        folder = shelf.current()
        if folder is None:
            raise Unavailable(REBUILDING)
        manifest = read_manifest(folder)
        if manifest.schema != SCHEMA_VERSION:
            raise Unavailable(REBUILDING)
        if manifest.mark < question.newest:
            raise Unavailable("")
        return _answer(folder, manifest, in_whole_words(question))


def ask_index(folder: Path, question: Question) -> Answer:
    """What the index in `folder` has, however old it is."""
    return _answer(folder, read_manifest(folder), question)


def _answer(folder: Path, manifest: Manifest, question: Question) -> Answer:
    storage = SealedStorage(folder, manifest)
    asked = _Asked(question, storage)
    try:
        return asked.answer()
    finally:
        asked.close()


class _Asked:
    """One question to one state of the index."""

    def __init__(self, question: Question, storage: SealedStorage) -> None:
        self.question = question
        self.until = time.monotonic() + SECONDS
        segments = TOC.read(storage, NAME, schema=SCHEMA).segments
        self.segments = [Segment(storage, one, self.check_time) for one in segments if one.doc_count_all()]

    def close(self) -> None:
        for segment in self.segments:
            segment.close()

    def check_time(self) -> None:
        if time.monotonic() > self.until:
            raise OutOfTime

    def answer(self) -> Answer:
        hits = [segment.hits(self.question) for segment in self.segments]
        facets = self._facets(hits) if self.question.facets else {}
        return Answer(self._page(hits), sum(map(len, hits)), facets)

    def _page(self, hits: list[np.ndarray]) -> list[int]:
        """In the order of engines.base."""
        if not sum(map(len, hits)):
            return []
        pairs = list(zip(self.segments, hits, strict=True))
        pk, at, long = (
            np.concatenate([segment.column(name)[found] for segment, found in pairs]) for name in ("pk", "at", "long")
        )
        tier = np.concatenate([segment.tier(self.question.wanted)[found] for segment, found in pairs])
        rank = 6 * self._places(pk) + 2 * (2 - tier) + long
        end = self.question.offset + self.question.size
        kept = _foremost(rank, at, end)
        order = np.lexsort((-pk[kept], -at[kept], rank[kept]))
        self.check_time()
        return pk[kept[order[self.question.offset : end]]].tolist()

    def _places(self, pk: np.ndarray) -> np.ndarray:
        """Of each document its place among those that come first; of the others their number."""
        first = np.array(self.question.first, dtype=np.int64)
        if not first.size:
            return np.zeros(len(pk), dtype=np.int64)
        order = np.argsort(first)
        place = order[np.searchsorted(first, pk, sorter=order) % len(first)]
        return np.where(first[place] == pk, place, len(first))

    def _facets(self, hits: list[np.ndarray]) -> dict[str, dict[str, int]]:
        own = {str(case_id) for case_id in self.question.reach.cases}
        found: dict[str, dict[str, int]] = {}
        for name, letter in FACETS.items():
            numbers: dict[str, int] = {}
            for segment, mine in zip(self.segments, hits, strict=True):
                for value, count in segment.counts(letter, mine):
                    if letter != "c" or value in own:
                        numbers[value] = numbers.get(value, 0) + count
                self.check_time()
            found[name] = first_values(numbers)
        return found


def _foremost(rank: np.ndarray, at: np.ndarray, most: int) -> np.ndarray:
    """Which may be among the first `most` by rank, then the newest: all else need not be sorted."""
    if len(rank) <= most:
        return np.arange(len(rank))
    last = np.partition(rank, most - 1)[most - 1]
    sure, tied = np.flatnonzero(rank < last), np.flatnonzero(rank == last)
    left = len(tied) - (most - len(sure))
    if left > 0:
        tied = tied[at[tied] >= np.partition(at[tied], left)[left]]
    return np.concatenate((sure, tied))
