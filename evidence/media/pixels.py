"""A picture as the fingerprints see it: upright, opaque, eight bits, and small enough to be handled quickly.

Everything downstream speaks of places as fractions of the upright picture, so a region holds for the original, for its
renditions and for a copy of another size alike.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import ExifTags, Image

WORKING_PIXELS = 200_000
PAPER = (255, 255, 255)
REDUCED = 4
ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LYING = {ORIENTATIONS[number] for number in (5, 6, 7, 8)}


@dataclass(frozen=True, eq=False)
class Picture:
    """`rgb` (h, w, 3) and `grey` (h, w), uint8 and of at most WORKING_PIXELS; `width`, `height` of the original."""

    rgb: np.ndarray
    grey: np.ndarray
    width: int
    height: int


def prepare(image: Image.Image, size: tuple[int, int] | None = None) -> Picture:
    """The working copy of an opened image, stood upright as its EXIF says; transparent parts lie on white paper.

    `size` is what the file declares, for an image that its decoder has reduced already.
    """
    turn = ORIENTATIONS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    small = opaque(_reduced(_eight_bits(image)))
    upright = small if turn is None else small.transpose(turn)
    width, height = (size or image.size)[::-1] if turn in LYING else size or image.size
    rgb = shrink(np.asarray(upright), WORKING_PIXELS)
    return Picture(rgb, cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), width, height)


def opaque(image: Image.Image) -> Image.Image:
    """The image in RGB; transparent pixels become white."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, PAPER)
    return Image.alpha_composite(paper, layered).convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen-bit greys scaled (Pillow would clip them) and palettes resolved, so that pixels can be averaged."""
    if image.mode.startswith(("I", "F")):
        values = np.nan_to_num(np.asarray(image))
        deep = float(values.max(initial=0)) > 255
        return Image.fromarray(np.clip(values // 257 if deep else values, 0, 255).astype(np.uint8))
    if image.mode in ("P", "PA", "1"):
        return image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    return image


def _reduced(image: Image.Image) -> Image.Image:
    """Large images by a whole factor, so that at most some hundred megabytes are ever held."""
    factor = int((image.width * image.height / (REDUCED * WORKING_PIXELS)) ** 0.5)
    factors = min(factor, image.width), min(factor, image.height)
    return image.reduce(factors) if min(factors) > 1 else image


def shrink(pixels: np.ndarray, most: int) -> np.ndarray:
    """The pixels, reduced by area averaging to at most `most` of them; small pictures are returned as they are."""
    height, width = pixels.shape[:2]
    size = reduced_size(width, height, most)
    if size == (width, height):
        return np.ascontiguousarray(pixels)
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def reduced_size(width: int, height: int, most: int) -> tuple[int, int]:
    """The (width, height) that a picture has when it is reduced to at most `most` pixels."""
    if width * height <= most:
        return width, height
    factor = (most / (height * width)) ** 0.5
    return max(1, min(most, int(width * factor))), max(1, min(most, int(height * factor)))


def working_size(width: int, height: int) -> tuple[int, int]:
    """The (width, height) of the working copy of a picture of that size."""
    return reduced_size(width, height, WORKING_PIXELS)
