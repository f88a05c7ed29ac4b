"""The directed form of the network, as QUT's coordination-network-toolkit counts it: own messages, not pairs."""

from dataclasses import dataclass

import numpy as np

from posts.coshare.network import SECOND, distinct_counts
from posts.coshare.pairs import CAP, find_pairs
from posts.coshare.rows import ShareRows


@dataclass(frozen=True, eq=False)
class DirectedEdges:
    """`weight` is how many distinct posts of `source` shared an object within the window of a post of `target`."""

    rows: ShareRows
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray

    def nodes(self) -> np.ndarray:
        """Return the accounts at either end."""
        return np.unique(np.concatenate((self.source, self.target)))

    def result(self) -> dict:
        """Return the figures of the network."""
        heaviest = int(self.weight.max()) if len(self.weight) else 0
        return {
            "rows": len(self.rows),
            "nodes": len(self.nodes()),
            "edges": len(self.weight),
            "max_weight": heaviest,
        }

    def ranked(self, limit: int) -> list[dict]:
        """Return the heaviest edges as results write them."""
        names = self.rows.accounts
        order = np.lexsort((self.target, self.source, -self.weight))[:limit].tolist()
        return [
            {
                "source": names[self.source[place]],
                "target": names[self.target[place]],
                "weight": int(self.weight[place]),
            }
            for place in order
        ]


def directed(
    rows: ShareRows, *, window: int, min_weight: int = 1, loops: bool = False, cap: int = CAP
) -> DirectedEdges:
    """Return the edges of at least `min_weight`; `window` in seconds. Raises TooManyPairs above `cap`."""
    pairs = find_pairs(rows, window * SECOND, loops=loops, cap=cap)
    here = np.concatenate((pairs.older, pairs.newer))
    there = np.concatenate((pairs.newer, pairs.older))
    key = rows.account[here].astype(np.int64) * max(len(rows.accounts), 1) + rows.account[there]
    keys, weight = distinct_counts(key, rows.content[here])
    source, target = np.divmod(keys[weight >= min_weight], max(len(rows.accounts), 1))
    return DirectedEdges(rows, source, target, weight[weight >= min_weight])
