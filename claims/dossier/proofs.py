"""The part of the audit log that a dossier carries: entries behind its claims, their proofs, one signed checkpoint."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from audit import keys, merkle, notes
from audit.models import Checkpoint, Event, Leaf
from audit.offline import node_hash
from cases.history import object_string
from claims.models import Publication, PublishedVersion

# Steps that a reader may see. Others (drafts, comments, readings) speak of work that was not published.
SHOWN = frozenset(
    {
        "item_logged",
        "claim_submitted",
        "claim_approved",
        "claim_published",
        "claim_corrected",
        "claim_retracted",
        "publication_created",
        "dossier_sealed",
    }
)


def collect(publication: Publication, seal: Event, items: Iterable[str]) -> dict[str, bytes]:
    """Return the files of `audit/`: entries up to `seal`, each proven under the first checkpoint that covers it.

    The same publication and seal give the same bytes at any later time: leaves and checkpoints never change.
    """
    sealed_at = Leaf.objects.values_list("idx", flat=True).get(event_id=seal.pk)
    checkpoint = Checkpoint.objects.filter(size__gt=sealed_at).order_by("size").first()
    note = checkpoint.note.encode()
    subtree = _subtrees(checkpoint.size)
    files = {"audit/checkpoint": note, "audit/vkey": f"{_signer(note)}\n".encode()}
    for index, entry in _entries(publication, items, sealed_at):
        proof = merkle.inclusion_proof(index, checkpoint.size, subtree)
        files[f"audit/{index}.json"] = entry
        files[f"audit/{index}.tlog-proof"] = notes.proof_bytes(index, proof, note)
    return files


def _entries(publication: Publication, items: Iterable[str], sealed_at: int) -> list[tuple[int, bytes]]:
    rows = Leaf.objects.filter(
        idx__lte=sealed_at, event__object__in=_objects(publication, items), event__action__in=SHOWN
    )
    found = rows.order_by("idx").values_list("idx", "event__entry")
    return [(index, bytes(entry)) for index, entry in found if index == sealed_at or _may_be_read(bytes(entry))]


def _objects(publication: Publication, items: Iterable[str]) -> list[str]:
    versions = PublishedVersion.objects.filter(publication=publication).values_list("version_id", "version__claim_id")
    names = [object_string(publication), *(f"item:{item}" for item in items)]
    for version, claim in versions:
        names += [f"claimversion:{version}", f"claim:{claim}"]
    return names


def _may_be_read(entry: bytes) -> bool:
    """Whether an entry holds no free text: reasons were written for colleagues."""
    return not json.loads(entry)["reason"]


def _signer(note: bytes) -> str:
    """The verifier key that signed `note`, among those of this installation."""
    for vkey in reversed(keys.trusted_vkeys()):
        if _signed_by(note, vkey):
            return vkey
    raise keys.BadKey("the checkpoint is not signed by a key of this installation")


def _signed_by(note: bytes, vkey: str) -> bool:
    try:
        notes.open_checkpoint(note.decode(), [vkey])
    except ValueError:
        return False
    return True


def _subtrees(size: int) -> merkle.Subtree:
    leaves: Sequence[bytes] = [
        bytes(leaf) for leaf in Leaf.objects.filter(idx__lt=size).order_by("idx").values_list("leaf", flat=True)
    ]
    return _hasher(leaves)


def _hasher(leaves: Sequence[bytes]) -> Callable[[int, int], bytes]:
    @cache
    def subtree(start: int, end: int) -> bytes:
        if end - start == 1:
            return leaves[start]
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        return node_hash(subtree(start, middle), subtree(middle, end))

    return subtree
