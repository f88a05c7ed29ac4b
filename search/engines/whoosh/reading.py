"""Asking the index: postings become sets of document numbers, and a tree of conditions arithmetic on these.

Segments never change but for what is deleted from them, so that the numbers behind a key, and the columns, are kept
per segment in this process. Every question opens readers of its own on the newest manifest.
"""

import struct
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock

import numpy as np
from django.db import connection
from whoosh.index import FileIndex
from whoosh.index import IndexError as WhooshError
from whoosh.query import Phrase as WhooshPhrase
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from search.ast import Among, And, During, Everything, Keys, Node, Not, Or, Phrase, Words
from search.engines.base import FACETS, SECONDS, Answer, OutOfTime, Question, Unavailable
from search.engines.postgres import first_values
from search.engines.whoosh import shelf
from search.engines.whoosh.sealing import SealedStorage, Unsealed, read_manifest
from search.engines.whoosh.writing import NAME, NEVER, SCHEMA, SCHEMA_VERSION

REBUILDING = "The index is being rebuilt: the database answered this search instead."
# What a damaged index raises, in Whoosh and below it. Nothing that was not written by us is unpickled (sealing.py).
BROKEN = (
    *(OSError, Unsealed, WhooshError, EOFError, LookupError, ValueError, TypeError, AttributeError, AssertionError),
    *(ArithmeticError, NameError, ImportError, MemoryError, struct.error, zlib.error),
)
TRIES = 3  # while a writer takes files away
_MOST_KEPT = 64 * 1024**2  # bytes of sets of numbers
_NEWEST = """
    SELECT max(newest.seq) FROM unnest(%s::uuid[]) own, LATERAL (
        SELECT seq FROM search_document WHERE case_id = own ORDER BY seq DESC LIMIT 1) newest"""
Mask = np.ndarray


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
        if manifest.mark < _newest_change(question):
            raise Unavailable("")
        return ask_index(folder, question)


def ask_index(folder: Path, question: Question) -> Answer:
    """What the index in `folder` has, however old it is."""
    index = FileIndex(SealedStorage(folder, read_manifest(folder)), schema=SCHEMA, indexname=NAME)
    with Searcher(index.reader()) as searcher:
        return _Asked(searcher, question).answer()


def _newest_change(question: Question) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [list(question.cases)])
        return cursor.fetchone()[0] or 0


class _Asked:
    """One question to one state of the index."""

    def __init__(self, searcher: Searcher, question: Question) -> None:
        self.question = question
        self.until = time.monotonic() + SECONDS
        self.segments = [_Segment(leaf, self) for leaf, _ in searcher.leaf_searchers() if leaf.doc_count_all()]

    def check_time(self) -> None:
        if time.monotonic() > self.until:
            raise OutOfTime

    def answer(self) -> Answer:
        asked = self.question
        hits = [np.flatnonzero(segment.hits(asked)) for segment in self.segments]
        total = sum(map(len, hits))
        facets = self._facets(hits) if asked.facets else {}
        return Answer(self._page(hits), total, facets)

    def _page(self, hits: list[np.ndarray]) -> list[int]:
        """In the order of engines.base."""
        if not sum(map(len, hits)):
            return []
        pairs = list(zip(self.segments, hits, strict=True))
        pk = np.concatenate([segment.column("pk")[found] for segment, found in pairs])
        at = np.concatenate([segment.column("at")[found] for segment, found in pairs])
        long = np.concatenate([segment.column("long")[found] for segment, found in pairs])
        tier = np.concatenate([segment.tier(self.question.wanted)[found] for segment, found in pairs])
        order = np.lexsort((-pk, -at, long, -tier, self._places(pk)))
        self.check_time()
        chosen = order[self.question.offset : self.question.offset + self.question.size]
        return pk[chosen].tolist()

    def _places(self, pk: np.ndarray) -> np.ndarray:
        places = np.full(len(pk), len(self.question.first), dtype=np.int64)
        for place, wanted in enumerate(self.question.first):
            places[pk == wanted] = place
        return places

    def _facets(self, hits: list[np.ndarray]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for name, letter in FACETS.items():
            numbers: dict[str, int] = {}
            for segment, mine in zip(self.segments, hits, strict=True):
                mask = segment.mask_of(mine)
                for value, count in segment.counts(letter, mask, self.question):
                    numbers[value] = numbers.get(value, 0) + count
                self.check_time()
            found[name] = first_values({value: number for value, number in numbers.items() if number})
        return found


class _Segment:
    """One segment as masks: an array of truth values, one for each document number."""

    def __init__(self, searcher: Searcher, asked: _Asked) -> None:
        self.searcher = searcher
        self.reader: IndexReader = searcher.reader()
        self.asked = asked
        self.size = self.reader.doc_count_all()
        self.id = self.reader.segment().segment_id()

    def hits(self, question: Question) -> Mask:
        live = self._in_reach(question)
        return live & self.mask(question.tree) if live.any() else live

    def _in_reach(self, question: Question) -> Mask:
        mask = self.mask(Keys(question.audiences))
        mask[list(self.reader.segment().deleted_docs())] = False
        if question.hidden:
            mask &= ~self.mask(Keys(tuple(f"o:{row}" for row in question.hidden)))
        return mask

    def mask(self, node: Node) -> Mask:
        self.asked.check_time()
        match node:
            case Everything():
                found = np.ones(self.size, dtype=bool)
            case Words(words, exact):
                found = self._any("exact" if exact else "words", words)
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
            self.asked.check_time()
        return found

    def numbers(self, field: str, text: str) -> np.ndarray:
        """The documents that have a word or key; kept, because a segment's postings never change."""
        return _kept.get((self.id, field, text), lambda: self._numbers(field, text))

    def _numbers(self, field: str, text: str) -> np.ndarray:
        if (field, text) not in self.reader:
            return np.empty(0, dtype=np.int32)
        return np.fromiter(self.reader.postings(field, text).all_ids(), dtype=np.int32)

    def _phrase(self, words: tuple[str, ...]) -> Mask:
        found = self._all(tuple(Words((word,)) for word in words))
        if found.any():
            matcher = WhooshPhrase("words", list(words)).matcher(self.searcher)
            mask = np.zeros(self.size, dtype=bool)
            while matcher.is_active():
                mask[matcher.id()] = True
                matcher.next()
                self.asked.check_time()
            found &= mask
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
        column = self.reader.column_reader(name)
        return np.fromiter((column[number] for number in range(self.size)), dtype=np.int64, count=self.size)

    def tier(self, wanted: tuple[tuple[str, ...], ...]) -> np.ndarray:
        """2 where title, names and handles have a word of each group, 1 where they have one of some, else 0."""
        if not wanted:
            return np.zeros(self.size, dtype=np.int8)
        masks = [self._any("heads", group) for group in wanted]
        return np.logical_and.reduce(masks).astype(np.int8) + np.logical_or.reduce(masks).astype(np.int8)

    def mask_of(self, numbers: np.ndarray) -> Mask:
        mask = np.zeros(self.size, dtype=bool)
        mask[numbers] = True
        return mask

    def counts(self, letter: str, mask: Mask, question: Question) -> Iterator[tuple[str, int]]:
        """How many of the marked documents have each value of a facet; of cases only those of the person."""
        for value in self._values(letter, question):
            if count := int(np.count_nonzero(mask[self.numbers("keys", f"{letter}:{value}")])):
                yield value, count

    def _values(self, letter: str, question: Question) -> list[str]:
        if letter == "c":
            return [str(case_id) for case_id in question.cases]
        begins = f"{letter}:".encode()
        return [text.decode()[2:] for text in self.reader.expand_prefix("keys", begins)]


class _Kept:
    """The sets of numbers that were asked for last, for all threads."""

    def __init__(self) -> None:
        self._sets: OrderedDict[tuple[str, str, str], np.ndarray] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: tuple[str, str, str], make: Callable[[], np.ndarray]) -> np.ndarray:
        """The set of `key`; made where it is not kept, perhaps by two threads at once."""
        with self._lock:
            if key in self._sets:
                self._sets.move_to_end(key)
                return self._sets[key]
        made = make()
        with self._lock:
            if key not in self._sets:
                self._sets[key] = made
                self._bytes += made.nbytes
            while self._bytes > _MOST_KEPT and len(self._sets) > 1:
                self._bytes -= self._sets.popitem(last=False)[1].nbytes
        return made


_kept = _Kept()
