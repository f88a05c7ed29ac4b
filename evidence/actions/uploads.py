"""Files that arrive in pieces: each piece is on the disk before it is confirmed, so a lost connection costs one piece.

The pieces are not evidence. Only when all of them are there is the whole file read from its start, hashed and preserved
like any other; nothing that a client computed is believed.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import Case, User
from cases.row_security import without_connection
from evidence import quotas, stores
from evidence.actions.items import Preserved, describe_file, log_preserved, preserve
from evidence.details import Details
from evidence.enums import UploadState
from evidence.exceptions import EmptyFile, TooLarge, WrongOffset
from evidence.filenames import kept
from evidence.intake import details_from
from evidence.models import Item, Upload
from evidence.permissions import check_log_evidence
from evidence.queries import get_upload
from evidence.workflow import check_case_open, check_upload_becomes

LONGEST_PIECE = 8 * 1024**2
MOST_OPEN = 200
FREE_AFTER_FULL = 64 * 1024**2


@transaction.atomic
def start_upload(
    *, actor: User, case: Case, file_name: str, size: int, metadata: Mapping[str, object] | None = None
) -> Upload:
    """Announce a file of `size` bytes and what is known of it; refused here already when it is too large or empty."""
    check_log_evidence(actor, case)
    check_case_open(case)
    if size > settings.MAX_EVIDENCE_BYTES:
        raise TooLarge(settings.MAX_EVIDENCE_BYTES)
    if size < 1:
        raise EmptyFile
    if Upload.objects.filter(owner=actor, state=UploadState.OPEN).count() >= MOST_OPEN:
        raise Conflict(f"You have {MOST_OPEN} unfinished uploads; finish or cancel some of them first.")
    quotas.check_room(actor, case, size)
    file_name = kept(file_name)
    describe_file(case, details_from(actor, case, metadata or {}), file_name)
    upload = Upload.objects.create(
        case=case, owner=actor, file_name=file_name, size=size, metadata=dict(metadata or {})
    )
    record(actor, "upload_started", upload, after={"file_name": file_name, "size": size})
    return upload


def append_piece(*, actor: User, upload: Upload, offset: int, stream: BinaryIO) -> Upload:
    """Add the next piece, at most 8 MiB of it, and confirm what is on the disk now.

    What arrived before the connection broke is kept. Raises WrongOffset, with the place to go on from, when the piece
    does not follow on what is here. The piece is read from the client before any row is locked, and without a
    connection to the database, of which slow clients would otherwise hold all.
    """
    with without_connection(str(actor.pk)):
        piece = _arrived(stream)
    return _append(actor=actor, upload=upload, offset=offset, piece=piece)


def _arrived(stream: BinaryIO) -> bytes:
    arrived = bytearray()
    try:
        while block := stream.read(min(65536, LONGEST_PIECE + 1 - len(arrived))):
            arrived += block
    except OSError:
        return bytes(arrived)
    if len(arrived) > LONGEST_PIECE:
        raise InvalidInput(f"A piece has at most {LONGEST_PIECE:,} bytes.")
    return bytes(arrived)


@transaction.atomic
def _append(*, actor: User, upload: Upload, offset: int, piece: bytes) -> Upload:
    upload = get_upload(actor, upload.pk, for_update=True)
    check_log_evidence(actor, upload.case)
    if upload.state != UploadState.OPEN:
        raise Conflict(f"This upload is already {upload.get_state_display().lower()}.")
    handle = _open_part(upload)
    try:
        here = min(upload.received, os.fstat(handle).st_size)
        if offset != here:
            raise WrongOffset(here)
        if here + len(piece) > upload.size:
            raise InvalidInput(f"The file was announced with {upload.size:,} bytes; this is more.")
        os.ftruncate(handle, here)
        os.lseek(handle, here, os.SEEK_SET)
        stores.derivatives().fs.write(handle, piece)
        os.fsync(handle)
    finally:
        os.close(handle)
    upload.received = here + len(piece)
    upload.save(update_fields=["received", "updated_at"])
    return upload


def complete_upload(*, actor: User, upload: Upload) -> Item:
    """Preserve the whole file and give it its exhibit number. Asked twice, it answers with the same item."""
    upload = get_upload(actor, upload.pk)
    if upload.state == UploadState.COMPLETE and upload.item_id:
        return upload.item
    check_log_evidence(actor, upload.case)
    check_upload_becomes(upload, UploadState.COMPLETE)
    if upload.received != upload.size:
        raise WrongOffset(upload.received)
    details = describe_file(upload.case, details_from(actor, upload.case, upload.metadata), upload.file_name)
    with _open_whole(upload) as stream:
        preserved = preserve(
            actor=actor,
            case=upload.case,
            stream=stream,
            file_name=upload.file_name,
            details=details,
            method="upload",
        )
    item = _finish(actor, upload, preserved, details)
    _remove_part(upload)
    return item


@transaction.atomic
def _finish(actor: User, upload: Upload, preserved: Preserved, details: Details) -> Item:
    upload = get_upload(actor, upload.pk, for_update=True)
    if upload.state == UploadState.COMPLETE:
        return upload.item
    check_upload_becomes(upload, UploadState.COMPLETE)
    item = log_preserved(
        actor=actor,
        case=upload.case,
        preserved=preserved,
        file_name=upload.file_name,
        details=details,
        method="upload",
    )
    upload.state, upload.item = UploadState.COMPLETE, item
    upload.save(update_fields=["state", "item", "updated_at"])
    return item


@transaction.atomic
def cancel_upload(*, actor: User, upload: Upload) -> Upload:
    """Give an unfinished upload up; what arrived of it is thrown away."""
    upload = get_upload(actor, upload.pk, for_update=True)
    check_upload_becomes(upload, UploadState.CANCELLED)
    upload.state = UploadState.CANCELLED
    upload.save(update_fields=["state", "updated_at"])
    record(actor, "upload_cancelled", upload, after={"received": upload.received})
    transaction.on_commit(lambda: _remove_part(upload))
    return upload


def _part(upload: Upload) -> Path:
    return stores.unfinished_uploads() / str(upload.pk)


def _open_part(upload: Upload) -> int:
    path = _part(upload)
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)


def _open_whole(upload: Upload) -> BinaryIO:
    try:
        stream = os.fdopen(os.open(_part(upload), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
    except FileNotFoundError as error:
        raise WrongOffset(0) from error
    if os.fstat(stream.fileno()).st_size != upload.size:
        here = os.fstat(stream.fileno()).st_size
        stream.close()
        raise WrongOffset(min(here, upload.received))
    return stream


def _remove_part(upload: Upload) -> None:
    _part(upload).unlink(missing_ok=True)
