"""Taking away what a crash or a lost connection left behind: files that never became evidence, a week later."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from audit import log
from cases.exceptions import Conflict
from cases.history import object_string
from evidence import stores
from evidence.enums import UploadState
from evidence.models import Blob, Upload
from evidence.queries import known_blobs

KEPT = timedelta(days=7)
SWEEPER = "system:leftover_sweep"


@dataclass
class Swept:
    """What was taken away: hashes of originals without a row, files on their way in, and unfinished uploads."""

    orphans: list[str] = field(default_factory=list)
    files: int = 0
    uploads: int = 0


def sweep_leftovers(*, now: datetime) -> Swept:
    """Remove what is older than a week and belongs to no exhibit; one event names every original that went.

    Raises Conflict, and takes nothing, where more originals are without a row than with one: that is not what crashes
    leave but a database older than the store, and its rows must be recovered first.
    """
    before = now - KEPT
    swept = Swept(_sweep_orphans(before), uploads=_end_uploads(before))
    swept.files = stores.vault().sweep_incoming(before.timestamp()) + stores.sweep_parts(before.timestamp())
    return swept


@transaction.atomic
def _sweep_orphans(before: datetime) -> list[str]:
    vault = stores.vault()
    orphans = list(vault.orphans(known_blobs))
    if len(orphans) > max(10, Blob.objects.count()):
        raise Conflict(
            f"{len(orphans)} originals belong to no exhibit, more than there are exhibits: nothing was swept. "
            "Recover them with recover_evidence."
        )
    gone = [sha256 for sha256 in orphans if vault.sweep_orphan(sha256, before.timestamp(), known_blobs)]
    if gone:
        log.record(
            actor=SWEEPER, action="orphans_swept", obj=f"vault:{gone[0]}", after={"count": len(gone), "swept": gone}
        )
    return gone


@transaction.atomic
def _end_uploads(before: datetime) -> int:
    late = Upload.objects.select_for_update(of=("self",)).filter(state=UploadState.OPEN, updated_at__lt=before)
    ended = list(late.select_related("case"))
    for upload in ended:
        upload.state = UploadState.CANCELLED
        upload.save(update_fields=["state", "updated_at"])
        after = {"received": upload.received, "size": upload.size}
        log.record(
            actor=SWEEPER, action="upload_expired", obj=object_string(upload), case_id=upload.case_id, after=after
        )
    return len(ended)
