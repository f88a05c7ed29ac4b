"""Recompute the whole log and compare: entries, index columns, payloads, chains, leaves, roots, signatures.

The database looks through the entries (suspects.py), while Python builds the tree; then Python looks at what is left.
"""

import base64
import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from audit import keys, outside, time_stamps
from audit.canonical import parse
from audit.exceptions import NotCanonical, NotStamped
from audit.key_chain import KeyChain, derive_keys
from audit.merkle import Tree
from audit.models import Leaf, TimeStamp
from audit.notes import open_checkpoint
from audit.offline import KEY_CHANGED, Refused, leaf_hash
from audit.suspects import Places, begin_reading, looking

CHUNK = 5000
MAX_PROBLEMS = 100
PENDING_SECONDS = 60

# The payload is hashed by the database, since a single one may have many megabytes.
_COLUMNS = """
    event.id, event.entry, event.event_id::text, event.actor, event.action, event.case_id::text, event.object,
    event.object_seq, event.request_id,
    to_char(event.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    encode(pg_catalog.sha256(payload.salt || payload.body), 'hex')"""
_SEALED = f"""
    SELECT leaf.idx, leaf.leaf, leaf.id, {_COLUMNS}
    FROM audit_leaf leaf
    LEFT JOIN audit_event event ON event.id = leaf.id
    LEFT JOIN audit_payload payload ON payload.event_id = event.event_id
    WHERE leaf.idx = ANY(%s) ORDER BY leaf.idx"""  # noqa: S608
_UNSEALED = f"""
    SELECT pending.id IS NOT NULL, event.recorded_at < clock_timestamp() - interval '{PENDING_SECONDS} seconds',
        {_COLUMNS}
    FROM audit_event event
    LEFT JOIN audit_leaf leaf ON leaf.id = event.id
    LEFT JOIN audit_pending pending ON pending.id = event.id
    LEFT JOIN audit_payload payload ON payload.event_id = event.event_id
    WHERE leaf.id IS NULL ORDER BY event.id"""  # noqa: S608
# How many sealed entries there are about each object with entries that wait, and the leaf of the newest.
_HEADS = """
    SELECT event.object, count(*), encode((array_agg(leaf.leaf ORDER BY leaf.idx DESC))[1], 'hex')
    FROM audit_event event JOIN audit_leaf leaf ON leaf.id = event.id
    WHERE event.object IN (
        SELECT waiting.object FROM audit_event waiting
        WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.id = waiting.id)
    )
    GROUP BY event.object"""
_STRAYS = """
    SELECT 'a payload without its event', event_id::text FROM audit_payload p
    WHERE NOT EXISTS (SELECT FROM audit_event e WHERE e.event_id = p.event_id)
    UNION ALL
    SELECT 'a waiting number without its event', id::text FROM audit_pending p
    WHERE NOT EXISTS (SELECT FROM audit_event e WHERE e.id = p.id)
    UNION ALL
    SELECT 'an event that waits although it has its place', id::text FROM audit_pending p
    WHERE EXISTS (SELECT FROM audit_leaf l WHERE l.id = p.id)"""
_FIELDS = ("event_id", "actor", "action", "case", "object", "object_seq", "request_id", "recorded_at")


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold; `index` is the first place of the log it may concern, None when it has no place."""

    index: int | None
    check: str
    message: str


@dataclass
class Report:
    """What a verification found; `problems` holds the first hundred, `problem_count` counts all."""

    sealed: int = 0
    pending: int = 0
    checkpoints: int = 0
    time_stamps: int = 0
    row_changed: int = 0
    root: str = ""
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problem_count

    @property
    def first_bad_index(self) -> int | None:
        return min((problem.index for problem in self.problems if problem.index is not None), default=None)

    def add(self, index: int | None, check: str, message: str) -> None:
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(index, check, message))


def verify_log(against: Sequence[str] = (), vkeys: Sequence[str] | None = None) -> Report:
    """Verify all tables of the log in one snapshot and return the report.

    `against` holds checkpoints kept outside; `vkeys` the verifier keys to trust (default: those of this installation).
    The first of them is enough: the log itself must name each later one under the one before.
    """
    # Before the snapshot: a checkpoint that is signed after it would speak of entries that the snapshot does not have.
    kept_outside = [*outside.read_checkpoints(), *against]
    with transaction.atomic(), connection.cursor() as cursor:
        begin_reading(cursor)
        return _Verification(vkeys or keys.trusted_vkeys(), kept_outside).run(cursor)


class _Verification:
    def __init__(self, vkeys: Sequence[str], kept_outside: Sequence[str]) -> None:
        self.report = Report()
        self.trusted = list(vkeys)
        self.vkeys = derive_keys(self.trusted[0], _key_changes())
        self.chain = KeyChain(self.trusted[0])
        self.tree = Tree()
        self.roots: dict[int, bytes] = {}  # of the sizes that a checkpoint was signed for
        self.without_payload: dict[str, int | None] = {}
        self.sealed_payloads: set[str] = set()
        self.last_good_size = 0
        self.kept_outside: dict[int, set[str]] = defaultdict(set)
        for note in kept_outside:
            self._sort_in(note)

    def run(self, cursor) -> Report:
        if self.vkeys[: len(self.trusted)] != self.trusted:
            self.report.add(None, "key", "the log does not lead from the first of the trusted keys to the others")
        with looking(cursor) as parts:
            self._build_tree()
        self._look_at({idx: place for part in parts for idx, place in part.result().items()})
        self._check_unsealed()
        for event_id, index in self.without_payload.items():
            if event_id not in self.sealed_payloads:
                self.report.add(
                    index, "payload", f"the payload of event {event_id} is gone, and no entry says by whose order"
                )
        self._check_time_stamps()
        cursor.execute(_STRAYS)
        for what, name in cursor.fetchall():
            self.report.add(None, "stray", f"{what}: {name}")
        self.report.sealed = self.tree.size
        self.report.root = base64.b64encode(self.tree.root()).decode()
        return self.report

    def _sort_in(self, note: str) -> None:
        """Keep an outside checkpoint for the moment when the tree has its size."""
        try:
            size, _ = open_checkpoint(note, self.vkeys)
        except Refused as error:
            self.report.add(None, "signature", f"a checkpoint kept outside: {error}")
        else:
            self.kept_outside[size].add(note)

    def _open(self, note: str, size: int, index: int) -> tuple[int, bytes] | None:
        try:
            return self.chain.open(note)
        except Refused as error:
            self.report.add(index, "signature", f"checkpoint of {size} entries: {error}")
            return None

    def _build_tree(self) -> None:
        """Build the tree over the leaves up to the first gap, and keep the roots that were signed."""
        signed = {size for (size,) in _stream("SELECT size FROM audit_checkpoint")} | self.kept_outside.keys()
        leaves: list[bytes] = []
        for idx, leaf in _stream("SELECT idx, leaf FROM audit_leaf ORDER BY idx"):
            size = self.tree.size + len(leaves)
            if idx != size:
                self.report.add(size, "place", f"place {size} is missing, the next one is {idx}")
                break
            leaves.append(bytes(leaf))
            if size + 1 in signed or len(leaves) == CHUNK:
                self.tree.extend(leaves)
                leaves.clear()
                if size + 1 in signed:
                    self.roots[size + 1] = self.tree.root()
        self.tree.extend(leaves)

    def _look_at(self, places: Places) -> None:
        """Go through suspected entries and checkpoints in the order in which they were made."""
        checkpoints = _stream("SELECT size, note FROM audit_checkpoint ORDER BY size")
        covered = (size for size in sorted(self.kept_outside) if size in self.roots)
        steps = heapq.merge(
            ((row[0] + 1, 0, row) for row in _read_rows([idx for idx in places if 0 <= idx < self.tree.size])),
            ((size, 1, note) for size, note in checkpoints),
            ((size, 2, None) for size in covered),
            key=lambda step: step[:2],
        )
        for size, kind, what in steps:
            if kind == 0:
                self._check_leaf(*what, expected=places[what[0]])
            elif kind == 2:
                self._check_outside(size)
            elif size <= self.tree.size:
                self._check_checkpoint(size, what)
            else:
                self._check_truncated(size, what)
        self._check_covered()

    def _check_leaf(self, idx: int, leaf: bytes, pk: int, *row: Any, expected: tuple[int, str | None]) -> None:
        if row[0] is None:
            self.report.add(idx, "event", f"event {pk} is gone")
        elif bytes(leaf) != leaf_hash(bytes(row[1])):
            self.report.add(idx, "leaf", f"the entry of event {pk} is not the one whose hash was sealed")
        else:
            self._check_event(idx, row, expected)

    def _check_event(self, index: int | None, row: Sequence, expected: tuple[int, str | None]) -> None:
        """Compare an entry with its index columns, its payload and its expected (number, hash before) of its object."""
        pk, data, event_id, actor, action, case_id, obj, object_seq, request_id, recorded_at, payload = row
        fields = _parse_entry(bytes(data))
        if fields is None:
            self.report.add(index, "entry", f"the entry of event {pk} is not canonical JSON")
            return
        columns = (event_id, actor, action, case_id, obj, object_seq, request_id, recorded_at)
        said = tuple(map(fields.get, _FIELDS))
        if said != columns or type(said[5]) is not int:
            wrong = [name for name, value, column in zip(_FIELDS, said, columns, strict=True) if value != column]
            self.report.add(index, "column", f"columns of event {pk} differ from its entry: {', '.join(wrong)}")
        promised = fields.get("payload_sha256")
        if payload is None and promised is not None:
            self.without_payload[event_id] = index
        elif payload != promised:
            self.report.add(index, "payload", f"the payload of event {pk} is not the one its entry commits to")
        if action == "payload_sealed":
            self.sealed_payloads.add(obj.removeprefix("event:"))
        elif action == "row_changed":
            self.report.row_changed += 1
        elif action == KEY_CHANGED and index is not None:
            self._check_key_change(index, pk, bytes(data))
        if (fields.get("object_seq"), fields.get("object_prev")) != expected:
            self.report.add(index, "chain", f"event {pk} does not follow entry {expected[0] - 1} about {obj}")

    def _check_key_change(self, index: int, pk: int, entry: bytes) -> None:
        try:
            self.chain.announce(entry)
        except Refused as error:
            self.report.add(index, "key", f"event {pk} names a new key, but the key in use did not: {error}")

    def _check_checkpoint(self, size: int, note: str) -> None:
        self.report.checkpoints += 1
        start = self.last_good_size
        known = note in self.kept_outside.get(size, ())
        if known:
            self.kept_outside[size].discard(note)
        signed = self._open(note, size, start)
        if signed is None:
            return
        if signed[0] != size:
            self.report.add(
                start, "checkpoint", f"the checkpoint filed under {size} entries was signed for {signed[0]}"
            )
        elif signed[1] != self.roots.get(size):
            self.report.add(start, "root", self._changed(start, size, "the checkpoint"))
        else:
            self.last_good_size = size

    def _check_outside(self, size: int) -> None:
        for note in self.kept_outside.pop(size):
            if open_checkpoint(note, self.vkeys)[1] != self.roots[size]:
                text = self._changed(self.last_good_size, size, "a checkpoint kept outside")
                self.report.add(min(self.last_good_size, size - 1), "outside", text)

    def _check_time_stamps(self) -> None:
        """Each must be the authority's word on just this checkpoint; its signature is checked where roots are named."""
        roots = time_stamps.read_roots()
        for stamp in TimeStamp.objects.select_related("checkpoint").order_by("pk").iterator():
            self.report.time_stamps += 1
            try:
                response = time_stamps.check_response(
                    stamp.checkpoint.note.encode(), bytes(stamp.response), roots=roots
                )
            except NotStamped as error:
                self.report.add(None, "time", f"the time stamp of the checkpoint of {stamp.pk} entries: {error}")
            else:
                if response.tst_info.gen_time != stamp.stamped_at:
                    self.report.add(None, "time", f"the time beside the time stamp of {stamp.pk} entries is not in it")

    def _changed(self, start: int, size: int, what: str) -> str:
        return f"the first {size} entries are not those that {what} covers: changed at place {start} or later"

    def _check_truncated(self, size: int, note: str) -> None:
        self._open(note, size, self.tree.size)
        text = f"a checkpoint covers {size} entries, only {self.tree.size} are there"
        self.report.add(self.tree.size, "truncated", text)
        self.report.checkpoints += 1

    def _check_covered(self) -> None:
        """Look at what the leaves did not reach: later checkpoints kept outside, and leaves under no checkpoint."""
        size = self.tree.size
        for later in sorted(key for key, kept in self.kept_outside.items() if kept):
            if later > size:
                text = f"a checkpoint kept outside covers {later} entries, only {size} are there"
                self.report.add(size, "truncated", text)
        if self.last_good_size < size and self.report.ok:
            self.report.add(self.last_good_size, "checkpoint", "the newest entries stand under no checkpoint")

    def _check_unsealed(self) -> None:
        heads: dict[str, tuple[int, str | None]] = {obj: (count, leaf) for obj, count, leaf in _stream(_HEADS)}
        for waits, late, *row in _stream(_UNSEALED):
            self.report.pending += 1
            obj, (number, head) = row[6], heads.get(row[6], (0, None))
            self._check_event(None, row, (number + 1, head))
            heads[obj] = number + 1, leaf_hash(bytes(row[1])).hex()
            if not waits:
                text = (
                    f"event {row[0]} has no place in the log and does not wait for one: it was taken out of the queue"
                )
                self.report.add(None, "queue", text)
            elif late:
                text = f"event {row[0]} waits for its place for over {PENDING_SECONDS} s: is the sequencer running?"
                self.report.add(None, "late", text)


def _key_changes() -> Iterator[bytes]:
    """The entries that name a new key, in the order of the log."""
    changes = Leaf.objects.filter(event__action=KEY_CHANGED).order_by("idx")
    return map(bytes, changes.values_list("event__entry", flat=True))


def _read_rows(places: list[int]) -> Iterator[tuple]:
    """The rows of suspected places in their order, a chunk at a time."""
    places.sort()
    for start in range(0, len(places), CHUNK):
        yield from _stream(_SEALED, [places[start : start + CHUNK]])


def _stream(query: str, values: list | None = None) -> Iterator[tuple]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _parse_entry(data: bytes) -> dict | None:
    """The fields of an entry, None when the bytes are not its canonical form."""
    try:
        fields = parse(data)
    except NotCanonical:
        return None
    return fields if isinstance(fields, dict) else None
