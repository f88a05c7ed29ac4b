"""Files that arrive in pieces, over connections that break (F01, A45, A46)."""

import io
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from audit.models import Event
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible
from evidence import queries
from evidence import stores as evidence_stores
from evidence.actions import uploads
from evidence.enums import CustodyAction, UploadState
from evidence.exceptions import EmptyFile, TooLarge, WrongOffset
from evidence.models import Blob, CustodyEvent, Item, Upload

from .faults import in_child

CONTENT = b"0123456789" * 10


class Breaking(io.RawIOBase):
    """A client that goes away after some bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        block = self.content.read(size)
        if not block:
            raise OSError("connection lost")
        return block


def start(newsroom, size: int = len(CONTENT), name: str = "film.mp4", **metadata) -> Upload:
    return uploads.start_upload(
        actor=newsroom.investigator, case=newsroom.case, file_name=name, size=size, metadata=metadata
    )


def append(newsroom, upload: Upload, content: bytes, offset: int | None = None, stream=None) -> Upload:
    upload.refresh_from_db()
    offset = upload.received if offset is None else offset
    stream = stream or io.BytesIO(content)
    return uploads.append_piece(actor=newsroom.investigator, upload=upload, offset=offset, stream=stream)


def complete(newsroom, upload: Upload) -> Item:
    return uploads.complete_upload(actor=newsroom.investigator, upload=upload)


def part(upload: Upload) -> Path:
    return evidence_stores.unfinished_uploads() / str(upload.pk)


def test_upload_in_pieces_becomes_the_same_item_as_a_whole_file(newsroom):
    upload = start(newsroom, title="A film", published_at="2024-05", graphic="on")
    for at in range(0, len(CONTENT), 30):
        append(newsroom, upload, CONTENT[at : at + 30])
    item = complete(newsroom, upload)
    assert item.blob_id == newsroom.log(CONTENT).blob_id
    assert (item.title, item.file_name, item.graphic) == ("A film", "film.mp4", True)
    assert (item.published_at.year, item.published_precision) == (2024, "month")
    assert Upload.objects.get().state == UploadState.COMPLETE
    assert not part(upload).exists()
    assert CustodyEvent.objects.filter(item=item, action=CustodyAction.RECEIVE).count() == 1


def test_upload_completed_twice_is_one_item(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT)
    assert complete(newsroom, upload) == complete(newsroom, upload)
    assert Item.objects.count() == 1
    assert Event.objects.filter(action="item_logged").count() == 1


@pytest.mark.django_db(transaction=True)
def test_upload_completed_at_the_same_moment_is_one_item(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT)

    def finish(_) -> object:
        try:
            return complete(newsroom, upload).pk
        except WrongOffset:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(finish, range(4)))
    assert len(found - {None}) == 1
    assert Item.objects.count() == 1


def test_connection_lost_in_a_piece_keeps_what_arrived(newsroom):
    upload = start(newsroom)
    assert append(newsroom, upload, b"", stream=Breaking(CONTENT[:37])).received == 37
    append(newsroom, upload, CONTENT[37:])
    assert complete(newsroom, upload).blob_id == newsroom.log(CONTENT).blob_id


def test_piece_at_the_wrong_place_is_refused_with_the_right_one(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT[:40])
    for offset in (0, 39, 41, 100, -1):
        with pytest.raises(WrongOffset) as refusal:
            append(newsroom, upload, CONTENT[40:50], offset)
        assert refusal.value.received == 40
    assert append(newsroom, upload, CONTENT[40:]).received == 100


def test_piece_sent_twice_is_kept_once(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT[:40])
    with pytest.raises(WrongOffset):
        append(newsroom, upload, CONTENT[:40], 0)
    append(newsroom, upload, CONTENT[40:])
    assert complete(newsroom, upload).blob.size == 100


def test_pieces_beyond_the_announced_size_are_refused(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT[:90])
    with pytest.raises(InvalidInput, match="more"):
        append(newsroom, upload, CONTENT[:11])
    assert append(newsroom, upload, CONTENT[90:]).received == 100


def test_piece_larger_than_a_piece_is_refused(newsroom, monkeypatch):
    monkeypatch.setattr(uploads, "LONGEST_PIECE", 10)
    with pytest.raises(InvalidInput, match="at most 10 bytes"):
        append(newsroom, start(newsroom), CONTENT)


def test_upload_cannot_be_completed_before_its_end(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT[:99])
    with pytest.raises(WrongOffset) as refusal:
        complete(newsroom, upload)
    assert refusal.value.received == 99
    assert not Item.objects.exists()


@pytest.mark.parametrize("left", [0, 40])
def test_pieces_that_the_disk_lost_are_asked_for_again(newsroom, left):
    upload = append(newsroom, start(newsroom), CONTENT)
    os.truncate(part(upload), left)
    with pytest.raises(WrongOffset) as refusal:
        complete(newsroom, upload)
    assert refusal.value.received == left
    append(newsroom, upload, CONTENT[left:], left)
    assert complete(newsroom, upload).blob_id == newsroom.log(CONTENT).blob_id


def test_pieces_folder_that_was_emptied_is_asked_for_again(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT)
    part(upload).unlink()
    with pytest.raises(WrongOffset) as refusal:
        complete(newsroom, upload)
    assert refusal.value.received == 0


def test_bytes_that_were_written_but_never_confirmed_are_written_again(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT[:40])
    with part(upload).open("ab") as file:
        file.write(b"unconfirmed")
    append(newsroom, upload, CONTENT[40:], 40)
    assert complete(newsroom, upload).blob_id == newsroom.log(CONTENT).blob_id


def test_death_in_the_middle_of_a_piece_loses_only_that_piece(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT[:40])

    def write_and_die() -> None:
        connection.inc_thread_sharing()
        with part(upload).open("ab") as file:
            file.write(CONTENT[40:60])
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    assert os.WTERMSIG(in_child(write_and_die)) == signal.SIGKILL
    append(newsroom, upload, CONTENT[40:], 40)
    assert complete(newsroom, upload).blob.size == 100


def test_link_planted_in_place_of_a_part_is_not_followed(newsroom, tmp_path):
    upload = start(newsroom)
    target = tmp_path / "target"
    target.write_bytes(b"keep")
    part(upload).parent.mkdir(parents=True, exist_ok=True)
    part(upload).symlink_to(target)
    with pytest.raises(OSError, match="symbolic"):
        append(newsroom, upload, CONTENT)
    assert target.read_bytes() == b"keep"


@pytest.mark.parametrize(
    ("size", "refusal"), [(0, EmptyFile), (-1, EmptyFile), (2 * 1024**3 + 1, TooLarge), (10**15, TooLarge)]
)
def test_file_that_is_too_large_or_empty_is_refused_before_a_byte_is_sent(newsroom, size, refusal):
    with pytest.raises(refusal):
        start(newsroom, size)
    assert not Upload.objects.exists()


def test_file_of_exactly_two_gibibytes_may_be_announced(newsroom):
    assert start(newsroom, 2 * 1024**3).size == 2_147_483_648


@pytest.mark.parametrize("metadata", [{"published_at": "tomorrow"}, {"path": "/etc"}, {"title": 7}, {"source": "x"}])
def test_metadata_that_cannot_be_is_refused_before_a_byte_is_sent(newsroom, metadata):
    with pytest.raises(InvalidInput):
        start(newsroom, **metadata)
    assert not Upload.objects.exists()


def test_too_many_unfinished_uploads_are_refused(newsroom, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    first = start(newsroom)
    start(newsroom)
    with pytest.raises(Conflict, match="unfinished"):
        start(newsroom)
    uploads.cancel_upload(actor=newsroom.investigator, upload=first)
    assert start(newsroom)


@pytest.mark.django_db(transaction=True)
def test_cancelled_upload_leaves_no_bytes_and_takes_no_more(newsroom):
    upload = append(newsroom, start(newsroom), CONTENT[:40])
    cancelled = uploads.cancel_upload(actor=newsroom.investigator, upload=upload)
    assert cancelled.state == UploadState.CANCELLED
    assert not part(upload).exists()
    for attempt in (
        lambda: append(newsroom, upload, CONTENT[40:]),
        lambda: complete(newsroom, upload),
        lambda: uploads.cancel_upload(actor=newsroom.investigator, upload=upload),
    ):
        with pytest.raises(Conflict, match="already cancelled"):
            attempt()
    assert not Blob.objects.exists()


def test_upload_of_another_person_does_not_exist(newsroom):
    upload = start(newsroom)
    for actor in (newsroom.editor, newsroom.stranger):
        with pytest.raises(NotVisible):
            queries.get_upload(actor, upload.pk)


def test_viewer_cannot_upload(newsroom):
    with pytest.raises(NotAllowed):
        uploads.start_upload(actor=newsroom.viewer, case=newsroom.case, file_name="x", size=1)


def test_unfinished_uploads_are_listed_to_their_owner(newsroom):
    upload = start(newsroom)
    assert list(queries.open_uploads_of(newsroom.investigator, newsroom.case)) == [upload]
    assert not queries.open_uploads_of(newsroom.editor, newsroom.case).exists()
