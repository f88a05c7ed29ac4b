"""Texts as sets of character 5-grams: hashed to 51 bits, sorted, one text after another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WIDTH = 5
CHUNK = 1024
# 51 bits beside 13 for the text within a chunk: among 10^4 pairs of grams one clash in 10^11.
_HASH_BITS = 51
_MASK = np.uint64((1 << _HASH_BITS) - 1)
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, eq=False)
class Shingles:
    """`grams[starts[t]:starts[t + 1]]` are the distinct 5-grams of text t, ascending."""

    grams: np.ndarray
    starts: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        return np.diff(self.starts)


def shingles(texts: Sequence[str]) -> Shingles:
    """Return the sets of all texts; a text of fewer than five characters is one gram of its own.

    Room for every gram is taken at once, since joining parts would hold all of them twice.
    """
    grams = np.empty(sum(max(len(text) - WIDTH + 1, 1) for text in texts), np.int64)
    starts = np.zeros(len(texts) + 1, np.int64)
    for first in range(0, len(texts), CHUNK):
        part = _of_chunk(texts[first : first + CHUNK])
        begin = starts[first]
        grams[begin : begin + len(part.grams)] = part.grams
        starts[first : first + len(part.starts)] = part.starts + begin
    return Shingles(grams[: starts[-1]], starts)


def _of_chunk(texts: Sequence[str]) -> Shingles:
    padded = [text if len(text) >= WIDTH else text.ljust(WIDTH, "\0") for text in texts]
    points = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, padded), np.int64, len(padded))
    owner = np.repeat(np.arange(len(padded), dtype=np.uint64), lengths)
    # A gram belongs to the text of its first character and must end in the same one.
    whole = owner[: len(points) - WIDTH + 1] == owner[WIDTH - 1 :]
    keys = (owner[: len(whole)] << np.uint64(_HASH_BITS)) | (_hashes(points) >> np.uint64(64 - _HASH_BITS))
    keys = np.sort(keys[whole])
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    counts = np.bincount((keys >> np.uint64(_HASH_BITS)).astype(np.int64), minlength=len(padded))
    return Shingles((keys & _MASK).astype(np.int64), np.concatenate(([0], np.cumsum(counts))))


def _hashes(points: np.ndarray) -> np.ndarray:
    """Return a 64-bit hash of each run of five code points: a polynomial, then SplitMix64's finish."""
    last = len(points) - WIDTH + 1
    result = points[:last].astype(np.uint64)
    for step in range(1, WIDTH):
        result *= _BASE
        result += points[step : step + last]
    result ^= result >> np.uint64(30)
    result *= _MIX_1
    result ^= result >> np.uint64(27)
    result *= _MIX_2
    result ^= result >> np.uint64(31)
    return result
