"""Proofs for readers: that an entry stands in the signed log, checkable by `offline.py` alone."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from audit import keys, merkle, notes
from audit.exceptions import BadKey, LogMismatch, NotIncluded
from audit.models import Checkpoint, Event, Leaf, Payload
from audit.offline import KEY_CHANGED, Refused, leaf_hash, node_hash, verify_inclusion

CHUNK = 1024


@dataclass(frozen=True)
class Proof:
    """One event for a reader without our database; `payload` and `salt` only where the reader may see the change."""

    event_id: UUID
    index: int
    size: int
    entry: bytes
    tlog_proof: bytes
    checkpoint: bytes
    payload: bytes | None = None
    salt: bytes | None = None

    def files(self) -> dict[str, bytes]:
        """The proof as files: name -> content."""
        files = {f"{self.event_id}.json": self.entry, f"{self.event_id}.tlog-proof": self.tlog_proof}
        if self.payload is not None and self.salt is not None:
            files |= {f"{self.event_id}.payload.json": self.payload, f"{self.event_id}.salt": self.salt}
        return files


def latest_checkpoint() -> Checkpoint | None:
    """Return the newest signed checkpoint, None before the first."""
    return Checkpoint.objects.order_by("-size").first()


def proof_for(event: Event, *, with_payload: bool = False) -> Proof:
    """Return the proof of one event under the newest checkpoint; see `proofs_for`."""
    return proofs_for([event], with_payload=with_payload)[0]


def proofs_for(
    events: Sequence[Event], *, with_payload: bool = False, checkpoint: Checkpoint | None = None
) -> list[Proof]:
    """Return proofs of `events`, all under `checkpoint`, by default the newest one.

    Raises NotIncluded when one of them is not sealed yet, and LogMismatch when the tables no longer lead to what was
    signed: a proof that does not hold is never handed out.
    """
    checkpoint = checkpoint or latest_checkpoint()
    size, root = _open(checkpoint) if checkpoint else (0, b"")
    places = dict(Leaf.objects.filter(event__in=[event.pk for event in events]).values_list("event_id", "idx"))
    late = [event for event in events if places.get(event.pk, size) >= size]
    if late:
        raise NotIncluded(f"{len(late)} events are not yet under a signed checkpoint, the first is {late[0].event_id}")
    payloads = _payloads(events) if with_payload else {}
    leaves = _Leaves(size)
    proofs = []
    for event in events:
        index, entry = places[event.pk], bytes(event.entry)
        hashes = leaves.prove(index, entry, root)
        salt, body = payloads.get(event.event_id, (None, None))
        note = checkpoint.note.encode()
        tlog_proof = notes.proof_bytes(index, hashes, note)
        proofs.append(Proof(event.event_id, index, size, entry, tlog_proof, note, body, salt))
    return proofs


def key_change_proofs(vkey: str) -> list[Proof]:
    """Return the proofs of the entries that led from the log's first key to `vkey`, each sealed under the key before.

    Raises BadKey when the log does not lead there.
    """
    proofs, current = [], keys.trusted_vkeys()[0]
    for event in Event.objects.filter(action=KEY_CHANGED, leaf__isnull=False).order_by("leaf__idx"):
        if current == vkey:
            break
        try:
            successor = notes.read_key_change(bytes(event.entry), current)
        except Refused:
            continue
        sealed = Checkpoint.objects.filter(size__gt=event.leaf.idx).order_by("size").first()
        proofs += proofs_for([event], checkpoint=sealed)
        current = successor
    if current != vkey:
        raise BadKey("the log does not lead from its first key to the one that signed the checkpoint")
    return proofs


def consistency_since(old_size: int) -> list[bytes]:
    """Return the hashes which show that the newest checkpoint only added to the one of `old_size` entries."""
    checkpoint = latest_checkpoint()
    size = checkpoint.size if checkpoint else 0
    return merkle.consistency_proof(old_size, size, _Leaves(size).subtree)


class _Leaves:
    """Roots of parts of the tree. Those of complete chunks never change and are kept for the life of the process."""

    _chunk_roots: list[bytes] = []
    _lock = threading.Lock()

    def __init__(self, size: int) -> None:
        self._size = size
        self._loaded: dict[int, list[bytes]] = {}
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._complete_chunks(size // CHUNK)

    def prove(self, index: int, entry: bytes, root: bytes) -> list[bytes]:
        """Return the inclusion proof of `entry`, checked against the signed `root`."""
        try:
            return self._prove(index, entry, root)
        except Refused:
            # The kept roots may be of another database, which a restore put in the place of this one.
            with self._lock:
                self._chunk_roots.clear()
            self._loaded.clear()
            self._nodes.clear()
            self._complete_chunks(self._size // CHUNK)
        try:
            return self._prove(index, entry, root)
        except Refused as error:
            raise LogMismatch(
                f"the tables do not lead to the signed root ({error}): verify_audit says where"
            ) from error

    def subtree(self, start: int, end: int) -> bytes:
        chunk, offset = divmod(start, CHUNK)
        if end - start == CHUNK:
            return self._chunk_roots[chunk]
        if end - start == 1:
            return self._leaves_of(chunk)[offset]
        if (start, end) not in self._nodes:
            middle = start + merkle.split(end - start)
            self._nodes[start, end] = node_hash(self.subtree(start, middle), self.subtree(middle, end))
        return self._nodes[start, end]

    def _prove(self, index: int, entry: bytes, root: bytes) -> list[bytes]:
        hashes = merkle.inclusion_proof(index, self._size, self.subtree)
        verify_inclusion(leaf_hash(entry), index, self._size, hashes, root)
        return hashes

    def _leaves_of(self, chunk: int) -> list[bytes]:
        if chunk not in self._loaded:
            rows = Leaf.objects.filter(idx__gte=chunk * CHUNK, idx__lt=min((chunk + 1) * CHUNK, self._size))
            self._loaded[chunk] = [bytes(leaf) for leaf in rows.order_by("idx").values_list("leaf", flat=True)]
        return self._loaded[chunk]

    def _complete_chunks(self, count: int) -> None:
        with self._lock:
            known = len(self._chunk_roots)
            if known >= count:
                return
            tree = merkle.Tree()
            for leaf in _stream_leaves(known * CHUNK, count * CHUNK):
                tree.append(leaf)
                if tree.size == CHUNK:
                    self._chunk_roots.append(tree.root())
                    tree = merkle.Tree()


def _stream_leaves(start: int, end: int):
    with connection.cursor() as cursor:
        for first in range(start, end, 100 * CHUNK):
            last = min(first + 100 * CHUNK, end)
            cursor.execute("SELECT leaf FROM audit_leaf WHERE idx >= %s AND idx < %s ORDER BY idx", [first, last])
            for (leaf,) in cursor.fetchall():
                yield bytes(leaf)


def _payloads(events: Sequence[Event]) -> dict[UUID, tuple[bytes, bytes]]:
    rows = Payload.objects.filter(event_id__in=[event.event_id for event in events])
    return {row.event_id: (bytes(row.salt), bytes(row.body)) for row in rows}


def _open(checkpoint: Checkpoint) -> tuple[int, bytes]:
    try:
        return notes.open_checkpoint(checkpoint.note, keys.trusted_vkeys())
    except Refused as error:
        raise LogMismatch(f"the newest checkpoint is not ours: {error}") from error
