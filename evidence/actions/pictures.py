"""Finding the pictures in an original and making their fingerprints; repeatable, and nothing of it is evidence."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import transaction

from evidence import stores
from evidence.exceptions import VaultError
from evidence.media.fingerprints import stored
from evidence.models import Blob, Fingerprint, Frame, MediaScan, PackedPrint
from evidence.parsers.sandbox import ParserFailed
from evidence.prints import VERSION, FoundFrame, has_pictures, packed, read_frames

PROBLEM_LONGEST = MediaScan._meta.get_field("problem").max_length


def scan_blob(blob: Blob) -> list[tuple[Frame, FoundFrame]]:
    """The pictures of a blob as they are stored and as they are asked about.

    Always reads the original, also where its prints are there: nobody learns by the time it takes that they were. What
    cannot be read leaves no frames, and the reason in its scan.
    """
    frames, problem = look_at(blob)
    return list(zip(keep_frames(blob, frames, problem), frames, strict=True))


def look_at(blob: Blob) -> tuple[list[FoundFrame], str]:
    """Read the pictures of a blob in the parsers' child; writes nothing."""
    if not has_pictures(blob.media_type):
        return [], ""
    try:
        with stores.vault().open(blob.pk) as stream:
            return read_frames(stream, blob.media_type)
    except ParserFailed as failure:
        return [], failure.reason
    except VaultError as error:
        return [], str(error)


@transaction.atomic
def keep_frames(blob: Blob, frames: Sequence[FoundFrame], problem: str) -> list[Frame]:
    """Keep frames and prints and return the rows of the frames.

    A picture that was there before, by its pixels or else by its place, keeps its row and what people said of it. Any
    other gets a row of its own, so that no verdict passes to a picture that nobody has seen.
    """
    Blob.objects.select_for_update().get(pk=blob.pk)
    left = list(Frame.objects.filter(blob=blob).order_by("position"))
    numbers = {(row.kind, row.position) for row in left}
    known = [_take(left, found, _pixels) for found in frames]
    known = [row or _take(left, found, _place) for row, found in zip(known, frames, strict=True)]
    rows = [_frame(found, row or _new(blob, found, numbers)) for row, found in zip(known, frames, strict=True)]
    _keep_prints(rows, frames)
    facts = {"version": VERSION, "frames": len(frames), "problem": problem[:PROBLEM_LONGEST]}
    MediaScan.objects.update_or_create(blob=blob, defaults=facts)
    return rows


def _pixels(picture: Frame | FoundFrame) -> tuple:
    return picture.kind, picture.sha256


def _place(picture: Frame | FoundFrame) -> tuple:
    return picture.kind, picture.page, picture.second, picture.position


def _take(left: list[Frame], found: FoundFrame, alike: Callable[[Frame | FoundFrame], tuple]) -> Frame | None:
    """The first row that is alike, which is then no longer left for another picture."""
    row = next((row for row in left if alike(row) == alike(found)), None)
    if row is not None:
        left.remove(row)
    return row


def _new(blob: Blob, found: FoundFrame, numbers: set[tuple[str, int]]) -> Frame:
    position = found.position
    while (found.kind, position) in numbers:
        position += 1
    numbers.add((found.kind, position))
    return Frame(blob=blob, kind=found.kind, position=position)


def _frame(found: FoundFrame, row: Frame) -> Frame:
    if row.sha256 == found.sha256 and row.blank == found.made.blank:
        return row
    for name in ("page", "second", "reason", "width", "height", "sha256", "flat"):
        setattr(row, name, getattr(found, name))
    row.blank = found.made.blank
    row.picture_sha256 = _shown(found)
    row.save()
    return row


def _shown(found: FoundFrame) -> str:
    if found.shown is None:
        return ""
    with tempfile.NamedTemporaryFile(suffix=".webp") as file:
        file.write(found.shown[0])
        file.flush()
        return stores.derivatives().put(Path(file.name))[0]


def _keep_prints(rows: Sequence[Frame], frames: Sequence[FoundFrame]) -> None:
    current = set(PackedPrint.objects.filter(frame__in=rows, version=VERSION).values_list("frame", flat=True))
    due = [(row, found) for row, found in zip(rows, frames, strict=True) if row.pk not in current]
    if not due:
        return
    Fingerprint.objects.filter(frame__in=[row for row, _ in due]).delete()
    PackedPrint.objects.filter(frame__in=[row for row, _ in due]).delete()
    Fingerprint.objects.bulk_create(one for row, found in due for one in _hashes(row, found))
    PackedPrint.objects.bulk_create(
        PackedPrint(frame=row, version=VERSION, **packed(stored(found.made))) for row, found in due
    )


def _hashes(row: Frame, found: FoundFrame) -> list[Fingerprint]:
    """The hashes that people exchange: of the whole picture, and of its panels."""
    made = found.made
    about = {"frame": row, "version": VERSION}
    hashes = [
        Fingerprint(algorithm=name, bits=bytes.fromhex(text), **about)
        for name, text in (("phash", made.phash), ("dhash", made.dhash))
        if text
    ]
    for part in made.parts:
        region = None if part.region.area == 1 else [round(side, 5) for side in part.region]
        hashes.append(Fingerprint(algorithm="pdq", region=region, bits=part.variants[0], quality=part.quality, **about))
    return hashes
