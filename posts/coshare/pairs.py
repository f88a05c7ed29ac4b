"""Pairs of posts that shared the same object within a window, counted before any of them is written down."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from posts.coshare.rows import ShareRows
from posts.exceptions import TooManyPairs

CAP = 2_000_000
CANDIDATES_AT_ONCE = 4_000_000
# A flood of one account's own repetitions: going through them would take minutes.
MOST_CANDIDATES = 100 * CAP


@dataclass(frozen=True, eq=False)
class Pairs:
    """Positions in the rows: `older` and `newer` of each pair; at equal times the lower content comes first."""

    older: np.ndarray
    newer: np.ndarray

    def __len__(self) -> int:
        return len(self.older)

    def where(self, mask: np.ndarray) -> "Pairs":
        """Return the pairs for which `mask` is true."""
        return Pairs(self.older[mask], self.newer[mask])


def reach(group: np.ndarray, at: np.ndarray, window: int) -> np.ndarray:
    """Return for each row, sorted by (group, time), how many rows of its group follow within `window`, inclusive.

    Gaps beyond the window are cut to just beyond it, which turns all groups into one line that one search walks.
    """
    if len(at) == 0:
        return np.empty(0, np.int64)
    gaps = np.diff(at)
    gaps[(group[1:] != group[:-1]) | (gaps > window)] = window + 1
    line = np.concatenate(([0], np.cumsum(gaps)))
    return np.searchsorted(line, line + window, side="right") - np.arange(1, len(line) + 1)


def count_pairs(rows: ShareRows, window: int) -> int:
    """Return how many pairs of rows of different accounts share an object within `window` microseconds.

    Two walks over sorted rows, O(n log n); nothing is written down.
    """
    every = int(reach(rows.object, rows.at, window).sum())
    order = np.lexsort((rows.at, rows.account, rows.object))
    both = rows.object[order].astype(np.int64) * len(rows.accounts) + rows.account[order]
    return every - int(reach(both, rows.at[order], window).sum())


def find_pairs(rows: ShareRows, window: int, *, loops: bool = False, cap: int = CAP) -> Pairs:
    """Return the pairs within `window` microseconds, without those of one content or of an object with itself.

    Pairs of one account are left out unless `loops`. Raises TooManyPairs with their number above `cap`.
    """
    reached = reach(rows.object, rows.at, window)
    candidates = int(reached.sum())
    if candidates > cap:
        number = candidates if loops or candidates > MOST_CANDIDATES else count_pairs(rows, window)
        if number > cap:
            raise TooManyPairs(number, cap)
    own = rows.own_content[rows.object]
    kept = [_valid(rows, own, pairs, loops) for pairs in _candidates(reached)]
    older = np.concatenate([pairs.older for pairs in kept]) if kept else np.empty(0, np.int64)
    newer = np.concatenate([pairs.newer for pairs in kept]) if kept else np.empty(0, np.int64)
    return Pairs(older, newer)


def _candidates(reached: np.ndarray) -> Iterator[Pairs]:
    """Yield every pair of a row with those that it reaches, some millions at a time."""
    ends = np.cumsum(reached)
    start = 0
    while start < len(reached):
        done = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, done + CANDIDATES_AT_ONCE, side="right")), start + 1)
        counts = reached[start:stop]
        older = np.repeat(np.arange(start, stop), counts)
        before = np.repeat(np.cumsum(counts) - counts, counts)
        yield Pairs(older, older + 1 + np.arange(len(older)) - before)
        start = stop


def _valid(rows: ShareRows, own: np.ndarray, pairs: Pairs, loops: bool) -> Pairs:
    first, second = rows.content[pairs.older], rows.content[pairs.newer]
    mask = first != second
    if not loops:
        mask &= rows.account[pairs.older] != rows.account[pairs.newer]
    object_of = own[pairs.older]
    if (own >= 0).any():
        mask &= (object_of != first) & (object_of != second)
    return pairs.where(mask)
