"""Guesses of how a stored picture lies in the query, from hashes and from features; pixels judge them afterwards.

A guess is a map (3, 3) from pixels of the stored rendition to pixels of a view of the query.
A query is looked at as it is, in the mirror, and as a negative; a View is one of these.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from evidence.media import features, geometry, inverted, renditions, vocabulary
from evidence.media.fingerprints import Fingerprint, StoredPrint
from evidence.media.hamming import ranges
from evidence.media.index import FeaturePairs
from evidence.media.pixels import working_size
from evidence.media.rectangles import Rectangle, within

MOST_PAIRS = 160
MOST_MAPS = 48
MOST_TRIES = 4
FEWEST_PAIRS = 2
FEWEST_SUPPORT = 4
GUIDED_REACH = 6.0
# Features are found by rows as high as the farthest reach; keys of rows lie further apart than any picture is wide.
ROW = 2 * GUIDED_REACH
APART = 1e6
GUIDED_SCALE = 0.75
GUIDED_ANGLE = 0.6
GUIDED_DISTANCE = 24
UNSURE = 8
BITS_NEAR = 14.0
PIXELS_NEAR = 5.0
# Of what 175 right matches had, the least was 2.3; of 3,578 wrong ones half had less than 0.5 in their region.
LEAST_PARTNERS = 1.2
SEEDS_EACH = 3
LOCAL = 70.0
LOCAL_REACHES = (8.0, 5.0)


class View(NamedTuple):
    """The query, as it is, mirrored or negative: `grey`, the places of its features, those ready for the lists.

    `order` are the features by rows, in each from left to right, and `keys` what they are sorted by.
    """

    mirrored: bool
    negative: bool
    grey: np.ndarray
    points: geometry.Points
    order: np.ndarray
    keys: np.ndarray
    asked: inverted.Asked


class Sides(NamedTuple):
    """A view of the query and a stored picture: its print, the `shape` of its rendition, its features in pixels."""

    view: View
    kept: StoredPrint
    shape: tuple[int, int]
    points: geometry.Points


class Seed(NamedTuple):
    """One pair of features to start from: how strong it is, its map, and its place in the view."""

    strength: float
    sides: Sides
    start: np.ndarray
    centre: np.ndarray


def views(made: Fingerprint) -> tuple[View, View]:
    """The query as it is and in the mirror."""
    turned = features.mirrored(made.features)
    flipped = np.ascontiguousarray(made.grey[:, ::-1])
    return _view(made.grey, made.features), _view(flipped, turned, mirrored=True)


def negative(made: Fingerprint) -> View:
    """The query with light and dark exchanged."""
    return _view(255 - made.grey, features.negative(made.features), negative=True)


def _view(grey: np.ndarray, rows: np.ndarray, *, mirrored: bool = False, negative: bool = False) -> View:
    points = _points(rows, grey.shape)
    keys = _in_rows(points.at)
    order = np.argsort(keys)
    return View(mirrored, negative, grey, points, order, keys[order], inverted.ask(rows, points))


def _points(rows: np.ndarray, shape: tuple[int, int]) -> geometry.Points:
    return geometry.Points(features.places(rows, shape[1], shape[0]), features.scales(rows), features.angles(rows))


def beside(view: View, kept: StoredPrint) -> Sides:
    """The stored picture beside the query; raises BadRendition."""
    shape = renditions.shape(kept.rendition)
    points = _points(kept.postings, shape)
    scale = points.scale * shape[1] / working_size(kept.width, kept.height)[0]
    return Sides(view, kept, shape, points._replace(scale=scale))


def from_hash(sides: Sides, asked: Rectangle, turns: int, found: Rectangle) -> np.ndarray:
    """The map that lays region `found` of the stored picture on region `asked` of the view, turned back by `turns`."""
    unit = _to_unit(found, sides.shape)
    place = np.linalg.inv(_to_unit(asked, sides.view.grey.shape))
    return place @ TURNED_BACK[turns] @ unit


def _to_unit(region: Rectangle, shape: tuple[int, int]) -> np.ndarray:
    height, width = shape
    scale = geometry.diagonal(1 / (region.w * width), 1 / (region.h * height))
    return scale @ np.array([[1, 0, -region.x * width], [0, 1, -region.y * height], [0, 0, 1.0]])


# Where a place of a picture that was turned clockwise by so many quarters had been before, on the unit square.
TURNED_BACK = (
    np.eye(3),
    np.array([[0, 1, 0], [-1, 0, 1], [0, 0, 1.0]]),
    np.array([[-1, 0, 1], [0, -1, 1], [0, 0, 1.0]]),
    np.array([[0, -1, 1], [1, 0, 0], [0, 0, 1.0]]),
)


def from_features(sides: Sides, pairs: FeaturePairs) -> Iterator[np.ndarray]:
    """The maps that most pairs agree on, best first; pairs explained by one do not speak for the next.

    Where a map was found, weaker pairs move up: a picture that is there twice has most of its pairs in one of the two.
    """
    left = np.arange(len(pairs.weight))
    for _ in range(MOST_TRIES):
        if len(left) < FEWEST_PAIRS:
            return
        ours, theirs, agree, votes = _voted(sides, pairs, left[:MOST_PAIRS])
        best = int(votes.argmax())
        if agree[best].sum() < FEWEST_PAIRS:
            return
        start = geometry.similarity(ours, theirs, best)
        made = _refined(sides, _fitted(start, ours.take(agree[best]), theirs.take(agree[best])))
        left = np.delete(left, np.flatnonzero(agree[best]))
        if made is None:
            left = left[: MOST_PAIRS - agree[best].sum()]
        else:
            yield made
            left = left[_off(sides, pairs, left, made) > GUIDED_REACH]


def seeds(sides: Sides, pairs: FeaturePairs) -> Iterator[Seed]:
    """The pairs to start from alone, strongest first: by their own weight and that of those that agree."""
    ours, theirs, agree, votes = _voted(sides, pairs, np.arange(min(MOST_PAIRS, len(pairs.weight))))
    strength = np.sqrt(votes * pairs.weight[: len(votes)])
    for _ in range(SEEDS_EACH):
        best = int(strength.argmax())
        if strength[best] <= 0:
            return
        start = geometry.similarity(ours, theirs, best)
        if geometry.is_plausible(start):
            yield Seed(float(strength[best]), sides, start, theirs.at[best])
        strength = np.where(agree[best][: len(strength)], 0, strength)


def from_seed(seed: Seed) -> Iterator[np.ndarray]:
    """The map of one pair fitted to what lies around it, and as it is.

    Around a small cut-out the host has more features that look alike by chance than the cut-out has right ones, and
    they draw a map that is fitted to all of them away.
    """
    better = _fitted_around(seed)
    if better is not None:
        yield better
        yield seed.start


def _fitted_around(seed: Seed) -> np.ndarray | None:
    """The similarity of the features around the seed, each pair by how near its signatures are."""
    sides, matrix = seed.sides, seed.start
    for reach in LOCAL_REACHES:
        moved = geometry.apply(matrix, sides.points.at)
        around = np.flatnonzero(np.linalg.norm(moved - seed.centre, axis=1) < LOCAL)
        asked, feature = guided(sides, matrix, reach, around)
        if min(_distinct(asked), _distinct(feature)) < geometry.FEWEST:
            return None
        weight = np.exp(-((_bits_apart(sides, asked, feature) / BITS_NEAR) ** 2))
        better = geometry.weighted(sides.points.at[feature], sides.view.points.at[asked], weight)
        if better is None or not geometry.is_plausible(better):
            return None
        matrix = better
    return matrix if _partners(sides, matrix, asked, feature) >= LEAST_PARTNERS else None


def _voted(
    sides: Sides, pairs: FeaturePairs, left: np.ndarray
) -> tuple[geometry.Points, geometry.Points, np.ndarray, np.ndarray]:
    """The places of the pairs that are left, which agree with the map of which, and the votes for each map."""
    ours, theirs = sides.points.take(pairs.feature[left]), sides.view.points.take(pairs.asked[left])
    agree = geometry.supporters(ours, theirs, MOST_MAPS)
    return ours, theirs, agree, _distinct_votes(agree, pairs.asked[left], pairs.weight[left])


def _off(sides: Sides, pairs: FeaturePairs, left: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """How many pixels each of the pairs lies off a map."""
    return geometry.errors(matrix, sides.points.take(pairs.feature[left]), sides.view.points.take(pairs.asked[left]))


def _distinct_votes(agree: np.ndarray, asked: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The weight behind each hypothesis, each feature of the query counted once."""
    return agree @ (weight / np.bincount(asked)[asked])


def _distinct(numbers: np.ndarray) -> int:
    """How many different small numbers there are."""
    return np.count_nonzero(np.bincount(numbers))


def _fitted(start: np.ndarray, ours: geometry.Points, theirs: geometry.Points) -> np.ndarray:
    """The map through all pairs that agree, or the one to start from where they are too few or contradict."""
    better = geometry.fit(ours.at, theirs.at) if len(ours.at) >= geometry.FEWEST else None
    if better is None or not geometry.is_plausible(better):
        return start
    return geometry.refine(better, ours, theirs)[0]


def _refined(sides: Sides, matrix: np.ndarray) -> np.ndarray | None:
    """The map fitted to all features that lie where it says, whatever their words; None where these are too few."""
    inliers = np.zeros(0, bool)
    for reach in (2 * GUIDED_REACH, GUIDED_REACH):
        if not geometry.is_plausible(matrix):
            return None
        asked, feature = guided(sides, matrix, reach)
        if len(asked) < geometry.FEWEST:
            return None
        ours, theirs = sides.points.take(feature), sides.view.points.take(asked)
        matrix, inliers = geometry.refine(matrix, ours, theirs)
    if min(_distinct(asked[inliers]), _distinct(feature[inliers])) < FEWEST_SUPPORT:
        return None
    if _partners(sides, matrix, asked[inliers], feature[inliers]) < LEAST_PARTNERS:
        return None
    return geometry.with_perspective(matrix, ours.at[inliers], theirs.at[inliers])


def guided(
    sides: Sides, matrix: np.ndarray, reach: float, among: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (query numbers, stored numbers) that lie where the map says and look alike, whatever their words are.

    Of all stored features, or of those `among` these numbers.
    """
    among = np.arange(len(sides.points.at)) if among is None else among
    asked, feature = near_places(sides.view, geometry.apply(matrix, sides.points.at[among]), reach)
    feature = among[feature]
    if not len(asked):
        return asked, feature
    alike = _alike(sides, matrix, asked, feature)
    asked, feature = asked[alike], feature[alike]
    close = _bits_apart(sides, asked, feature) <= GUIDED_DISTANCE
    return asked[close], feature[close]


def near_places(view: View, moved: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a feature of the view and a place of `moved` (n, 2) within `reach`, at most ROW, on both axes."""
    wanted = _in_rows(moved)[:, None] + np.array([-APART, 0, APART])
    first, last = (np.searchsorted(view.keys, wanted + step).ravel() for step in (-reach, reach))
    feature = np.repeat(np.arange(len(moved)).repeat(3), last - first)
    asked = view.order[ranges(first, last - first)]
    near = np.abs(view.points.at[asked, 1] - moved[feature, 1]) < reach
    return asked[near], feature[near]


def _in_rows(places: np.ndarray) -> np.ndarray:
    """A key by which places are sorted into rows of ROW pixels, in each from left to right."""
    return np.floor(places[:, 1] / ROW) * APART + np.clip(places[:, 0], -2 * ROW, APART / 2)


def _alike(sides: Sides, matrix: np.ndarray, asked: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """Which pairs have the scale and the direction that the map gives them."""
    ours, theirs = sides.points.take(feature), sides.view.points.take(asked)
    size = geometry.scaling(matrix, ours.at.mean(axis=0))
    ratio = np.log2(theirs.scale / ours.scale / max(size, 1e-6))
    turn = theirs.angle - ours.angle - np.arctan2(matrix[1, 0], matrix[0, 0])
    return (np.abs(ratio) < GUIDED_SCALE) & (np.cos(turn) > np.cos(GUIDED_ANGLE))


def support(sides: Sides, matrix: np.ndarray, asked_region: Rectangle, stored_region: Rectangle) -> tuple[float, float]:
    """How many features of two regions find their partner under a map; and their share of those that could.

    Regions are fractions of the view and of the stored picture. A partner counts by how near its signature and its
    place are: among 540 look-ups 31 of 100 features of right matches had one within 6 bits and 0.4 of wrong ones, while
    at 22 bits it was 4 against 3. A stored feature that the map shrinks below the finest features of the query could
    not be found. A share of few is drawn towards nothing: two of two prove little.
    """
    theirs, shape = sides.view.points, sides.view.grey.shape
    asked_inside = within(asked_region, theirs.at / (shape[1], shape[0]))
    stored_inside = within(stored_region, sides.points.at / (sides.shape[1], sides.shape[0]))
    if not asked_inside.any() or not stored_inside.any():
        return 0.0, 0.0
    size = geometry.scaling(matrix, sides.points.at[stored_inside].mean(axis=0))
    visible = stored_inside & (sides.points.scale * size >= theirs.scale.min())
    asked, feature = guided(sides, matrix, GUIDED_REACH)
    both = asked_inside[asked] & visible[feature]
    found = _partners(sides, matrix, asked[both], feature[both])
    possible = min(asked_inside.sum(), max(visible.sum(), found))
    return found, float(found / (possible + UNSURE))


def _partners(sides: Sides, matrix: np.ndarray, asked: np.ndarray, feature: np.ndarray) -> float:
    """The weight of the pairs, each feature of either side in its best pair only."""
    off = geometry.errors(matrix, sides.points.take(feature), sides.view.points.take(asked))
    weight = np.exp(-((_bits_apart(sides, asked, feature) / BITS_NEAR) ** 2) - (off / PIXELS_NEAR) ** 2)
    order = np.argsort(-weight, kind="stable")
    for side in (feature, asked):
        order = order[np.sort(np.unique(side[order], return_index=True)[1])]
    return float(weight[order].sum())


def _bits_apart(sides: Sides, asked: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """In how many of 64 bits the signatures of pairs differ, against the word of the stored feature."""
    kept = sides.kept.postings[feature]
    codes = vocabulary.signatures(sides.view.asked.projected[asked], kept["word"])
    return np.bitwise_count(codes ^ kept["code"]).astype(np.int64)
