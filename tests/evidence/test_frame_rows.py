"""Which row a picture of a file gets when it is read again: what people said of one must never pass to another."""

from dataclasses import replace

import pytest

from evidence.actions.pictures import keep_frames, look_at
from evidence.models import Frame, MediaScan, PackedPrint

from .pictures import pdf_of, texture

pytestmark = pytest.mark.xdist_group("frame rows")

OTHER = "f" * 64


@pytest.fixture
def kept(scene):
    """A document of three pages, its pictures as they were read, and their rows."""
    return scene("document_of_pictures", log_document)


def log_document(newsroom):
    item = newsroom.log(pdf_of(*(texture(seed) for seed in (1, 2, 3))), "report.pdf")
    frames, problem = look_at(item.blob)
    assert problem == ""
    return item.blob, frames, keep_frames(item.blob, frames, "")


def numbers(rows: list[Frame]) -> list[int]:
    return [row.pk for row in rows]


def test_same_pictures_keep_their_rows(kept):
    blob, frames, rows = kept
    assert len({row.pk for row in rows}) == len(frames) > 2
    assert numbers(keep_frames(blob, frames, "")) == numbers(rows)


def test_pictures_found_in_another_order_keep_their_rows(kept):
    blob, frames, rows = kept
    turned = [replace(one, position=place) for place, one in enumerate(reversed(frames))]
    assert numbers(keep_frames(blob, turned, "")) == numbers(rows)[::-1]


def test_pixels_that_are_decoded_otherwise_keep_the_row_of_their_place(kept):
    blob, frames, rows = kept
    changed = [replace(frames[0], sha256=OTHER), *frames[1:]]
    again = keep_frames(blob, changed, "")
    assert numbers(again) == numbers(rows)
    assert Frame.objects.get(pk=rows[0].pk).sha256 == OTHER


def test_another_picture_at_a_place_gets_a_row_of_its_own(kept):
    """The first picture is found no more, and one of another page has its number now."""
    blob, frames, rows = kept
    stranger = replace(frames[0], sha256=OTHER, page=9)
    again = keep_frames(blob, [stranger, *frames[1:]], "")
    assert again[0].pk not in numbers(rows)
    assert numbers(again)[1:] == numbers(rows)[1:]
    assert (again[0].page, again[0].kind) == (9, frames[0].kind)
    assert Frame.objects.get(pk=rows[0].pk).sha256 == frames[0].sha256
    assert PackedPrint.objects.filter(frame=again[0]).exists()


def test_picture_shown_twice_has_two_rows_in_their_order(kept):
    blob, frames, rows = kept
    twice = [frames[0], replace(frames[0], page=8, position=7)]
    again = keep_frames(blob, twice, "")
    assert (again[0].pk, again[1].page) == (rows[0].pk, 8)
    assert again[1].pk not in numbers(rows)
    assert numbers(keep_frames(blob, twice, "")) == numbers(again)


def test_scan_counts_what_was_found_and_says_what_kept_the_rest(kept):
    blob, frames, _ = kept
    keep_frames(blob, frames[:1], "Only the first 1 pictures were compared.")
    scan = MediaScan.objects.get(blob=blob)
    assert (scan.frames, scan.problem) == (1, "Only the first 1 pictures were compared.")
