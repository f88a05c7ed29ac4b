"""The sequencer gives each committed event its place in the Merkle tree and signs the new root (AUDIT.md 2.5).

It takes what the pending queue holds and never asks for "ids above the last one": a transaction that commits late
has a low id, and 8 % of such events were skipped when measured.
"""

import logging
import threading
from collections.abc import Iterator

from django.db import Error, connections, transaction

from audit import keys, merkle, outside
from audit.exceptions import LogMismatch
from audit.merkle import Tree
from audit.notes import open_checkpoint
from audit.offline import Refused, leaf_hash
from audit.waiting import DONE_CHANNEL, WAKE_CHANNEL

ALIAS = "sequencer"
BATCH = 2000
INTERVAL = 1.0
LOCK = 0x6175646974  # "audit"; whoever holds it may write leaves

_TAKE = """
    WITH taken AS (
        DELETE FROM audit_pending WHERE id IN (SELECT id FROM audit_pending ORDER BY id LIMIT %s) RETURNING id
    )
    SELECT taken.id, event.entry FROM taken LEFT JOIN audit_event event ON event.id = taken.id ORDER BY taken.id"""
_ADD_LEAVES = """
    INSERT INTO audit_leaf (idx, id, leaf)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[])"""

logger = logging.getLogger(__name__)


class Sequencer:
    """One log's only writer of leaves and checkpoints; a second one waits for the first at each batch."""

    def __init__(self, alias: str = ALIAS) -> None:
        keys.load_or_create_signer()
        self._connection = connections[alias]
        self._alias = alias
        self._tree = Tree()
        self._checked: str | None = None  # the newest checkpoint that was compared with the tree

    def start(self) -> None:
        """Rebuild the tree and compare it with what was signed before; raise LogMismatch when they differ."""
        with transaction.atomic(using=self._alias), self._connection.cursor() as cursor:
            # The limits are those of a page; another sequencer's batch or a log of millions takes longer.
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            self._lock_and_catch_up(cursor)
            self._compare_with_outside(cursor)

    def run_once(self) -> int:
        """Seal one batch in one transaction and return how many events it had."""
        with transaction.atomic(using=self._alias), self._connection.cursor() as cursor:
            self._lock_and_catch_up(cursor)
            cursor.execute(_TAKE, [BATCH])
            rows = cursor.fetchall()
            if not rows:
                return 0
            tree, note = self._seal(cursor, rows)
        # Only now: what is not committed must never be seen outside.
        self._tree, self._checked = tree, note
        outside.append_checkpoints([note])
        return len(rows)

    def run_all(self) -> int:
        """Seal all that is pending now and return how many events that were."""
        total = 0
        while count := self.run_once():
            total += count
        return total

    def run(self, stop: threading.Event) -> None:
        """Seal until `stop` is set: every second, at once when someone waits. Outlives a restart of the database."""
        connected = False
        while not stop.is_set():
            try:
                if not connected:
                    self._connect()
                    connected = True
                if self.run_once() < BATCH:
                    self._wait()
            except Error as error:
                logger.warning("The sequencer lost the database and tries again: %s", error)
                connected = False
                self._connection.close()
                stop.wait(INTERVAL)
        self._connection.close()

    def _connect(self) -> None:
        self.start()
        with self._connection.cursor() as cursor:
            cursor.execute(f"LISTEN {WAKE_CHANNEL}")

    def _wait(self) -> None:
        with self._connection.wrap_database_errors:
            for _ in self._connection.connection.notifies(timeout=INTERVAL, stop_after=1):
                pass

    def _lock_and_catch_up(self, cursor) -> None:
        """Take the lock, read the leaves another sequencer added, and compare the tree with the last checkpoint."""
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SELECT coalesce(max(idx) + 1, 0) FROM audit_leaf")
        count = cursor.fetchone()[0]
        if count < self._tree.size:
            raise LogMismatch(f"the log had {self._tree.size} entries and now has {count}: entries were removed")
        if count > self._tree.size:
            self._read_leaves()
        self._compare_with_checkpoint(cursor)

    def _read_leaves(self) -> None:
        tree = self._tree.copy()
        for idx, leaf in self._leaves(tree.size):
            if idx != tree.size:
                raise LogMismatch(f"leaf {tree.size} is missing: verify_audit says more")
            tree.append(bytes(leaf))
        self._tree = tree

    def _compare_with_checkpoint(self, cursor) -> None:
        cursor.execute("SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
        row = cursor.fetchone()
        if row is None:
            if self._tree.size:
                raise LogMismatch(f"{self._tree.size} leaves stand under no checkpoint: checkpoints were removed")
            return
        if row[1] != self._checked:
            size, root = _open(row[1])
            if (size, root) != (self._tree.size, self._tree.root()) or size != row[0]:
                raise LogMismatch(
                    f"the {self._tree.size} leaves do not have the root of the last checkpoint (size {size}): "
                    "verify_audit names the first wrong entry"
                )
            self._checked = row[1]
        elif row[0] != self._tree.size:
            raise LogMismatch(f"the last checkpoint covers {row[0]} of {self._tree.size} leaves: leaves were added")

    def _compare_with_outside(self, cursor) -> None:
        """Refuse a database that is older than the checkpoints in the file, and add those the file lacks."""
        note = outside.last_checkpoint()
        size, root = _open(note) if note else (0, None)
        if size > self._tree.size:
            raise LogMismatch(
                f"{outside.log_path()} holds a checkpoint of {size} entries, the database only {self._tree.size}: "
                "it is an older copy, or entries were removed"
            )
        if size and self._root_of(size) != root:
            raise LogMismatch(f"the first {size} entries differ from the checkpoint in {outside.log_path()}")
        cursor.execute("SELECT note FROM audit_checkpoint WHERE size > %s ORDER BY size", [size])
        outside.append_checkpoints([row[0] for row in cursor.fetchall()])

    def _root_of(self, size: int) -> bytes:
        if size == self._tree.size:
            return self._tree.root()
        return merkle.root(bytes(leaf) for _, leaf in self._leaves(0, size))

    def _leaves(self, start: int, end: int = 2**62) -> Iterator[tuple[int, bytes]]:
        with self._connection.chunked_cursor() as cursor:
            cursor.execute("SELECT idx, leaf FROM audit_leaf WHERE idx >= %s AND idx < %s ORDER BY idx", [start, end])
            while rows := cursor.fetchmany(10_000):
                yield from rows

    def _seal(self, cursor, rows: list[tuple]) -> tuple[Tree, str]:
        tree, ids, leaves = self._tree.copy(), [], []
        for pk, entry in rows:
            if entry is None:
                raise LogMismatch(f"event {pk} waits for its place and is gone: it was removed")
            ids.append(pk)
            leaves.append(leaf_hash(bytes(entry)))
            tree.append(leaves[-1])
        cursor.execute(_ADD_LEAVES, [list(range(self._tree.size, tree.size)), ids, leaves])
        # Read anew: rotate_audit_key may have put another key in its place.
        note = keys.load_or_create_signer().checkpoint(tree.size, tree.root()).decode()
        cursor.execute("INSERT INTO audit_checkpoint (size, note) VALUES (%s, %s)", [tree.size, note])
        cursor.execute(f"NOTIFY {DONE_CHANNEL}")
        return tree, note


def _open(note: str) -> tuple[int, bytes]:
    try:
        return open_checkpoint(note, keys.trusted_vkeys())
    except Refused as error:
        raise LogMismatch(f"the last checkpoint is not ours: {error}") from error
