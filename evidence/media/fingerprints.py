"""Everything that is computed from one picture: what is stored of it, and what is asked with it.

`fingerprint` decodes nothing: it gets the working copy of a picture and runs in the sandboxed child of
evidence.parsers. The child writes `to_files`, the parent reads `from_files`; both are plain numbers of fixed width,
checked for size, so the parent needs no trust in the child. `stored` makes the rows that the database keeps.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evidence.media import features, hashes, renditions, vocabulary
from evidence.media.flatness import is_blank
from evidence.media.layout import lay_out, without_interface
from evidence.media.panels import find_panels
from evidence.media.pixels import WORKING_PIXELS, Picture
from evidence.media.rectangles import WHOLE, Box, Rectangle

VERSION = 3
STORED_FEATURES = 1_000
POSTING = np.dtype(
    [("word", "<u2"), ("code", "<u8"), ("x", "<u2"), ("y", "<u2"), ("scale", "u1"), ("angle", "u1")],
)
# What platforms and makers of montages cut out of a picture: squares, halves, and the middle of it.
CROPS = tuple(
    Rectangle(*crop)
    for crop in (
        (0, 0, 0.5, 1),
        (0.5, 0, 0.5, 1),
        (0.25, 0, 0.5, 1),
        (0, 0, 1, 0.5),
        (0, 0.5, 1, 0.5),
        (0, 0.25, 1, 0.5),
        (0.125, 0, 0.75, 1),
        (0, 0.125, 1, 0.75),
    )
)


class BadFingerprint(ValueError):
    """The files that the child left are not a fingerprint."""


@dataclass(frozen=True, eq=False)
class PartHash:
    """The hash of a rectangle of the picture in its eight orientations; the first is the one that is stored."""

    region: Rectangle
    quality: int
    variants: list[bytes]


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """One picture as it is asked about.

    `width`, `height` of the original; `grey` (h, w) uint8 working copy without the
    interface of a page; `parts` hashes of the whole and its panels,
    none of flat ones; `panels` the photographic rectangles found; `features` rows of features.DTYPE.
    """

    width: int
    height: int
    blank: bool
    phash: str
    dhash: str
    parts: list[PartHash]
    crops: list[PartHash]
    panels: list[Rectangle]
    features: np.ndarray
    grey: np.ndarray


@dataclass(frozen=True, eq=False)
class StoredPrint:
    """What the database keeps of a picture: about 21 kB. `hashes` as (region, 32 bytes); `postings` rows of POSTING."""

    width: int
    height: int
    hashes: list[tuple[Rectangle, bytes]]
    postings: np.ndarray
    rendition: bytes


def fingerprint(picture: Picture) -> Fingerprint:
    """All fingerprints of a picture (pixels.prepare makes one of an opened image)."""
    if is_blank(picture.grey):
        return _blank(picture)
    layout = lay_out(picture.rgb, picture.grey)
    panels = find_panels(picture, layout)
    return Fingerprint(
        width=picture.width,
        height=picture.height,
        blank=False,
        phash=hashes.phash(picture.rgb),
        dhash=hashes.dhash(picture.rgb),
        parts=_hashes(picture, [WHOLE, *panels]),
        crops=_hashes(picture, list(CROPS)),
        panels=panels,
        features=features.extract(picture.grey, layout.wanted),
        grey=without_interface(picture.grey, layout.wanted),
    )


def _blank(picture: Picture) -> Fingerprint:
    nothing = np.zeros(0, features.DTYPE)
    return Fingerprint(picture.width, picture.height, True, "", "", [], [], [], nothing, picture.grey)


def _hashes(picture: Picture, regions: list[Rectangle]) -> list[PartHash]:
    found = []
    height, width = picture.grey.shape
    for region in regions:
        box = Box(
            round(region.x * width),
            round(region.y * height),
            round((region.x + region.w) * width),
            round((region.y + region.h) * height),
        )
        if box.area:
            made = hashes.pdq_dihedral(box.cut(picture.rgb))
            if made.quality >= hashes.LEAST_QUALITY:
                found.append(PartHash(region, made.quality, made.variants))
    return found


def stored(made: Fingerprint) -> StoredPrint:
    """What is kept of a fingerprint."""
    rows = made.features[:STORED_FEATURES]
    postings = np.zeros(len(rows), POSTING)
    for name in ("x", "y", "scale", "angle"):
        postings[name] = rows[name]
    if len(rows):
        rotated = vocabulary.rotate(rows["descriptor"])
        postings["word"] = vocabulary.assign(rotated, 1)[:, 0]
        postings["code"] = vocabulary.signatures(vocabulary.project(rotated), postings["word"])
    kept = [(part.region, part.variants[0]) for part in made.parts + made.crops]
    return StoredPrint(made.width, made.height, kept, postings, renditions.pack(made.grey))


def to_files(made: Fingerprint, folder: Path) -> dict[str, Any]:
    """Write features.bin and grey.bin; the facts go into result.json."""
    (folder / "features.bin").write_bytes(made.features.tobytes())
    (folder / "grey.bin").write_bytes(made.grey.tobytes())
    return {
        "version": VERSION,
        "width": made.width,
        "height": made.height,
        "blank": made.blank,
        "phash": made.phash,
        "dhash": made.dhash,
        "parts": [_plain(part) for part in made.parts],
        "crops": [_plain(part) for part in made.crops],
        "panels": [list(panel) for panel in made.panels],
        "shape": list(made.grey.shape),
    }


def _plain(part: PartHash) -> list:
    return [list(part.region), part.quality, [bits.hex() for bits in part.variants]]


def from_files(facts: dict[str, Any], folder: Path) -> Fingerprint:
    """Read what to_files left; raises BadFingerprint."""
    try:
        return _read(facts, folder)
    except (KeyError, TypeError, ValueError, OSError, json.JSONDecodeError) as error:
        raise BadFingerprint(f"The fingerprint is damaged: {error}") from error


def _read(facts: dict[str, Any], folder: Path) -> Fingerprint:
    if facts["version"] != VERSION:
        raise BadFingerprint(f"version {facts['version']} where {VERSION} was expected")
    height, width = (int(side) for side in facts["shape"])
    if not 0 < height * width <= WORKING_PIXELS:
        raise BadFingerprint(f"a working copy of {width} x {height}")
    grey = np.frombuffer((folder / "grey.bin").read_bytes(), np.uint8).reshape(height, width)
    rows = np.frombuffer((folder / "features.bin").read_bytes(), features.DTYPE)[: features.MOST]
    return Fingerprint(
        width=int(facts["width"]),
        height=int(facts["height"]),
        blank=bool(facts["blank"]),
        phash=str(facts["phash"]),
        dhash=str(facts["dhash"]),
        parts=[_part(plain) for plain in facts["parts"]],
        crops=[_part(plain) for plain in facts["crops"]],
        panels=[Rectangle(*map(float, panel)) for panel in facts["panels"]],
        features=rows,
        grey=grey,
    )


def _part(plain: list) -> PartHash:
    region, quality, variants = plain
    bits = [bytes.fromhex(text) for text in variants]
    if {len(one) for one in bits} != {hashes.BYTES}:
        raise BadFingerprint("a hash that is not of 256 bits")
    return PartHash(Rectangle(*map(float, region)), int(quality), bits)
