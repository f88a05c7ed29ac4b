"""What crashes and lost connections leave: kept for a week, listed, then swept; evidence is never touched (F02)."""

import fcntl
import io
import os
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from cases.exceptions import Conflict
from evidence import queries, stores
from evidence.actions import uploads
from evidence.actions.sweeping import KEPT, sweep_leftovers
from evidence.enums import UploadState
from evidence.jobs import sweep_nightly
from evidence.models import Upload


def put_without_row(content: bytes = b"put, and then the process died before the row") -> str:
    return stores.vault().put(io.BytesIO(content), receipt=lambda _: {"case": "NC-2024"}).sha256


def in_a_week():
    return timezone.now() + KEPT + timedelta(seconds=5)


def test_orphan_is_kept_for_a_week_and_then_swept_with_its_receipts(newsroom):
    item = newsroom.log()
    lost = put_without_row()
    put_without_row()
    assert sweep_leftovers(now=timezone.now()).orphans == []
    assert len(stores.vault().receipts(lost)) == 2
    assert sweep_leftovers(now=in_a_week()).orphans == [lost]
    assert list(stores.vault().originals()) == [item.blob_id]
    assert stores.vault().receipts(lost) == []
    assert stores.vault().receipts(item.blob_id) != []
    assert Event.objects.filter(action="orphans_swept", object=f"vault:{lost}").count() == 1


def test_sweep_of_a_clean_store_takes_nothing_and_leaves_no_event(newsroom):
    item = newsroom.log()
    before = Event.objects.count()
    swept = sweep_leftovers(now=in_a_week())
    assert (swept.orphans, swept.files, swept.uploads) == ([], 0, 0)
    assert Event.objects.count() == before
    assert stores.vault().verify(item.blob_id).ok


def test_orphan_that_arrives_again_is_young_again(newsroom):
    vault = stores.vault()
    lost = put_without_row()
    first = vault.root / "o" / lost[:2] / lost[2:4] / lost
    old = first.stat().st_ctime + 0.001
    put_without_row()
    assert not vault.sweep_orphan(lost, old, queries.known_blobs)
    assert vault.verify(lost).ok


def test_original_with_a_row_is_never_swept_however_old(newsroom):
    item = newsroom.log()
    assert not stores.vault().sweep_orphan(item.blob_id, in_a_week().timestamp(), queries.known_blobs)
    assert stores.vault().verify(item.blob_id).ok


def test_sweep_waits_for_an_arrival_of_the_same_bytes(newsroom):
    """An arrival holds the store from the moment its bytes are compared until its receipt is there."""
    vault = stores.vault()
    lost = put_without_row()
    arriving = os.open(vault.root / ".incoming", os.O_RDONLY)
    fcntl.flock(arriving, fcntl.LOCK_SH)
    sweep = threading.Thread(target=vault.sweep_orphan, args=(lost, in_a_week().timestamp(), lambda _: set()))
    sweep.start()
    sweep.join(0.2)
    assert sweep.is_alive()
    assert vault.verify(lost).ok
    os.close(arriving)
    sweep.join(10)
    assert vault.verify(lost).state == "missing"


def test_more_orphans_than_rows_are_a_lost_database_and_not_leftovers(newsroom):
    newsroom.log()
    lost = [put_without_row(b"original %d" % number) for number in range(11)]
    with pytest.raises(Conflict, match="recover_evidence"):
        sweep_leftovers(now=in_a_week())
    assert set(lost) <= set(stores.vault().originals())


def test_files_that_died_on_their_way_in_are_swept(newsroom):
    newsroom.log()
    vault = stores.vault()
    half, young = vault.root / ".incoming" / "half", vault.root / ".incoming" / "young"
    half.write_bytes(b"half of a fi")
    young.write_bytes(b"still growing")
    os.utime(half, (0, 0))
    assert sweep_leftovers(now=timezone.now()).files == 1
    assert vault.leftovers() == ["young"]


def test_upload_that_nobody_went_on_with_ends_and_its_pieces_go(newsroom):
    upload = uploads.start_upload(actor=newsroom.investigator, case=newsroom.case, file_name="film.mp4", size=100)
    uploads.append_piece(actor=newsroom.investigator, upload=upload, offset=0, stream=io.BytesIO(b"x" * 40))
    part = stores.unfinished_uploads() / str(upload.pk)
    assert sweep_leftovers(now=timezone.now()).uploads == 0
    assert part.exists()
    swept = sweep_leftovers(now=in_a_week())
    assert (swept.uploads, swept.files) == (1, 1)
    assert not part.exists()
    assert Upload.objects.get().state == UploadState.CANCELLED
    assert Event.objects.filter(action="upload_expired", case_id=newsroom.case.pk).count() == 1


def test_sweep_runs_by_itself_at_night(newsroom):
    put_without_row()
    sweep_nightly(timestamp=0)
    assert len(list(stores.vault().originals())) == 1
