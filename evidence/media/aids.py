"""Hints at how a picture was made and changed. Each is an aid for a person who looks; none of them is a verdict.

Runs in the parsers' child. What each hint cannot tell stands beside it wherever it is shown (`CANNOT_TELL`).
"""

import io
from typing import Any

import numpy as np
from PIL import ExifTags, Image, JpegImagePlugin

from evidence.media import hashes
from evidence.media.pixels import opaque

VERSION = 1
SIDE = 1_200
ELA_QUALITY = 90
GHOST_QUALITIES = tuple(range(40, 100, 5))
GHOST_SIDE = 512
# A minimum counts when it lies this much, of the mean step, below the line between its neighbours.
GHOST_DEPTH = 0.5
OTHER_THUMBNAIL = 90
STANDARD_LUMINANCE_SUM = 3_688

CANNOT_TELL = {
    "error_level": "It cannot tell an edit from edges, text, noise and earlier savings, which look the same, nor see "
    "one that was saved again.",
    "quantisation": "It cannot tell what came before the last saving, and every platform saves anew.",
    "double_compression": "It cannot tell an edit from a re-upload, which saves twice too, and sees nothing where the "
    "picture was cropped or resized in between.",
    "metadata": "It cannot tell who wrote what a file says of itself, or removed it, nor whose clock was wrong: a "
    "contradiction is a question to ask, and the lack of one proves nothing.",
    "credentials": "It cannot tell whether what is shown is true, only who signed what; most genuine pictures have "
    "none, and platforms remove them.",
    "seams": "It cannot tell a splice from a window, a door frame or a horizon, along which tones jump too, and a "
    "careful splice shows none.",
}


def error_level(image: Image.Image) -> Image.Image:
    """What saving the picture as JPEG of quality 90 changes, made bright (Krawetz, "A Picture's Worth", 2007)."""
    small = opaque(image)
    small.thumbnail((SIDE, SIDE))
    left = np.asarray(small, np.int16)
    change = np.abs(left - np.asarray(_saved(small, ELA_QUALITY), np.int16))
    bright = change * (255 / max(1, int(np.percentile(change, 99.9))))
    return Image.fromarray(np.clip(bright, 0, 255).astype(np.uint8))


def _saved(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=0)
    return Image.open(out, formats=("JPEG",)).convert("RGB")


# --- JPEG


def quantisation(image: Image.Image) -> dict[str, Any] | None:
    """The quantisation tables in natural order and the quality they stand for; None for what is no JPEG."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return None
    tables = {str(number): [int(step) for step in table] for number, table in image.quantization.items()}
    quality = estimated_quality(tables.get("0", []))
    sampling = {0: "4:4:4", 1: "4:2:2", 2: "4:2:0"}.get(JpegImagePlugin.get_sampling(image), "other")
    progressive = bool(image.info.get("progressive") or image.info.get("progression"))
    return {"tables": tables, "quality": quality, "subsampling": sampling, "progressive": progressive}


def estimated_quality(luminance: list[int]) -> int | None:
    """The quality 1..100 of libjpeg whose luminance table has about the same sum; None without a table of 64 steps."""
    if len(luminance) != 64:
        return None
    scale = 100 * sum(luminance) / STANDARD_LUMINANCE_SUM
    quality = (200 - scale) / 2 if scale <= 100 else 5_000 / scale
    return int(np.clip(round(quality), 1, 100))


def earlier_savings(image: Image.Image, quality: int | None) -> list[int]:
    """Qualities below the present one at which the picture seems to have been saved before.

    Saving it again at such a quality changes it less than at those beside it: JPEG ghosts (Farid, "Exposing Digital
    Forgeries from JPEG Ghosts", 2009), here of the whole picture and on its upper left part, in whole blocks.
    """
    if quality is None:
        return []
    grey = image.convert("L").crop(
        (0, 0, min(image.width, GHOST_SIDE) // 8 * 8, min(image.height, GHOST_SIDE) // 8 * 8)
    )
    if min(grey.size) < 64:
        return []
    pixels = np.asarray(grey, np.float32)
    differences = [float(((pixels - _grey_saved(grey, other)) ** 2).mean()) for other in GHOST_QUALITIES]
    return ghosts(differences, quality)


def _grey_saved(grey: Image.Image, quality: int) -> np.ndarray:
    out = io.BytesIO()
    grey.save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out, formats=("JPEG",)), np.float32)


def ghosts(differences: list[float], quality: int) -> list[int]:
    """Those of GHOST_QUALITIES at which `differences` dip although a higher quality should change less."""
    step = max(1e-6, (max(differences) - min(differences)) / len(differences))
    found = []
    for before, here, after, at in zip(
        differences, differences[1:], differences[2:], GHOST_QUALITIES[1:-1], strict=False
    ):
        expected = (before + after) / 2
        if at < quality - 3 and here < min(before, after) and expected - here > GHOST_DEPTH * step:
            found.append(at)
    return found


# --- what the file says of itself


def contradictions(image: Image.Image) -> list[str]:
    """Where the file's own data and its picture disagree, each as a sentence."""
    exif = image.getexif()
    found = []
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    declared = inner.get(ExifTags.Base.ExifImageWidth), inner.get(ExifTags.Base.ExifImageHeight)
    if all(isinstance(side, int) and side > 0 for side in declared) and sorted(declared) != sorted(image.size):
        width, height = declared
        found.append(
            f"EXIF says {width} × {height} pixels, the picture has {image.width} × {image.height}: "
            "it was resized or cropped after it was taken."
        )
    taken, changed = inner.get(ExifTags.Base.DateTimeOriginal), exif.get(ExifTags.Base.DateTime)
    if taken and changed and str(taken) != str(changed):
        found.append(f"EXIF says taken {_said(taken)}, last changed {_said(changed)}.")
    if software := exif.get(ExifTags.Base.Software):
        found.append(f"EXIF names the software {_said(software)}.")
    distance = thumbnail_distance(image)
    if distance is not None and distance > OTHER_THUMBNAIL:
        found.append(
            f"The small preview inside the file shows something else than the picture ({distance} of 256 bits differ)."
        )
    return found


def _said(value: object) -> str:
    return str(value).replace("\0", "").strip()[:100]


def thumbnail_distance(image: Image.Image) -> int | None:
    """How many of 256 bits differ between the picture and the preview in its EXIF; None without one."""
    preview = _preview(image)
    if preview is None:
        return None
    whole, small = hashes.pdq(np.asarray(opaque(image.reduce(max(1, max(image.size) // 512))))), hashes.pdq(preview)
    if min(whole.quality, small.quality) < hashes.LEAST_QUALITY:
        return None
    return hashes.distance(whole.variants[0], small.variants[0])


def _preview(image: Image.Image) -> np.ndarray | None:
    directory = image.getexif().get_ifd(ExifTags.IFD.IFD1)
    start, length = directory.get(ExifTags.Base.JpegIFOffset), directory.get(ExifTags.Base.JpegIFByteCount)
    packed = image.info.get("exif")
    if not (isinstance(start, int) and isinstance(length, int) and isinstance(packed, bytes)):
        return None
    content = packed.removeprefix(b"Exif\0\0")[start : start + length]
    try:
        return np.asarray(Image.open(io.BytesIO(content), formats=("JPEG",)).convert("RGB"))
    except (OSError, ValueError, SyntaxError):
        return None
