"""The pictures that a file holds, and their fingerprints: an image itself, pictures in a document, keyframes of videos.

Each picture gets a folder named by its number with what evidence.media.fingerprints leaves there, and, unless it is the
image itself, picture.webp to show it. What costs too much is left out and said.
"""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
from PIL import Image

from evidence.media.fingerprints import fingerprint, to_files
from evidence.media.pixels import Picture, opaque, prepare
from evidence.parsers.documents import pictures_of_document
from evidence.parsers.images import RENDITION, decoding, opened, save
from evidence.parsers.pictures import Held
from evidence.parsers.refusals import Refused
from evidence.parsers.videos import keyframes

MOST_FRAMES = 60
SHOWN = 1_200
# Of the 20 s that the child has, so that what was found until then is kept.
ENOUGH_SECONDS = 14.0
FEWEST_FEATURES = 12


def parse(stream: BinaryIO, *, media_type: str) -> dict:
    """The facts hold `frames`, a list of each picture's place, size, hash and fingerprint, and `problems`."""
    frames: list[dict[str, Any]] = []
    problems: list[str] = []
    began = time.process_time()
    own = media_type.startswith("image/")
    for picture, held in _prepared(stream, media_type):
        if len(frames) == MOST_FRAMES or time.process_time() - began > ENOUGH_SECONDS:
            problems.append(f"Only the first {len(frames)} pictures were compared.")
            break
        frames.append(_frame(picture, held, Path(str(len(frames))), own=own))
    return {"frames": frames, "problems": problems}


def _prepared(stream: BinaryIO, media_type: str) -> Iterator[tuple[Picture, Held]]:
    """Each picture decoded, under the limits; what is done with it afterwards is not the picture's fault."""
    found: Iterator[Held] | None = None
    while True:
        with decoding():
            found = found or _held(stream, media_type)
            held = next(found, None)
            if held is None:
                return
            picture = prepare(held.image, held.size)
        yield picture, held


def warm() -> None:
    """Have the libraries make their tables, in the nursery and on a picture of ours, so that no fork has to."""
    cv2.setNumThreads(1)
    grain = np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8)
    fingerprint(prepare(Image.fromarray(grain).resize((480, 360))))


def _held(stream: BinaryIO, media_type: str) -> Iterator[Held]:
    if media_type.startswith("image/"):
        return iter([_reduced(stream)])
    if media_type.startswith("video/"):
        return keyframes(stream)
    if media_type == "application/pdf":
        return pictures_of_document(stream)
    raise Refused("No pictures are looked for in this kind of file.")


def _reduced(stream: BinaryIO) -> Held:
    image = opened(stream)
    size = image.size
    image.draft("RGB", (RENDITION, RENDITION))
    return Held("image", image, size=size)


def _frame(picture: Picture, held: Held, folder: Path, *, own: bool) -> dict[str, Any]:
    folder.mkdir()
    made = fingerprint(picture)
    facts = {name: getattr(held, name) for name in ("kind", "page", "second", "reason")}
    facts |= {"width": made.width, "height": made.height, "print": to_files(made, folder)}
    facts["sha256"] = hashlib.sha256(made.grey.tobytes()).hexdigest()
    facts["flat"] = not made.blank and not made.parts and len(made.features) < FEWEST_FEATURES
    if not own:
        facts["shown"] = save(opaque(held.image), SHOWN, f"{folder}/picture.webp")
    return facts
