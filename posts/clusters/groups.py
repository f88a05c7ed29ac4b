"""What a clustering gives, whichever way it was found: groups of posts, and which of them count."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from posts.columns import Columns, written
from posts.enums import Level

NONE = -1


@dataclass(frozen=True, eq=False)
class Clustering:
    """`label` of each post, NONE for one in no cluster; clusters are numbered by size, the largest first.

    A cluster counts when at least two accounts are in it (POSTS 4.1). `weakest` is the least likeness that holds a
    cluster together: 1.0 for equal texts.
    """

    columns: Columns
    level: Level
    label: np.ndarray
    posts: np.ndarray
    accounts: np.ndarray
    earliest: np.ndarray
    weakest: np.ndarray
    texts: np.ndarray
    settings: dict = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.posts)

    def result(self) -> dict:
        """Return the figures: how many clusters and posts in them, and the largest."""
        return {
            "clusters": len(self),
            "posts": int(self.posts.sum()),
            "largest": self.cluster(0) if len(self) else None,
        }

    def cluster(self, number: int) -> dict:
        """Return one cluster as results write it: sizes, its earliest post in this collection, its weakest link."""
        return {
            "posts": int(self.posts[number]),
            "accounts": int(self.accounts[number]),
            "texts": int(self.texts[number]),
            "weakest_link": round(float(self.weakest[number]), 6),
            "first": self.first(number),
        }

    def first(self, number: int) -> dict:
        """Return the earliest post of a cluster with all that tie with it."""
        columns, place = self.columns, int(self.earliest[number])
        members = self.members(number)
        ties = [int(i) for i in members if columns.at[i] == columns.at[place] and i != place]
        return {
            "id": columns.ids[place],
            "author": columns.accounts[columns.account[place]],
            "at": written(columns.at[place]),
            "flagged": bool(columns.flagged[place]),
            "ties": [{"id": columns.ids[i], "author": columns.accounts[columns.account[i]]} for i in ties],
        }

    def members(self, number: int) -> np.ndarray:
        """Return the places of a cluster's posts in the columns, earliest first."""
        start, end = np.searchsorted(self._sorted, (number, number + 1))
        return self._order[start:end]

    def all_members(self) -> np.ndarray:
        """Return the places of the posts of all clusters, earliest first."""
        return np.flatnonzero(self.label != NONE)

    @cached_property
    def _order(self) -> np.ndarray:
        return np.argsort(self.label, kind="stable")

    @cached_property
    def _sorted(self) -> np.ndarray:
        return self.label[self._order]


def counted(
    columns: Columns, level: Level, group: np.ndarray, *, text: np.ndarray, weakest: np.ndarray, settings: dict
) -> Clustering:
    """Number the groups that at least two accounts share; `group` is NONE for posts that take no part.

    `text` tells distinct texts apart, `weakest` is the weakest link by group. Undated posts are never the earliest
    while a dated one is there.
    """
    size = int(group.max()) + 1 if len(group) else 0
    inside = np.flatnonzero(group != NONE)
    accounts = _distinct(group[inside], columns.account[inside], size)
    texts = _distinct(group[inside], text[inside], size)
    posts = np.bincount(group[inside], minlength=size)
    earliest = _earliest(columns, group, inside, size)
    chosen = np.flatnonzero(accounts >= 2)
    order = chosen[np.lexsort((earliest[chosen], -accounts[chosen], -posts[chosen]))]
    numbers = np.full(size + 1, NONE, np.int64)
    numbers[order] = np.arange(len(order))
    return Clustering(
        columns=columns,
        level=level,
        label=numbers[group],
        posts=posts[order],
        accounts=accounts[order],
        earliest=earliest[order],
        weakest=weakest[order],
        texts=texts[order],
        settings=settings,
    )


def _earliest(columns: Columns, group: np.ndarray, inside: np.ndarray, size: int) -> np.ndarray:
    """Return the first place of each group; columns are in order of time, undated posts in front."""
    earliest = np.zeros(size, np.int64)
    for dated in (False, True):
        places = inside[columns.dated[inside] == dated][::-1]
        earliest[group[places]] = places
    return earliest


def _distinct(group: np.ndarray, value: np.ndarray, size: int) -> np.ndarray:
    """Return how many distinct values each group has."""
    if len(group) == 0:
        return np.zeros(size, np.int64)
    width = int(value.max()) + 1
    both = np.sort(group.astype(np.int64) * width + value)
    first = np.concatenate(([True], both[1:] != both[:-1]))
    return np.bincount(both[first] // width, minlength=size)
