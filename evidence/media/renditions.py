"""A small grey rendition of every picture, kept in the database for the check on pixels.

Not a picture file: the bytes go into no image decoder, so that a rendition made by a parser that was taken over can do
nothing to the process that compares. Blocks of 8 x 8 are transformed by cosines, rounded and deflated; unpacking is
arithmetic on an array whose size is checked first.
"""

import struct
import zlib

import cv2
import numpy as np

from evidence.media.pixels import shrink

PIXELS = 65_536
LONGEST = 2_048
BLOCK = 8
STEP = 12.0
SLOPE = 3.0
HEAD = struct.Struct("<HH")


def _cosines() -> np.ndarray:
    rows = np.arange(BLOCK)[:, None]
    matrix = np.sqrt(2 / BLOCK) * np.cos(np.pi / (2 * BLOCK) * rows * (2 * np.arange(BLOCK)[None, :] + 1))
    matrix[0] /= np.sqrt(2)
    return matrix.astype(np.float32)


COSINES = _cosines()
STEPS = (STEP + SLOPE * np.add.outer(np.arange(BLOCK), np.arange(BLOCK))).astype(np.float32)


class BadRendition(ValueError):
    """The bytes are no rendition of ours."""


def reduced(grey: np.ndarray) -> np.ndarray:
    """Grey pixels in the size of a rendition; of a strip that is longer than LONGEST only so much is kept."""
    return shrink(grey, PIXELS)[:LONGEST, :LONGEST]


def pack(grey: np.ndarray) -> bytes:
    """The rendition of (h, w) uint8 pixels of any size."""
    small = reduced(grey)
    height, width = small.shape
    padded = np.pad(small, ((0, -height % BLOCK), (0, -width % BLOCK)), mode="edge").astype(np.float32) - 128
    down, across = padded.shape[0] // BLOCK, padded.shape[1] // BLOCK
    blocks = padded.reshape(down, BLOCK, across, BLOCK).transpose(0, 2, 1, 3)
    values = np.rint(COSINES @ blocks @ COSINES.T / STEPS)
    planes = np.clip(values, -127, 127).astype(np.int8).reshape(-1, BLOCK * BLOCK).T
    return HEAD.pack(height, width) + zlib.compress(planes.tobytes(), 6)


def shape(packed: bytes) -> tuple[int, int]:
    """Height and width, without unpacking; raises BadRendition."""
    if len(packed) < HEAD.size:
        raise BadRendition("The rendition is shorter than its head.")
    height, width = HEAD.unpack_from(packed)
    if not (0 < height <= LONGEST and 0 < width <= LONGEST and height * width <= PIXELS):
        raise BadRendition(f"A rendition of {width} x {height} pixels is not one of ours.")
    return height, width


def unpack(packed: bytes) -> np.ndarray:
    """The (h, w) uint8 pixels; raises BadRendition."""
    height, width = shape(packed)
    down, across = -(-height // BLOCK), -(-width // BLOCK)
    planes = np.frombuffer(_inflate(packed[HEAD.size :], down * across * BLOCK * BLOCK), np.int8)
    values = planes.reshape(BLOCK * BLOCK, -1).T.reshape(down, across, BLOCK, BLOCK) * STEPS
    blocks = COSINES.T @ values @ COSINES
    pixels = blocks.transpose(0, 2, 1, 3).reshape(down * BLOCK, across * BLOCK)[:height, :width] + 128
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def _inflate(content: bytes, expected: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(content, expected)
    except zlib.error as error:
        raise BadRendition("The rendition is damaged.") from error
    if len(plain) != expected:
        raise BadRendition("The rendition is cut short.")
    return plain


def scaled(grey: np.ndarray, factor: float) -> np.ndarray:
    """Grey pixels reduced by `factor` (at most 1) with area averaging."""
    if factor >= 1:
        return grey
    height, width = grey.shape
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
