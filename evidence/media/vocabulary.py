"""Turns features into words (65,536 of them) and 64-bit signatures, so that they can be looked up like text.

A descriptor is turned by a rotation into two halves; each half goes to the nearest of 256 centres, and the pair is the
word (a product quantiser: Jegou, Douze, Schmid, "Product quantization for nearest neighbor search", 2011). What the
centres leave over is projected on 64 directions; the signs are the signature (Hamming embedding: the same authors,
2008). A query asks for several words per feature and signs its own remainder against the centre of each.

The centres are learned by training.py from textures.py, never from photographs, and shipped as vocabulary.npz. On
pairs of corresponding features of photographs they lose nothing against centres learned from photographs (docs/adr).
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from evidence.media.features import DESCRIPTOR_SCALE

FILE = Path(__file__).with_name("vocabulary.npz")
VERSION = 1
CENTRES = 256
HALF = 64
SIGNATURE = 64
WORDS = CENTRES * CENTRES
ASKED = 8
NEAR_HALVES = 6


class Vocabulary(NamedTuple):
    """`mean` (128), `rotation` (128, 128), `first` and `second` (256, 64), `directions` (128, 64): float32."""

    mean: np.ndarray
    rotation: np.ndarray
    first: np.ndarray
    second: np.ndarray
    directions: np.ndarray


@cache
def shipped() -> Vocabulary:
    """The vocabulary that every fingerprint of VERSION was made with."""
    with np.load(FILE, allow_pickle=False) as arrays:
        return Vocabulary(**{name: arrays[name].astype(np.float32) for name in Vocabulary._fields})


@cache
def _shares() -> tuple[np.ndarray, np.ndarray]:
    """What each centre contributes to the projections: two tables of (256, 64)."""
    words = shipped()
    return words.first @ words.directions[:HALF], words.second @ words.directions[HALF:]


def rotate(descriptors: np.ndarray) -> np.ndarray:
    """Descriptors (n, 128) uint8 as float32 in the space of the centres."""
    words = shipped()
    return (descriptors.astype(np.float32) / DESCRIPTOR_SCALE - words.mean) @ words.rotation


def assign(rotated: np.ndarray, asked: int) -> np.ndarray:
    """The `asked` nearest words of each feature, nearest first: (n, asked) uint16."""
    words = shipped()
    near = 1 if asked == 1 else NEAR_HALVES
    first, first_distance = _nearest(rotated[:, :HALF], words.first, near)
    second, second_distance = _nearest(rotated[:, HALF:], words.second, near)
    pairs = (first[:, :, None] * CENTRES + second[:, None, :]).reshape(len(rotated), near * near)
    distances = (first_distance[:, :, None] + second_distance[:, None, :]).reshape(len(rotated), near * near)
    order = np.argsort(distances, axis=1, kind="stable")[:, :asked]
    return np.take_along_axis(pairs, order, axis=1).astype(np.uint16)


def _nearest(points: np.ndarray, centres: np.ndarray, near: int) -> tuple[np.ndarray, np.ndarray]:
    """The few nearest centres of each point, nearest first, and how far they are: a minimum at a time beats sorting."""
    distances = (centres**2).sum(axis=1) - 2 * points @ centres.T
    every = np.arange(len(points))
    order, nearest = np.empty((len(points), near), np.int64), np.empty((len(points), near), np.float32)
    for place in range(near):
        least = distances.argmin(axis=1)
        order[:, place], nearest[:, place] = least, distances[every, least]
        distances[every, least] = np.inf
    return order, nearest


def project(rotated: np.ndarray) -> np.ndarray:
    """The projections (n, 64) from which signatures against any word are made."""
    return rotated @ shipped().directions


def signatures(projected: np.ndarray, words: np.ndarray) -> np.ndarray:
    """The 64 signs of what is left of features (..., 64) beside the centres of words (...): (...) uint64."""
    first, second = _shares()
    left = projected - first[words // CENTRES]
    left -= second[words % CENTRES]
    return np.packbits(left > 0, axis=-1).view("<u8")[..., 0]
