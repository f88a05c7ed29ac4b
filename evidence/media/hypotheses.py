"""Guesses of how a stored picture lies in the query, from hashes and from features; pixels judge them afterwards.

A query is looked at twice, as it is and in the mirror; a View is one of the two.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from evidence.media import features, geometry, inverted, vocabulary
from evidence.media.fingerprints import Fingerprint, StoredPrint
from evidence.media.index import FeaturePairs
from evidence.media.pixels import working_size
from evidence.media.rectangles import Rectangle

MOST_PAIRS = 160
MOST_TRIES = 4
FEWEST_PAIRS = 2
GUIDED_REACH = 6.0
GUIDED_SCALE = 0.75
GUIDED_ANGLE = 0.6
GUIDED_DISTANCE = 24


class View(NamedTuple):
    """The query, as it is or mirrored: `grey`, the places of its features, and the features ready for the lists."""

    mirrored: bool
    grey: np.ndarray
    points: geometry.Points
    asked: inverted.Asked


class Sides(NamedTuple):
    """A view of the query and a stored picture: its print, its `grey` rendition and its features in pixels of that."""

    view: View
    kept: StoredPrint
    grey: np.ndarray
    points: geometry.Points


class Hypothesis(NamedTuple):
    """A map from pixels of the stored rendition to pixels of the view, and how many features are behind it."""

    matrix: np.ndarray
    support: int


def views(made: Fingerprint) -> tuple[View, View]:
    """The query as it is and in the mirror."""
    turned = features.mirrored(made.features)
    flipped = np.ascontiguousarray(made.grey[:, ::-1])
    return (
        View(False, made.grey, _points(made.features, made.grey.shape), inverted.ask(made.features)),
        View(True, flipped, _points(turned, flipped.shape), inverted.ask(turned)),
    )


def _points(rows: np.ndarray, shape: tuple[int, int]) -> geometry.Points:
    return geometry.Points(features.places(rows, shape[1], shape[0]), features.scales(rows), features.angles(rows))


def beside(view: View, kept: StoredPrint, grey: np.ndarray) -> Sides:
    """The stored picture, whose unpacked rendition is `grey`, beside the query."""
    points = _points(kept.postings, grey.shape)
    scale = points.scale * grey.shape[1] / working_size(kept.width, kept.height)[0]
    return Sides(view, kept, grey, points._replace(scale=scale))


def from_hash(sides: Sides, asked: Rectangle, turns: int, found: Rectangle) -> Hypothesis:
    """The map that lays region `found` of the stored picture on region `asked` of the view, turned back by `turns`."""
    unit = _to_unit(found, sides.grey.shape)
    place = np.linalg.inv(_to_unit(asked, sides.view.grey.shape))
    return Hypothesis(place @ TURNED_BACK[turns] @ unit, 0)


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


def from_features(sides: Sides, pairs: FeaturePairs) -> Iterator[Hypothesis]:
    """The maps that most pairs agree on, best first; pairs explained by one do not speak for the next."""
    left = np.argsort(-pairs.weight, kind="stable")[:MOST_PAIRS]
    for _ in range(MOST_TRIES):
        if len(left) < FEWEST_PAIRS:
            return
        ours, theirs = sides.points.take(pairs.feature[left]), sides.view.points.take(pairs.asked[left])
        maps = geometry.similarities(ours, theirs)
        agree = geometry.supporters(maps, ours, theirs)
        best = int(_distinct_votes(agree, pairs.asked[left], pairs.weight[left]).argmax())
        if agree[best].sum() < FEWEST_PAIRS:
            return
        start = _fitted(maps[best], ours.take(agree[best]), theirs.take(agree[best]))
        if (made := _refined(sides, start)) is not None:
            yield made
        left = left[~agree[best]]


def _distinct_votes(agree: np.ndarray, asked: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The weight behind each hypothesis, each feature of the query counted once."""
    _, inverse, repeats = np.unique(asked, return_inverse=True, return_counts=True)
    return agree @ (weight / repeats[inverse])


def _fitted(start: np.ndarray, ours: geometry.Points, theirs: geometry.Points) -> np.ndarray:
    """The map through all pairs that agree, or the one to start from where they are too few or contradict."""
    better = geometry.fit(ours.at, theirs.at) if len(ours.at) >= geometry.FEWEST else None
    if better is None or not geometry.is_plausible(better):
        return start
    return geometry.refine(better, ours, theirs)[0]


def _refined(sides: Sides, matrix: np.ndarray) -> Hypothesis | None:
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
    if inliers.sum() < geometry.FEWEST:
        return None
    matrix = geometry.with_perspective(matrix, ours.at[inliers], theirs.at[inliers])
    return Hypothesis(matrix, len(np.unique(asked[inliers])))


def guided(sides: Sides, matrix: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (query numbers, stored numbers) that lie where the map says and look alike, whatever their words are."""
    theirs, moved = sides.view.points, geometry.apply(matrix, sides.points.at)
    height, width = sides.view.grey.shape
    inside = np.flatnonzero(((moved > -reach) & (moved < (width + reach, height + reach))).all(axis=1))
    near = [np.abs(theirs.at[:, None, axis] - moved[None, inside, axis]) < reach for axis in (0, 1)]
    asked, column = np.nonzero(near[0] & near[1])
    if not len(asked):
        return asked, column
    feature = inside[column]
    alike = _alike(sides, matrix, asked, feature)
    asked, feature = asked[alike], feature[alike]
    words = sides.kept.postings["word"][feature]
    codes = vocabulary.signatures(sides.view.asked.projected[asked], words)
    close = np.bitwise_count(codes ^ sides.kept.postings["code"][feature]) <= GUIDED_DISTANCE
    return asked[close], feature[close]


def _alike(sides: Sides, matrix: np.ndarray, asked: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """Which pairs have the scale and the direction that the map gives them."""
    ours, theirs = sides.points.take(feature), sides.view.points.take(asked)
    size = geometry.scaling(matrix, ours.at.mean(axis=0))
    ratio = np.log2(theirs.scale / ours.scale / max(size, 1e-6))
    turn = theirs.angle - ours.angle - np.arctan2(matrix[1, 0], matrix[0, 0])
    return (np.abs(ratio) < GUIDED_SCALE) & (np.cos(turn) > np.cos(GUIDED_ANGLE))
