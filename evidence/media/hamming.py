"""Exact search of 256-bit hashes within a radius, by multi-index hashing (Norouzi, Punjani, Fleet, 2014).

A hash is cut into 16 keys of 16 bits. Two hashes that differ in at most r bits agree in some key up to floor(r / 16)
bits, so only rows whose key is that close are compared. For r <= 31 that is the key itself and its 16 neighbours at one
bit; nothing is missed. Columns are NumPy arrays and may be memory-mapped files.
"""

from typing import NamedTuple

import numpy as np

KEYS = 16
KEY_BITS = 16
BUCKETS = 1 << KEY_BITS
WORDS = 4
FARTHEST = 47


class HashColumns(NamedTuple):
    """`hashes` (n, 4) uint64; per key `order` (16, n) rows sorted by key, `starts` (16, 65537) where keys begin."""

    hashes: np.ndarray
    order: np.ndarray
    starts: np.ndarray


def pack(hashes: list[bytes]) -> np.ndarray:
    """Hashes of 32 bytes as (n, 4) uint64."""
    return np.frombuffer(b"".join(hashes), "<u8").reshape(-1, WORDS)


def build(hashes: np.ndarray) -> HashColumns:
    """The tables over (n, 4) uint64 hashes."""
    keys = np.ascontiguousarray(hashes).view("<u2").reshape(-1, KEYS)
    order = np.empty((KEYS, len(hashes)), np.uint32)
    starts = np.empty((KEYS, BUCKETS + 1), np.uint32)
    for key in range(KEYS):
        order[key] = np.argsort(keys[:, key], kind="stable")
        starts[key] = np.searchsorted(keys[order[key], key], np.arange(BUCKETS + 1))
    return HashColumns(hashes, order, starts)


def _neighbours(radius: int) -> np.ndarray:
    """All 16-bit patterns with at most `radius` bits."""
    patterns = np.arange(BUCKETS, dtype=np.uint32)
    return patterns[np.bitwise_count(patterns) <= radius]


NEIGHBOURS = [_neighbours(radius) for radius in range(FARTHEST // KEYS + 1)]


def search(columns: HashColumns, query: bytes, radius: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows within `radius` (at most FARTHEST) bits of the query and their distances, nearest first."""
    if radius > FARTHEST:
        raise ValueError(f"radius {radius} is more than {FARTHEST}")
    wanted = np.frombuffer(query, "<u8")
    near = wanted.view("<u2").astype(np.int64)[:, None] ^ NEIGHBOURS[radius // KEYS]
    rows = _rows(columns, near)
    distances = _distances(columns.hashes, rows, wanted)
    # Several keys lead to one row; only what is near is worth making unique.
    rows = np.unique(rows[distances <= radius])
    distances = _distances(columns.hashes, rows, wanted)
    sequence = np.lexsort((rows, distances))
    return rows[sequence], distances[sequence]


def _rows(columns: HashColumns, near: np.ndarray) -> np.ndarray:
    """The rows under the `near` (16, m) keys of each table, which are read as one long one."""
    starts, order = columns.starts.reshape(-1), columns.order.reshape(-1)
    at = (near + np.arange(KEYS)[:, None] * (BUCKETS + 1)).ravel()
    first = starts.take(at).astype(np.int64)
    counts = starts.take(at + 1) - first
    filled = np.flatnonzero(counts)
    table = filled // near.shape[1]
    return order.take(ranges(first[filled] + table * len(columns.hashes), counts[filled]))


def _distances(hashes: np.ndarray, rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    apart = np.bitwise_count(hashes.take(rows, axis=0) ^ wanted)
    # A sum along four numbers, in less than half the time of sum().
    return np.einsum("ij->i", apart, dtype=np.int64, casting="unsafe")


def ranges(first: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The numbers first[i] .. first[i] + counts[i] - 1 for all i, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - counts - first, counts)
