"""The network of accounts that shared the same objects within a window, by CooRTweet's definition and beyond it.

Definition: CooRTweet 2.1.2, `detect_groups` and `generate_coordinated_network` (POSTS 4.4), whose `weight` is kept.
Beside it stand what that leaves out: how many objects an edge rests on, contents by account, and the posts themselves.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from posts.coshare.pairs import CAP, Pairs, find_pairs
from posts.coshare.rows import ShareRows
from posts.exceptions import InvalidSettings

SECOND = 1_000_000
# Group times value has to fit into 63 bits; values are positions in a list of names.
_DENSE = 2**31
LONGEST_WINDOW = 30 * 24 * 3600


@dataclass(frozen=True)
class Settings:
    """`window` in seconds; an account needs `min_participation` rows; edges above `quantile` of weights stand out."""

    window: int = 60
    min_participation: int = 2
    quantile: float = 0.5
    loops: bool = False
    cap: int = CAP

    def check(self) -> None:
        """Raise InvalidSettings for a window, a participation or a quantile that means nothing."""
        if not 0 <= self.window <= LONGEST_WINDOW:
            raise InvalidSettings(f"The window is 0 to {LONGEST_WINDOW:,} seconds.", field="window")
        if self.min_participation < 1:
            raise InvalidSettings("The least participation is 1.", field="min_participation")
        if not 0 <= self.quantile <= 1:
            raise InvalidSettings("The quantile is from 0 to 1.", field="quantile")


@dataclass(frozen=True, eq=False)
class Edges:
    """One entry per unordered pair of accounts, ordered by them; `a` < `b` are codes of accounts, deltas in seconds.

    `contents_a` and `contents_b` are the distinct posts of each that the edge rests on.
    """

    a: np.ndarray
    b: np.ndarray
    weight: np.ndarray
    n_objects: np.ndarray
    mean_delta: np.ndarray
    min_delta: np.ndarray
    contents_a: np.ndarray
    contents_b: np.ndarray
    first_at: np.ndarray
    last_at: np.ndarray

    def __len__(self) -> int:
        return len(self.a)

    @property
    def symmetry(self) -> np.ndarray:
        """The fewer posts of one account over the more of the other: 1 when both gave the same."""
        fewer = np.minimum(self.contents_a, self.contents_b)
        return fewer / np.maximum(np.maximum(self.contents_a, self.contents_b), 1)


@dataclass(frozen=True, eq=False)
class Network:
    """`pairs` ordered by edge, then object and time, `starts[e]:starts[e + 1]` those of edge e.

    `threshold` is the quantile of the weights that the settings ask for, None without any edge. `rows` are of accounts
    with enough of them, out of `given`.
    """

    given: int
    rows: ShareRows
    settings: Settings
    pairs: Pairs
    edges: Edges
    starts: np.ndarray
    threshold: float | None

    @cached_property
    def above(self) -> np.ndarray:
        """True for the edges whose weight is above the threshold."""
        return self.edges.weight > (self.threshold if self.threshold is not None else np.inf)

    def nodes(self, mask: np.ndarray | None = None) -> np.ndarray:
        """Return the accounts that any edge, or any of those in `mask`, touches."""
        touched = np.zeros(len(self.rows.accounts), np.bool_)
        chosen = slice(None) if mask is None else mask
        touched[self.edges.a[chosen]] = touched[self.edges.b[chosen]] = True
        return np.flatnonzero(touched)

    def result(self) -> dict:
        """Return the figures of the network."""
        weights, above = self.edges.weight, self.edges.weight[self.above]
        rows = self.rows
        sizes = {"accounts": len(rows.accounts), "objects": len(rows.objects), "contents": len(rows.contents)}
        return {
            "input": {"rows": self.given} | sizes,
            "pairs": len(self.pairs),
            "nodes": len(self.nodes()),
            "edges": len(self.edges),
            "max_weight": int(weights.max()) if len(weights) else 0,
            "max_objects": int(self.edges.n_objects.max()) if len(weights) else 0,
            "threshold": self.threshold,
            "above": {
                "nodes": len(self.nodes(self.above)),
                "edges": len(above),
                "min_weight": int(above.min()) if len(above) else None,
            },
        }

    def ranked(self, limit: int | None = None) -> np.ndarray:
        """Return edges by number of objects, then weight: a pair that repeats one object does not lead."""
        edges = self.edges
        return np.lexsort((edges.b, edges.a, -edges.weight, -edges.n_objects))[:limit]

    def edge(self, place: int) -> dict:
        """Return one edge as results write it."""
        edges, names = self.edges, self.rows.accounts
        return {
            "a": names[edges.a[place]],
            "b": names[edges.b[place]],
            "weight": int(edges.weight[place]),
            "n_objects": int(edges.n_objects[place]),
            "mean_delta": round(float(edges.mean_delta[place]), 6),
            "min_delta": round(float(edges.min_delta[place]), 6),
            "contents_a": int(edges.contents_a[place]),
            "contents_b": int(edges.contents_b[place]),
            "symmetry": round(float(edges.symmetry[place]), 6),
            "first_at": int(edges.first_at[place]),
            "last_at": int(edges.last_at[place]),
            "above": bool(self.above[place]),
        }

    def contents_of(self, place: int) -> list[str]:
        """Return the posts that one edge rests on, each once, by object and time."""
        span = slice(self.starts[place], self.starts[place + 1])
        rows = np.unique(np.concatenate((self.pairs.older[span], self.pairs.newer[span])))
        return list(dict.fromkeys(self.rows.contents[content] for content in self.rows.content[rows]))

    def contents(self, mask: np.ndarray) -> list[str]:
        """Return the posts that the edges of `mask` rest on, each once."""
        chosen = np.repeat(mask, np.diff(self.starts))
        rows = np.unique(np.concatenate((self.pairs.older[chosen], self.pairs.newer[chosen])))
        return [self.rows.contents[content] for content in np.unique(self.rows.content[rows])]

    def evidence(self, place: int) -> list[dict]:
        """Return the pairs of posts that one edge rests on, by object and time."""
        return self._told(np.arange(self.starts[place], self.starts[place + 1]))

    def pairs_of(self, value: str) -> list[dict]:
        """Return every pair of posts that shared one object, of whatever kind, by time."""
        codes = [code for code, (_, name) in enumerate(self.rows.objects) if name == value]
        chosen = np.flatnonzero(np.isin(self.rows.object[self.pairs.older], codes))
        both = (self.rows.at[self.pairs.newer[chosen]], self.rows.at[self.pairs.older[chosen]])
        return self._told(chosen[np.lexsort(both)])

    def _told(self, places: np.ndarray) -> list[dict]:
        rows = self.rows
        return [
            {
                "kind": rows.objects[rows.object[older]][0].value,
                "object": rows.objects[rows.object[older]][1],
                "older": rows.contents[rows.content[older]],
                "newer": rows.contents[rows.content[newer]],
                "accounts": [rows.accounts[rows.account[older]], rows.accounts[rows.account[newer]]],
                "delta": (int(rows.at[newer]) - int(rows.at[older])) / SECOND,
            }
            for older, newer in zip(self.pairs.older[places], self.pairs.newer[places], strict=True)
        ]


def coshare(rows: ShareRows, settings: Settings) -> Network:
    """Build the network; rows of several kinds of objects give one network of the pairs that each kind gives alone.

    Raises InvalidSettings, and TooManyPairs with their number before any pair is written down.
    """
    settings.check()
    least = settings.min_participation
    accounts = rows.by_kind(rows.account, len(rows.accounts))
    active = rows.where(np.bincount(accounts)[accounts] >= least) if len(rows) else rows
    pairs = find_pairs(active, settings.window * SECOND, loops=settings.loops, cap=settings.cap)
    return _network(len(rows), active, settings, pairs.where(_participating(active, pairs, least)))


def _participating(rows: ShareRows, pairs: Pairs, least: int) -> np.ndarray:
    """True for pairs with a content whose account has enough rows among the contents of all pairs of the kind."""
    if not len(pairs):
        return np.zeros(0, np.bool_)
    contents = rows.by_kind(rows.content, len(rows.contents))
    accounts = rows.by_kind(rows.account, len(rows.accounts))
    in_pairs = np.zeros(int(contents.max()) + 1, np.bool_)
    in_pairs[contents[pairs.older]] = in_pairs[contents[pairs.newer]] = True
    among = in_pairs[contents]
    counted = np.bincount(accounts[among], minlength=int(accounts.max()) + 1)
    kept = np.zeros_like(in_pairs)
    kept[contents[among & (counted[accounts] >= least)]] = True
    return kept[contents[pairs.older]] | kept[contents[pairs.newer]]


def _network(given: int, rows: ShareRows, settings: Settings, pairs: Pairs) -> Network:
    first, second = rows.account[pairs.older], rows.account[pairs.newer]
    key = np.minimum(first, second).astype(np.int64) * len(rows.accounts) + np.maximum(first, second)
    order = np.argsort(key, kind="stable")
    pairs, key = Pairs(pairs.older[order], pairs.newer[order]), key[order]
    starts = np.flatnonzero(_changes(key))
    edges = _edges(rows, pairs, key[starts], np.append(starts, len(key)))
    threshold = float(np.quantile(edges.weight, settings.quantile)) if len(edges) else None
    return Network(given, rows, settings, pairs, edges, np.append(starts, len(key)), threshold)


def _edges(rows: ShareRows, pairs: Pairs, keys: np.ndarray, starts: np.ndarray) -> Edges:
    a, b = np.divmod(keys, max(len(rows.accounts), 1))
    weight = np.diff(starts)
    delta = rows.at[pairs.newer] - rows.at[pairs.older]
    at = rows.at[pairs.older]
    # One pair of two accounts has one object and one post of each: what is distinct is counted for the other edges.
    several = np.repeat((weight > 1) | (a == b), weight)
    edge = np.repeat(np.arange(len(keys)), weight)[several]
    repeated = pairs.where(several)
    both = (repeated.older, repeated.newer)
    ends = np.concatenate([rows.content[side] for side in both])
    owner = np.concatenate([rows.account[side] for side in both])
    edge_of_end = np.tile(edge, 2)
    is_a = owner == a[edge_of_end]
    is_b = owner == b[edge_of_end]
    whole = starts[:-1]
    return Edges(
        a=a,
        b=b,
        weight=weight,
        n_objects=_distinct(edge, rows.object[repeated.older], len(keys)),
        mean_delta=np.add.reduceat(delta, whole) / np.maximum(weight, 1) / SECOND if len(keys) else delta,
        min_delta=np.minimum.reduceat(delta, whole) / SECOND if len(keys) else delta,
        contents_a=_distinct(edge_of_end[is_a], ends[is_a], len(keys)),
        contents_b=_distinct(edge_of_end[is_b], ends[is_b], len(keys)),
        first_at=np.minimum.reduceat(at, whole) if len(keys) else at,
        last_at=np.maximum.reduceat(rows.at[pairs.newer], whole) if len(keys) else at,
    )


def _distinct(group: np.ndarray, value: np.ndarray, groups: int) -> np.ndarray:
    """Return how many distinct values each of the groups 0, 1, ... has; one for those that are not given."""
    found, counts = distinct_counts(group, value)
    result = np.ones(groups, np.int64)
    result[found] = counts
    return result


def distinct_counts(group: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the groups that occur, sorted, and how many distinct values each has."""
    if len(group) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    names, group = np.unique(group, return_inverse=True) if int(group.max()) > _DENSE else (None, group)
    width = int(value.max()) + 1
    both = np.sort(group.astype(np.int64) * width + value)
    groups = both[_changes(both)] // width
    starts = np.flatnonzero(_changes(groups))
    found, counts = groups[starts], np.diff(np.append(starts, len(groups)))
    return (found if names is None else names[found]), counts


def _changes(values: np.ndarray) -> np.ndarray:
    """True where a sorted column has another value than before."""
    return np.concatenate((np.ones(min(len(values), 1), np.bool_), values[1:] != values[:-1]))
