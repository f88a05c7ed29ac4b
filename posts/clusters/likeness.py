"""The exact likeness of texts: Jaccard of their sets of 5-grams, by sparse products."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from posts.clusters.shingles import Shingles

_PAIRS_AT_ONCE = 20_000
_ROWS_AT_ONCE = 256


def matrix(sets: Shingles) -> csr_array:
    """Return the sets as rows of ones, columns being grams."""
    shape = (len(sets.starts) - 1, 1 << 51)
    ones = np.ones(len(sets.grams), np.int8)
    return csr_array((ones, sets.grams, sets.starts.astype(np.int64)), shape=shape)


def of_pairs(sets: Shingles, rows: csr_array, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the Jaccard likeness of each pair of texts."""
    result = np.empty(len(left))
    sizes = sets.sizes
    for start in range(0, len(left), _PAIRS_AT_ONCE):
        a, b = left[start : start + _PAIRS_AT_ONCE], right[start : start + _PAIRS_AT_ONCE]
        common = rows[a].multiply(rows[b]).sum(axis=1)
        result[start : start + len(a)] = common / (sizes[a] + sizes[b] - common)
    return result


def all_pairs(sets: Shingles, threshold: float) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield every pair (left, right, likeness) of at least `threshold`, lower place first."""
    distinct, columns = np.unique(sets.grams, return_inverse=True)
    number = len(sets.starts) - 1
    rows = csr_array((np.ones(len(columns), np.int32), columns, sets.starts), shape=(number, max(len(distinct), 1)))
    turned, sizes = rows.T.tocsr(), sets.sizes
    for start in range(0, number, _ROWS_AT_ONCE):
        common = (rows[start : start + _ROWS_AT_ONCE] @ turned).tocoo()
        left, right = common.row + start, common.col
        likeness = common.data / (sizes[left] + sizes[right] - common.data)
        kept = (left < right) & (likeness >= threshold)
        yield left[kept], right[kept], likeness[kept]
