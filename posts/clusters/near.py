"""Clusters of near-duplicate texts (L3): connected components of pairs that were compared, never of buckets.

Distinct cores are compared, not posts. Up to EXACT_UP_TO of them every pair is; beyond that the candidates of MinHash,
each by its exact Jaccard likeness. A chain of alike pairs may join texts that are not alike themselves, so a cluster
carries its weakest link: the least likeness among the links that hold it together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from posts.clusters import likeness, minhash
from posts.clusters.exact import of_texts
from posts.clusters.groups import NONE, Clustering, counted
from posts.clusters.shingles import Shingles, shingles
from posts.columns import Columns
from posts.enums import Level
from posts.exceptions import InvalidSettings, TooManyTexts
from posts.texts.forms import TextForms

VERSION = "L3.1"
THRESHOLD = 0.60
LOWEST, HIGHEST = 0.4, 0.95
EXACT_UP_TO = 5_000
MOST_POSTS = 1_000_000
LINKS_AT_ONCE = 1_000_000

Links = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Components:
    """`label` of each text, and by label the weakest link; a text alone has 1.0."""

    label: np.ndarray
    weakest: np.ndarray


def clusters(columns: Columns, texts: Iterable[TextForms] | None = None, *, threshold: float = THRESHOLD) -> Clustering:
    """Group the posts by near-duplicate cores. Raises TooManyTexts, and InvalidSettings for a threshold beyond use."""
    if not LOWEST <= threshold <= HIGHEST:
        raise InvalidSettings(f"The threshold is from {LOWEST} to {HIGHEST}.", field="threshold")
    if len(columns) > MOST_POSTS:
        raise TooManyTexts(len(columns), MOST_POSTS)
    cores = [form.core if form.eligible else "" for form in (of_texts(columns) if texts is None else texts)]
    distinct = sorted(set(cores) - {""})
    codes = {core: code for code, core in enumerate(distinct)}
    text = np.fromiter((codes.get(core, NONE) for core in cores), np.int64, len(cores))
    found = components(distinct, threshold)
    group = np.where(text == NONE, NONE, found.label[text] if distinct else NONE)
    settings = {"threshold": threshold, "version": VERSION, "exact": len(distinct) <= EXACT_UP_TO}
    return counted(columns, Level.L3, group, text=text, weakest=found.weakest, settings=settings)


def components(texts: list[str], threshold: float = THRESHOLD, *, exact_up_to: int = EXACT_UP_TO) -> Components:
    """Return the components of distinct texts, which have to be sorted for the result to be that of their set."""
    sets = shingles(texts)
    forest = _Forest(len(texts))
    if len(texts) <= exact_up_to:
        for left, right, alike in likeness.all_pairs(sets, threshold):
            forest.add(left, right, alike)
    else:
        _verify(sets, threshold, forest)
    return forest.components()


def _verify(sets: Shingles, threshold: float, forest: "_Forest") -> None:
    """Add the candidates that are alike, band by band; what is joined by then is not compared again."""
    rows = likeness.matrix(sets)
    for key in minhash.band_keys(sets):
        for one, other in minhash.candidates(key):
            apart = forest.label[one] != forest.label[other]
            left, right = one[apart], other[apart]
            alike = likeness.of_pairs(sets, rows, left, right)
            kept = alike >= threshold
            forest.add(left[kept], right[kept], alike[kept])
        forest.settle()


class _Forest:
    """The strongest links that hold the texts together so far: of all spanning forests the one of greatest likeness.

    Links that close a circle are dropped as they come, so it never holds more than one link per text and one load.
    """

    def __init__(self, number: int):
        self._number = number
        self._tree = coo_array((number, number))
        self._new: list[Links] = []
        self._waiting = 0
        self.label = np.arange(number)

    def add(self, left: np.ndarray, right: np.ndarray, alike: np.ndarray) -> None:
        """Take links of a likeness above 0."""
        if len(left):
            self._new.append((left, right, alike))
            self._waiting += len(left)
        if self._waiting > LINKS_AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Work the new links in: afterwards `label` tells which texts are joined."""
        if not self._new:
            return
        left, right, alike = (np.concatenate(parts) for parts in zip(*self._new, strict=True))
        old = self._tree
        self._new, self._waiting = [], 0
        graph = coo_array(
            (
                # The tree is one of least weight, and a sparse matrix takes a weight of 0 for no link.
                np.concatenate((old.data, 2 - alike)),
                (np.concatenate((old.row, left)), np.concatenate((old.col, right))),
            ),
            shape=(self._number, self._number),
        )
        self._tree = minimum_spanning_tree(_without_repeats(graph)).tocoo()
        self.label = connected_components(self._tree, directed=False)[1]

    def components(self) -> Components:
        """Return the components and what each is held together by at its weakest."""
        self.settle()
        if not self._number:
            return Components(self.label, np.empty(0))
        weakest = np.ones(int(self.label.max()) + 1)
        np.minimum.at(weakest, self.label[self._tree.row], np.round(2 - self._tree.data, 12))
        return Components(self.label, weakest)


def _without_repeats(graph: coo_array) -> coo_array:
    """Take a pair that was found twice once: a sparse matrix would add its weights up."""
    pair = np.minimum(graph.row, graph.col).astype(np.int64) * graph.shape[0] + np.maximum(graph.row, graph.col)
    order = np.argsort(pair, kind="stable")
    once = order[np.concatenate(([True], pair[order][1:] != pair[order][:-1]))]
    return coo_array((graph.data[once], (graph.row[once], graph.col[once])), shape=graph.shape)
