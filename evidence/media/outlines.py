"""From places that agree to the region that a person is shown, on both sides."""

from typing import NamedTuple

import cv2
import numpy as np

from evidence.media import geometry
from evidence.media.correlation import WINDOW, Agreement
from evidence.media.rectangles import Rectangle

FEWEST_CELLS = 2.0
LEAST_OF_LARGEST = 0.05
LESS_ALIKE = 0.08
SNAP_STORED = 0.06
SNAP_QUERY = 0.015
STRAIGHT = 0.08
RIM = 3.0
OTHERWISE = 0.1
NOISY = 0.3
BETWEEN = 0.5
MOST_ISLANDS = 12
# The outline by pixels: how far beyond the windows it looks; how far off a pixel may be, in tones and in medians.
RIM_SEEN = 4
LEAST_OFF = 6.0
MEDIANS_OFF = 2.5
SPECK = 5
WHOLE_BOUNDS = (0.0, 0.0, 1.0, 1.0)


class Outline(NamedTuple):
    """The matched regions, how many cells in them agree, and their share of all that tell.

    `contrary` is the share of these that say something else altogether; `narrow` the shorter side of what agrees, in
    windows of the comparison; `where` it is: rows and columns of the patch.
    """

    query: Rectangle
    stored: Rectangle
    cells: float
    purity: float
    contrary: float
    narrow: float
    where: tuple[slice, slice]


def outline(agreement: Agreement, query: tuple[int, int], stored: tuple[int, int]) -> Outline | None:
    """The outline of what agrees; `query` and `stored` are the (h, w) of the compared pictures."""
    mask = _connected(agreement)
    return None if mask is None else _of(mask, agreement, query, stored)


def _of(mask: np.ndarray, agreement: Agreement, query: tuple[int, int], stored: tuple[int, int]) -> Outline:
    points = _hull(mask)
    (left, upper), (right, lower) = points.min(axis=0).astype(int), points.max(axis=0).astype(int) + 1
    # A pixel more: the rim itself is blended with what lies beside it.
    rim = _hull(_larger(_by_pixels(agreement, mask), 1))
    at = geometry.apply(agreement.to_query, rim + 0.5)
    back = geometry.apply(np.linalg.inv(agreement.matrix), at)
    inner = _bounds(back, stored)
    snapped = _snap(inner, *_reach(agreement, stored))
    outer = _bounds(at, query)
    if snapped != inner and _is_straight(agreement.matrix, snapped):
        outer = _bounds(geometry.apply(agreement.matrix, _corners(snapped, stored)), query)
    outer = _snap(outer, SNAP_QUERY, SNAP_QUERY)
    hull = _filled(points, mask.shape)
    agreeing = (agreement.same & mask).sum()
    proof = agreement.proof & mask
    telling = agreement.textured & hull
    contrary = telling & (agreement.likeness < OTHERWISE)
    return Outline(
        _rectangle(outer),
        _rectangle(snapped),
        float(proof.sum()) / WINDOW**2,
        float(min(1.0, agreeing / max(1, telling.sum()))),
        float(contrary.sum() / max(1, telling.sum())),
        min(cv2.minAreaRect(points.astype(np.float32))[1]) / WINDOW,
        (slice(upper, lower), slice(left, right)),
    )


def _connected(agreement: Agreement) -> np.ndarray | None:
    brush = np.ones((WINDOW, WINDOW), np.uint8)
    support = cv2.morphologyEx((agreement.same | agreement.plain).astype(np.uint8), cv2.MORPH_CLOSE, brush)
    support = cv2.morphologyEx(support, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels = cv2.connectedComponents(support, connectivity=4)
    cells = np.bincount(labels.ravel(), agreement.same.ravel(), count)
    likeness = np.bincount(labels.ravel(), (agreement.same * agreement.likeness).ravel(), count) / np.maximum(cells, 1)
    cells[0] = 0
    largest = int(cells.argmax())
    alike = likeness >= likeness[largest] - LESS_ALIKE
    kept = alike & (cells >= FEWEST_CELLS * WINDOW**2) & (cells >= LEAST_OF_LARGEST * cells[largest])
    if not kept.any():
        return None
    return _grown(agreement, labels, sorted(np.flatnonzero(kept), key=lambda label: -cells[label]))


def _grown(agreement: Agreement, labels: np.ndarray, islands: list[int]) -> np.ndarray:
    """The largest island and those that belong to it: where what lies between them agrees more often than not.

    Where little agrees anywhere (grain, a print of noise) all islands count: there is no saying what lies between.
    """
    every = np.isin(labels, islands)
    if len(islands) == 1 or _share(agreement, _filled(_hull(every), labels.shape)) < NOISY:
        return every
    mask = labels == islands[0]
    hull = _filled(_hull(mask), labels.shape)
    for island in islands[1:MOST_ISLANDS]:
        wider = mask | (labels == island)
        grown = _filled(_hull(wider), labels.shape)
        if _share(agreement, grown & ~hull) >= BETWEEN:
            mask, hull = wider, grown
    return mask


def _by_pixels(agreement: Agreement, mask: np.ndarray) -> np.ndarray:
    """The mask as far as single pixels agree: windows blur its rim by half their width, inwards and outwards.

    The tones of the stored picture are brought to those of the query by a line through the places that agree. Where
    that does not hold for most of them (grain, light that falls off) the mask stays as it was.
    """
    core = agreement.same & mask
    off = cv2.blur(_off(agreement, core), (3, 3))
    near = _larger(mask, RIM_SEEN)
    fits = agreement.inside & near & (off <= max(LEAST_OFF, MEDIANS_OFF * float(np.median(off[core]))))
    fits = cv2.morphologyEx(fits.astype(np.uint8), cv2.MORPH_OPEN, np.ones((SPECK, SPECK), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(fits, connectivity=4)
    agreeing = np.bincount(labels.ravel(), core.ravel(), count)
    agreeing[0] = 0
    kept = (agreeing >= stats[:, cv2.CC_STAT_AREA] / 2) & (agreeing >= LEAST_OF_LARGEST * agreeing.max())
    kept[0] = False
    return np.isin(labels, np.flatnonzero(kept)) if agreeing[kept].sum() >= core.sum() / 2 else mask


def _off(agreement: Agreement, core: np.ndarray) -> np.ndarray:
    """By how many tones each pixel of the query is off."""
    stored, asked = agreement.warped[core], agreement.patch[core]
    gain = np.clip(np.cov(stored, asked)[0, 1] / max(float(stored.var()), 1e-3), 0.2, 5)
    return np.abs(agreement.patch - (gain * (agreement.warped - stored.mean()) + asked.mean())).astype(np.float32)


def _larger(mask: np.ndarray, reach: int) -> np.ndarray:
    side = 2 * reach + 1
    return cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def _share(agreement: Agreement, where: np.ndarray) -> float:
    """The share that agrees of all that tells something there."""
    return float((agreement.same & where).sum() / max(1, (agreement.textured & where).sum()))


def _hull(mask: np.ndarray) -> np.ndarray:
    rims, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return cv2.convexHull(np.concatenate(rims))[:, 0].astype(float)


def _filled(points: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    hull = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(hull, points.astype(np.int32), 1)
    return hull > 0


def _bounds(points: np.ndarray, shape: tuple[int, int]) -> tuple[float, float, float, float]:
    fractions = np.clip(points / (shape[1], shape[0]), 0, 1)
    left, upper = fractions.min(axis=0)
    right, lower = fractions.max(axis=0)
    return float(left), float(upper), float(right), float(lower)


def _reach(agreement: Agreement, stored: tuple[int, int]) -> tuple[float, float]:
    """How near to its borders the stored picture is taken whole: what a window at the rim cannot see."""
    size = geometry.scaling(np.linalg.inv(agreement.matrix) @ agreement.to_query, np.zeros(2))
    return min(SNAP_STORED, RIM * size / stored[1]), min(SNAP_STORED, RIM * size / stored[0])


def _snap(bounds: tuple, across: float, down: float) -> tuple[float, float, float, float]:
    left, upper, right, lower = bounds
    return (
        0.0 if left <= across else left,
        0.0 if upper <= down else upper,
        1.0 if right >= 1 - across else right,
        1.0 if lower >= 1 - down else lower,
    )


def _is_straight(matrix: np.ndarray, bounds: tuple) -> bool:
    """Whether sides stay sides (up to quarter turns), or the region is the whole stored picture anyway."""
    turn = np.arctan2(matrix[1, 0], matrix[0, 0]) % (np.pi / 2)
    return min(turn, np.pi / 2 - turn) < STRAIGHT or bounds == WHOLE_BOUNDS


def _corners(bounds: tuple, shape: tuple[int, int]) -> np.ndarray:
    left, upper, right, lower = bounds
    corners = np.array([[left, upper], [right, upper], [right, lower], [left, lower]])
    return corners * (shape[1], shape[0])


def _rectangle(bounds: tuple) -> Rectangle:
    left, upper, right, lower = bounds
    return Rectangle(left, upper, right - left, lower - upper)
