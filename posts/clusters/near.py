"""Clusters of near-duplicate texts (L3): connected components of pairs that were compared, never of buckets.

Distinct cores are compared, not posts. Up to EXACT_UP_TO of them every pair is; beyond that the candidates of MinHash,
each by its exact Jaccard likeness. A chain of alike pairs may join texts that are not alike themselves, so a cluster
carries its weakest link: the least likeness among the links that hold it together.
"""

from collections.abc import Iterable, Iterator
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
    walk = likeness.all_pairs if len(texts) <= exact_up_to else _verified
    links = list(walk(sets, threshold))
    left, right, alike = (np.concatenate(parts) for parts in zip(*links, strict=True)) if links else _no_links()
    return _joined(len(texts), left, right, alike)


def _no_links() -> Links:
    return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)


def _verified(sets: Shingles, threshold: float) -> Iterator[Links]:
    """Yield the candidates that are alike, band by band; what an earlier band has joined is not compared again."""
    rows = likeness.matrix(sets)
    label = np.arange(len(sets.starts) - 1)
    found: list[Links] = []
    for key in minhash.band_keys(sets):
        new = []
        for one, other in minhash.candidates(key):
            apart = label[one] != label[other]
            left, right = one[apart], other[apart]
            alike = likeness.of_pairs(sets, rows, left, right)
            kept = alike >= threshold
            new.append((left[kept], right[kept], alike[kept]))
        yield from new
        found += new
        label = _labels(len(label), found)


def _labels(number: int, links: list[Links]) -> np.ndarray:
    if not links:
        return np.arange(number)
    left, right = (np.concatenate([link[side] for link in links]) for side in (0, 1))
    graph = coo_array((np.ones(len(left), np.bool_), (left, right)), shape=(number, number))
    return connected_components(graph, directed=False)[1]


def _joined(number: int, left: np.ndarray, right: np.ndarray, alike: np.ndarray) -> Components:
    """Join the links. Of all spanning trees the one of the strongest links tells where a cluster is weakest."""
    # No link of weight 0, which a sparse matrix would take for none; of a pair found twice one is enough.
    pair = left * np.int64(max(number, 1)) + right
    _, once = np.unique(np.sort(pair), return_index=True) if len(pair) else (pair, pair)
    order = np.argsort(pair, kind="stable")[once]
    graph = coo_array((2 - alike[order], (left[order], right[order])), shape=(number, number)).tocsr()
    label = connected_components(graph, directed=False)[1] if number else np.empty(0, np.int64)
    tree = minimum_spanning_tree(graph).tocoo() if number else graph.tocoo()
    weakest = np.ones(int(label.max()) + 1 if number else 0)
    np.minimum.at(weakest, label[tree.row], np.round(2 - tree.data, 12))
    return Components(label, weakest)
