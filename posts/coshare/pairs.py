"""Pairs of posts that shared the same object within a window, counted before any of them is written down."""

from dataclasses import dataclass

import numpy as np

from posts.coshare.rows import ShareRows
from posts.exceptions import TooManyPairs

CAP = 2_000_000


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
    number = int(reached.sum())
    if number > cap and not loops:
        number = count_pairs(rows, window)
    if number > cap:
        raise TooManyPairs(number, cap)
    return _valid(rows, _every(reached) if loops else _between_accounts(rows, reached))


def _every(reached: np.ndarray) -> Pairs:
    """Return every pair of a row with those that it reaches."""
    return Pairs(*_spread(np.arange(1, len(reached) + 1), reached))


def _between_accounts(rows: ShareRows, reached: np.ndarray) -> Pairs:
    """Return the pairs of a row with those of other accounts that it reaches, however often its own repeats itself.

    By runs of one account's rows. Of neighbouring runs one at least is another account's, so what is gone through is
    never more than twice what is found, and one for each row.
    """
    if not len(rows):
        return _every(reached)
    changes = (np.diff(rows.object) != 0) | (np.diff(rows.account) != 0)
    run = np.concatenate(([0], np.cumsum(changes)))
    starts = np.concatenate(([0], np.flatnonzero(changes) + 1))
    ends = np.append(starts[1:], len(run))
    last = np.arange(len(run)) + reached
    older, runs = _spread(run + 1, run[last] - run)
    others = rows.account[starts[runs]] != rows.account[older]
    older, runs = older[others], runs[others]
    places, newer = _spread(starts[runs], np.minimum(ends[runs], last[older] + 1) - starts[runs])
    return Pairs(older[places], newer)


def _spread(first: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, of ranges of `counts` numbers from `first` on, each number after the place of its range."""
    places = np.repeat(np.arange(len(counts)), counts)
    return places, first[places] + np.arange(len(places)) - (np.cumsum(counts) - counts)[places]


def _valid(rows: ShareRows, pairs: Pairs) -> Pairs:
    first, second = rows.content[pairs.older], rows.content[pairs.newer]
    mask = first != second
    own = rows.own_content[rows.object]
    if (own >= 0).any():
        object_of = own[pairs.older]
        mask &= (object_of != first) & (object_of != second)
    return pairs.where(mask)
