"""Writing the index: batches of documents from PostgreSQL, each committed by sealing what was written."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import connection
from whoosh import columns, fields
from whoosh.analysis import RegexTokenizer
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.util.filelock import try_for
from whoosh.writing import LockError, SegmentWriter

from search.drafts import VERSION, facts_of
from search.engines.base import LONG_TEXTS
from search.engines.whoosh.sealing import (
    CLOSED,
    MANIFEST,
    Manifest,
    SealedStorage,
    describe,
    read_manifest,
    write_manifest,
)

NAME = "MAIN"
# Changes with the schema, with what documents are made by, and with how they lie in the index.
SCHEMA_VERSION = f"2.7.4-3-{VERSION}"
BATCH = 3_000  # documents of one commit
MEGABYTES = 256  # that Whoosh may sort in memory
TIERS, MOST_ALIKE = (50, 500, 5_000, 50_000), 8  # sizes of segments, and how many of one size there may be
LOCK_SECONDS = 30.0
NEVER = -(2**62)  # `at` of a document without a time
_LOCK = f"{NAME}_WRITELOCK"
_LEXEME = re.compile(r"'((?:[^']|'')*)':([\d,]+)")
_CHANGED = """
    SELECT id, seq, live, words::text, tsvector_to_array(exact), tsvector_to_array(heads), keys, at, kind,
        case_id, object_id, sensitive, status, platform, lang
    FROM search_document
    WHERE seq > %s ORDER BY seq LIMIT %s"""
_FACTS = ("case_id", "object_id", "sensitive", "status", "platform", "lang")
_COLUMNS = ("pk", "seq", "live", "words", "exact", "heads", "keys", "at", "kind", *_FACTS)


class Placed(fields.TEXT):
    """Words with their places: a mapping of word to places, which needs no analysis."""

    def __init__(self) -> None:
        super().__init__(analyzer=RegexTokenizer(), phrase=True)
        self.scorable = False  # nothing is ranked by Whoosh

    def index(self, value: Mapping[str, Sequence[int]], **kwargs: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for word, places in value.items():
            yield word.encode(), len(places), 1.0, self.format.encode(places)


class Bag(fields.ID):
    """Words or keys without places, as a sequence of them."""

    def index(self, value: Sequence[str], **kwargs: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for word in value:
            yield word.encode(), 1, 1.0, b""


SCHEMA = fields.Schema(
    id=Bag(),
    words=Placed(),
    exact=Bag(),
    heads=Bag(),
    keys=Bag(),
    pk=fields.COLUMN(columns.NumericColumn("q", default=-1)),
    at=fields.COLUMN(columns.NumericColumn("q", default=NEVER)),
    seq=fields.COLUMN(columns.NumericColumn("q", default=-1)),
    long=fields.COLUMN(columns.NumericColumn("b", default=0)),
)


def create(folder: Path) -> None:
    """An empty index in a new folder that only we can open."""
    folder.mkdir(mode=CLOSED, parents=True)
    storage = SealedStorage(folder, Manifest(SCHEMA_VERSION, 0, {}))
    TOC(SCHEMA, [], 0).write(storage, NAME)
    _seal(storage, 0, storage.made)


def _seal(storage: SealedStorage, mark: int, names: Iterable[str]) -> None:
    known = storage.manifest.files
    files = {name: known.get(name) or describe(storage.at / name) for name in sorted(names)}
    write_manifest(storage.at, Manifest(SCHEMA_VERSION, mark, files))


def sweep(folder: Path, manifest: Manifest) -> None:
    """Take away what a killed writer left; for whoever holds the lock."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in {*manifest.files, MANIFEST, _LOCK}:
            path.unlink()


class _Writer(SegmentWriter):
    """Whoosh's writer, whose last step is the manifest: before it nothing has changed, after it everything has."""

    mark = 0

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        kept = {segment.segment_id() for segment in segments}
        toc = TOC._filename(self.indexname, self.generation)
        names = [name for name in self.storage.list() if name == toc or name.partition(".")[0] in kept]
        _seal(self.storage, self.mark, names)


@dataclass(frozen=True)
class Row:
    """A document as the index takes it; its words with their places."""

    pk: int
    seq: int
    live: bool
    words: dict[str, list[int]]
    exact: list[str]
    heads: list[str]
    keys: list[str]
    at: datetime | None
    kind: str


def changed_since(mark: int, most: int = BATCH) -> list[Row]:
    """The next changes of documents in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [mark, most])
        rows = cursor.fetchall()
    return [_row(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _row(stored: dict[str, Any]) -> Row:
    """What is columns to PostgreSQL is keys here."""
    facts = facts_of(**{name: stored.pop(name) for name in _FACTS}, at=stored["at"], kind=stored["kind"])
    return Row(**stored | {"words": placed(stored["words"]), "keys": stored["keys"] + facts})


def last_change() -> int:
    """The number of the last change of any document."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(seq), 0) FROM search_document")
        return cursor.fetchone()[0]


def placed(vector: str) -> dict[str, list[int]]:
    """The words of a tsvector as PostgreSQL prints it, each with its places."""
    return {
        word.replace("''", "'").replace("\\\\", "\\"): [int(place) for place in places.split(",")]
        for word, places in _LEXEME.findall(vector)
    }


Policy = Callable[[SegmentWriter, Sequence[Any]], list[Any]]


def write(folder: Path, rows: Sequence[Row]) -> None:
    """Bring the index to the last of `rows`: all of them, or, whenever it is interrupted, none.

    Raises LockError when another writer stays longer than LOCK_SECONDS.
    """
    with _turn(folder) as manifest:
        # Of two states of one document the last counts: Whoosh would keep both.
        fresh = list({row.pk: row for row in rows if row.seq > manifest.mark}.values())
        if fresh:
            _commit(folder, manifest, fresh, merge_small)


def optimize(folder: Path) -> None:
    """Make one segment of all, without what was deleted. It writes everything anew: for a quiet hour.

    Raises LockError as `write` does.
    """
    with _turn(folder) as manifest:
        _commit(folder, manifest, [], merge_all)


@contextmanager
def _turn(folder: Path) -> Iterator[Manifest]:
    """One writer at a time; gives the newest manifest."""
    # Read under no lock only to have something to lock by; what counts is read again under it.
    index = FileIndex(SealedStorage(folder, read_manifest(folder)), schema=SCHEMA, indexname=NAME)
    lock = index.lock("WRITELOCK")
    if not try_for(lock.acquire, timeout=LOCK_SECONDS, delay=0.05):
        raise LockError
    try:
        yield read_manifest(folder)
    finally:
        lock.release()


def _commit(folder: Path, manifest: Manifest, rows: Sequence[Row], policy: Policy) -> None:
    sweep(folder, manifest)
    index = FileIndex(SealedStorage(folder, manifest), schema=SCHEMA, indexname=NAME)
    writer = _Writer(index, compound=False, limitmb=MEGABYTES, _lk=False)
    try:
        _delete(writer, index, {str(row.pk) for row in rows})
        for row in rows:
            if row.live:
                _add(writer, row)
        writer.mark = max((row.seq for row in rows), default=manifest.mark)
        writer.commit(mergetype=policy)
    finally:
        if not writer.is_closed:
            writer.cancel()
    sweep(folder, read_manifest(folder))


def _delete(writer: SegmentWriter, index: FileIndex, ids: set[str]) -> None:
    """By number: Whoosh's own update looks for each document anew, and its deletion by term misses what is new."""
    with index.reader() as reader:
        for leaf, base in reader.leaf_readers():
            for text in ids:
                if ("id", text) in leaf:
                    for number in leaf.postings("id", text).all_ids():
                        if not leaf.is_deleted(number):
                            writer.delete_document(base + number)


def _add(writer: SegmentWriter, row: Row) -> None:
    writer.add_document(
        id=[str(row.pk)],
        words=row.words,
        exact=row.exact,
        heads=row.heads,
        keys=row.keys,
        pk=row.pk,
        seq=row.seq,
        at=int(row.at.timestamp() * 1_000_000) if row.at else NEVER,
        long=int(row.kind in LONG_TEXTS),
    )


def merge_small(writer: SegmentWriter, segments: Sequence[Any]) -> list[Any]:
    """Whoosh's own policy leaves hundreds of segments after hundreds of small commits: merge those of one size.

    Each document is written again once per size, however many come after it.
    """
    merged = {id(segment) for segment in segments if segment.deleted_count() * 2 > segment.doc_count_all()}
    for least, most in pairwise((0, *TIERS)):
        alike = [segment for segment in segments if least <= segment.doc_count() < most]
        merged |= {id(segment) for segment in alike} if len(alike) > MOST_ALIKE else set()
    _take_in(writer, [segment for segment in segments if id(segment) in merged])
    return [segment for segment in segments if id(segment) not in merged]


def merge_all(writer: SegmentWriter, segments: Sequence[Any]) -> list[Any]:
    """A policy that leaves no other segment."""
    _take_in(writer, segments)
    return []


def _take_in(writer: SegmentWriter, segments: Iterable[Any]) -> None:
    for segment in segments:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
