"""The part of the audit log that a dossier carries: entries behind its claims, their proofs, one signed checkpoint."""

from collections.abc import Iterable

from django.db.models import Q

from audit import keys, notes
from audit.canonical import parse
from audit.models import Checkpoint, Event, Leaf, TimeStamp
from audit.offline import Refused
from audit.proofs import key_change_proofs, proofs_for
from cases.history import object_string
from claims.dossier import checks
from claims.dossier.commitments import COMMITTED
from claims.models import Publication, PublishedVersion

# Steps that a reader may see. Others (drafts, comments, readings) speak of work that was not published.
SHOWN = frozenset(
    {
        "item_logged",
        "claim_submitted",
        "claim_checked",
        "claim_cleared",
        "claim_approved",
        "claim_published",
        "claim_corrected",
        "claim_retracted",
        "publication_made",
        COMMITTED,
        "dossier_sealed",
    }
)


def collect(
    publication: Publication, seal: Event, items: Iterable[str], *, is_redacted: bool = False
) -> dict[str, bytes]:
    """Return the files of `audit/`: entries up to `seal`, each proven under the first checkpoint that covers it.

    A redacted dossier holds no other seal than its own: an earlier one vouches by its hash for what is withheld here.

    The same publication and seal give the same bytes at any later time: leaves and checkpoints never change.
    """
    sealed_at = Leaf.objects.values_list("idx", flat=True).get(event_id=seal.pk)
    checkpoint = Checkpoint.objects.filter(size__gt=sealed_at).order_by("size").first()
    note = checkpoint.note.encode()
    signer = _signer(checkpoint.note)
    files = {checks.CHECKPOINT: note, checks.VKEY: f"{signer}\n".encode()} | _keys_before(signer)
    if stamp := TimeStamp.objects.filter(checkpoint=checkpoint).first():
        files[checks.TIME_STAMP] = bytes(stamp.response)
    for proof in proofs_for(_entries(publication, items, sealed_at, is_redacted), checkpoint=checkpoint):
        files[f"audit/{proof.index}.json"] = proof.entry
        files[f"audit/{proof.index}.tlog-proof"] = proof.tlog_proof
    return files


def _keys_before(signer: str) -> dict[str, bytes]:
    """How the log came from its first key to `signer`, for readers who know an older one."""
    changes = key_change_proofs(signer)
    files = {checks.FIRST_VKEY: f"{keys.trusted_vkeys()[0]}\n".encode()} if changes else {}
    for number, proof in enumerate(changes, start=1):
        files[f"{checks.KEY_CHANGE}{number}.json"] = proof.entry
        files[f"{checks.KEY_CHANGE}{number}.tlog-proof"] = proof.tlog_proof
    return files


def _entries(publication: Publication, items: Iterable[str], sealed_at: int, is_redacted: bool) -> list[Event]:
    actions = SHOWN - {checks.SEALED} if is_redacted else SHOWN
    chosen = Q(event__object__in=_objects(publication, items), event__action__in=actions) | Q(idx=sealed_at)
    leaves = Leaf.objects.filter(chosen, idx__lte=sealed_at)
    rows = leaves.select_related("event").order_by("idx")
    return [leaf.event for leaf in rows if leaf.idx == sealed_at or _may_be_read(leaf.event)]


def _objects(publication: Publication, items: Iterable[str]) -> list[str]:
    claims = PublishedVersion.objects.filter(publication=publication).values_list("version__claim_id", flat=True)
    return [object_string(publication), *(f"item:{item}" for item in items), *(f"claim:{claim}" for claim in claims)]


def _may_be_read(event: Event) -> bool:
    """Whether an entry holds no free text: reasons were written for colleagues."""
    return not parse(bytes(event.entry))["reason"]


def _signer(note: str) -> str:
    """The verifier key that signed `note`, among those of this installation."""
    for vkey in reversed(keys.trusted_vkeys()):
        try:
            notes.open_checkpoint(note, [vkey])
        except Refused:
            continue
        return vkey
    raise keys.BadKey("the checkpoint is not signed by a key of this installation")
