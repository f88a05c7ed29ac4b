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
SNAP_QUERY = 0.03
STRAIGHT = 0.08


class Outline(NamedTuple):
    """The matched regions, how many cells in them agree, their share of all that tell, and their correlation."""

    query: Rectangle
    stored: Rectangle
    cells: float
    purity: float
    correlation: float


def outline(agreement: Agreement, query: tuple[int, int], stored: tuple[int, int]) -> Outline | None:
    """The outline of what agrees; `query` and `stored` are the (h, w) of the compared pictures."""
    mask = _connected(agreement)
    if mask is None:
        return None
    rims, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    points = cv2.convexHull(np.concatenate(rims))[:, 0].astype(float)
    at = (points + 0.5 + (agreement.left, agreement.upper)) / agreement.factor
    back = geometry.apply(np.linalg.inv(agreement.matrix), at)
    inner = _bounds(back, stored)
    snapped = _snap(inner, (0.0, 0.0, 1.0, 1.0), SNAP_STORED)
    outer = _bounds(at, query)
    if snapped != inner and _is_straight(agreement.matrix, snapped):
        outer = _bounds(geometry.apply(agreement.matrix, _corners(snapped, stored)), query)
    outer = _snap(outer, (0.0, 0.0, 1.0, 1.0), SNAP_QUERY)
    hull = np.zeros(mask.shape, np.uint8)
    cv2.fillConvexPoly(hull, points.astype(np.int32), 1)
    agreeing = (agreement.same & mask).sum()
    proof = agreement.proof & mask
    telling = (agreement.textured & (hull > 0)).sum()
    return Outline(
        _rectangle(outer),
        _rectangle(snapped),
        float(proof.sum()) / WINDOW**2,
        float(min(1.0, agreeing / max(1, telling))),
        float(agreement.likeness[proof].mean()) if proof.any() else 0.0,
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
    return kept[labels] if kept.any() else None


def _bounds(points: np.ndarray, shape: tuple[int, int]) -> tuple[float, float, float, float]:
    fractions = np.clip(points / (shape[1], shape[0]), 0, 1)
    left, upper = fractions.min(axis=0)
    right, lower = fractions.max(axis=0)
    return float(left), float(upper), float(right), float(lower)


def _snap(bounds: tuple, to: tuple, within: float) -> tuple[float, float, float, float]:
    return tuple(edge if abs(value - edge) <= within else value for value, edge in zip(bounds, to, strict=True))


def _is_straight(matrix: np.ndarray, bounds: tuple) -> bool:
    """Whether sides stay sides (up to quarter turns), or the region is the whole stored picture anyway."""
    turn = np.arctan2(matrix[1, 0], matrix[0, 0]) % (np.pi / 2)
    return min(turn, np.pi / 2 - turn) < STRAIGHT or bounds == (0.0, 0.0, 1.0, 1.0)


def _corners(bounds: tuple, shape: tuple[int, int]) -> np.ndarray:
    left, upper, right, lower = bounds
    corners = np.array([[left, upper], [right, upper], [right, lower], [left, lower]])
    return corners * (shape[1], shape[0])


def _rectangle(bounds: tuple) -> Rectangle:
    left, upper, right, lower = bounds
    return Rectangle(left, upper, right - left, lower - upper)
