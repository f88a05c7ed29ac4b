"""Finds pairs of texts that may be alike: MinHash of 128 permutations in 32 bands of 4 (POSTS 4.5).

What comes out are candidates and nothing more; `posts.clusters.likeness` compares each pair.
"""

from collections.abc import Iterator

import numpy as np

from posts.clusters.shingles import CHUNK, Shingles

PERMUTATIONS, BANDS, ROWS = 128, 32, 4
# In a bucket each text is compared with its next neighbours in the order of texts, and with the first.
NEIGHBOURS = 64
PAIRS_AT_ONCE = 1_000_000
_SEED = 20260101
_STEP = np.uint64(0x9E3779B97F4A7C15)


def _factors() -> np.ndarray:
    """Odd factors: each turns 32-bit hashes into a permutation of themselves."""
    drawn = np.random.Generator(np.random.PCG64(_SEED)).integers(0, 2**32, PERMUTATIONS, dtype=np.uint32)
    return drawn | np.uint32(1)


_FACTORS = _factors()


def band_keys(sets: Shingles) -> np.ndarray:
    """Return an array (bands, texts): texts with the same key in a band have the same four minima there."""
    number = len(sets.starts) - 1
    keys = np.zeros((BANDS, number), np.uint64)
    buffer = np.empty(0, np.uint32)
    for start in range(0, number, CHUNK):
        stop = min(start + CHUNK, number)
        first, last = sets.starts[start], sets.starts[stop]
        hashed = (sets.grams[first:last] >> 13).astype(np.uint32)
        offsets = sets.starts[start:stop] - first
        if len(buffer) < len(hashed):
            buffer = np.empty(len(hashed), np.uint32)
        _add_minima(keys[:, start:stop], hashed, offsets, buffer[: len(hashed)])
    return keys


def _add_minima(keys: np.ndarray, hashed: np.ndarray, offsets: np.ndarray, buffer: np.ndarray) -> None:
    for place, factor in enumerate(_FACTORS):
        np.multiply(hashed, factor, out=buffer)
        minima = np.minimum.reduceat(buffer, offsets)
        band = keys[place // ROWS]
        band *= _STEP
        band += minima


def candidates(key: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the pairs of texts of one band's buckets, some at a time, each as two arrays of places, lower first."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    new = np.concatenate((np.ones(min(len(key), 1), np.bool_), ordered[1:] != ordered[:-1]))
    bucket_start = np.flatnonzero(new)
    sizes = np.diff(np.append(bucket_start, len(key)))
    first = np.repeat(bucket_start, sizes)
    behind = np.repeat(bucket_start + sizes, sizes) - np.arange(len(key)) - 1
    yield from _runs(order, np.minimum(behind, NEIGHBOURS))
    far = np.flatnonzero(np.arange(len(key)) - first > NEIGHBOURS)
    if len(far):
        yield order[first[far]], order[far]


def _runs(order: np.ndarray, reach: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield each place with those that follow it within its reach."""
    starting = np.flatnonzero(reach)
    ends = np.cumsum(reach[starting])
    at = 0
    while at < len(starting):
        done = ends[at - 1] if at else 0
        stop = max(int(np.searchsorted(ends, done + PAIRS_AT_ONCE, side="right")), at + 1)
        places, counts = starting[at:stop], reach[starting[at:stop]]
        left = np.repeat(places, counts)
        step = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
        yield order[left], order[left + 1 + step]
        at = stop
