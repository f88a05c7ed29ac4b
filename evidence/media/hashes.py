"""Hashes of whole pictures, or of one panel of a picture: a few bytes that stay close when the picture is re-encoded.

`pdq` is computed as published (Facebook ThreatExchange, "The TMK+PDQF Video-Hashing Algorithm and the PDQ
Image-Hashing Algorithm", 2019): luminance, two passes of a box filter in each direction, 64 x 64 samples, the lowest
16 x 16 coefficients of a cosine transform without the constant row and column, each compared with their median. The
quality (0..100) measures gradients; below LEAST_QUALITY the hash of a flat picture says nothing. `phash` and `dhash`
are ImageHash's 64 bits, kept for exchange with other tools.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import imagehash
import numpy as np
from PIL import Image

SIDE = 64
BITS = 16
BYTES = 32
LONGEST = 512
LEAST_QUALITY = 50


def _cosines() -> np.ndarray:
    rows = np.arange(1, BITS + 1)[:, None]
    columns = 2 * np.arange(SIDE)[None, :] + 1
    return np.sqrt(2 / SIDE) * np.cos(np.pi / 2 / SIDE * rows * columns)


COSINES = _cosines()


@dataclass(frozen=True)
class Hashed:
    """`variants` of 32 bytes, most significant bit first as in PDQ's hexadecimal form; `quality` 0..100.

    The first variant is the hash; the eight are those of the orientations in ORIENTATIONS.
    """

    quality: int
    variants: list[bytes]


# (mirrored, quarter turns clockwise after that): how the picture was changed before it was hashed.
ORIENTATIONS = tuple((mirrored, turns) for mirrored in (False, True) for turns in range(4))


def pdq(pixels: np.ndarray) -> Hashed:
    """The hash of (h, w, 3) or grey (h, w) pixels as it stands."""
    samples = _samples(pixels)
    return Hashed(_quality(samples), [_bits(samples)])


def pdq_dihedral(pixels: np.ndarray) -> Hashed:
    """The hashes of all eight orientations."""
    samples = _samples(pixels)
    turned = [np.rot90(samples[:, ::-1] if mirrored else samples, -turns) for mirrored, turns in ORIENTATIONS]
    return Hashed(_quality(samples), [_bits(one) for one in turned])


def phash(rgb: np.ndarray) -> str:
    """ImageHash's perceptual hash of 64 bits in hexadecimal."""
    return str(imagehash.phash(Image.fromarray(rgb)))


def dhash(rgb: np.ndarray) -> str:
    """ImageHash's gradient hash of 64 bits in hexadecimal."""
    return str(imagehash.dhash(Image.fromarray(rgb)))


def distance(left: bytes, right: bytes) -> int:
    """How many of the bits differ."""
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).bit_count()


def _samples(pixels: np.ndarray) -> np.ndarray:
    grey = pixels if pixels.ndim == 2 else pixels @ np.array([0.299, 0.587, 0.114], np.float32)
    height, width = grey.shape
    if max(height, width) > LONGEST:
        factor = LONGEST / max(height, width)
        size = max(1, round(width * factor)), max(1, round(height * factor))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    height, width = grey.shape
    return _sampler(height) @ grey.astype(np.float64) @ _sampler(width).T


@lru_cache(maxsize=256)
def _sampler(length: int) -> np.ndarray:
    """The (64, length) matrix of two box filters and of taking 64 samples along one axis.

    The box shrinks at the borders and is as wide as PDQ prescribes. Filtering and sampling are linear and separable, so
    one product with a matrix on each side does all of it.
    """
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    half = (window + 2) // 2
    places = np.arange(length)
    ends, starts = np.minimum(places + half, length), np.maximum(places + half - window, 0)
    box = (places[None] >= starts[:, None]) & (places[None] < ends[:, None])
    box = box / box.sum(axis=1, keepdims=True)
    taken = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(int)
    return box[taken] @ box


def _quality(samples: np.ndarray) -> int:
    steps = [np.trunc(np.abs(np.diff(samples, axis=axis)) * 100 / 255).sum() for axis in (0, 1)]
    return int(min(100, sum(steps) / 90))


def _bits(samples: np.ndarray) -> bytes:
    coefficients = (COSINES @ samples @ COSINES.T).ravel()
    median = np.sort(coefficients)[BITS * BITS // 2 - 1]
    return np.packbits((coefficients > median)[::-1]).tobytes()
