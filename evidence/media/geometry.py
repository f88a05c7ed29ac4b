"""How one picture lies in another: maps that take places of the stored picture to places of the query.

Maps are 3 x 3 float matrices on pixels, (x, y, 1) columns. One pair of features fixes a similarity, because each has a
scale and a direction (Philbin et al., "Object retrieval with large vocabularies and fast spatial matching", 2007);
pairs that agree then refine it to an affine map and, where there are many, to a perspective one.
"""

from math import hypot
from typing import NamedTuple

import cv2
import numpy as np

NEAR = 4.0
BASE_TOLERANCE = 6.0
LEVER = 0.12
SCALE_TOLERANCE = 0.7
ANGLE_TOLERANCE = 0.5
FEWEST = 3
FEWEST_AFFINE = 6
FEWEST_PERSPECTIVE = 14
ROUNDS = 3
LARGEST_SCALE = 12.0
MOST_ANISOTROPY = 2.2


class Points(NamedTuple):
    """Features as pixels: `at` (n, 2), `scale` (n) diameters, `angle` (n) radians."""

    at: np.ndarray
    scale: np.ndarray
    angle: np.ndarray

    def take(self, rows: np.ndarray) -> "Points":
        return Points(self.at[rows], self.scale[rows], self.angle[rows])


def similarity(stored: Points, query: Points, pair: int) -> np.ndarray:
    """The similarity that takes the stored feature of a pair to the one of the query: (3, 3)."""
    factor = (query.scale[pair] / stored.scale[pair]) * np.exp(1j * (query.angle[pair] - stored.angle[pair]))
    offset = query.at[pair] @ (1, 1j) - factor * (stored.at[pair] @ (1, 1j))
    return _matrix(factor, offset)


def _matrix(factor: complex, offset: complex) -> np.ndarray:
    return np.array([[factor.real, -factor.imag, offset.real], [factor.imag, factor.real, offset.imag], [0, 0, 1]])


def supporters(stored: Points, query: Points, hypotheses: int) -> np.ndarray:
    """Which pairs agree roughly with the similarity of each of the first `hypotheses` pairs: (hypotheses, pairs) bool.

    The error allowed grows with the distance from the pair that made the hypothesis, as an error of direction does.
    """
    source, target = ((points.at @ (1, 1j)).astype(np.complex64) for points in (stored, query))
    ratio = np.log2(query.scale / stored.scale).astype(np.float32)
    turn = np.exp(1j * (query.angle - stored.angle)).astype(np.complex64)
    factor, made = (np.exp2(ratio) * turn)[:hypotheses, None], slice(None, hypotheses)
    lever = target - target[made, None]
    error = np.abs(factor * (source - source[made, None]) - lever)
    same_scale = np.abs(ratio - ratio[made, None]) < SCALE_TOLERANCE
    same_turn = (turn * turn[made, None].conj()).real > np.cos(ANGLE_TOLERANCE)
    return (error < BASE_TOLERANCE + LEVER * np.abs(lever)) & same_scale & same_turn


def apply(matrix: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Where the map takes (n, 2) places."""
    moved = places @ matrix[:, :2].T + matrix[:, 2]
    return moved[:, :2] / np.where(np.abs(moved[:, 2:]) < 1e-9, 1e-9, moved[:, 2:])


def errors(matrix: np.ndarray, stored: Points, query: Points) -> np.ndarray:
    """Distances in pixels of the query between where pairs are and where the map takes them: (n)."""
    return np.linalg.norm(apply(matrix, stored.at) - query.at, axis=1)


def fit(stored: np.ndarray, query: np.ndarray) -> np.ndarray | None:
    """The map of least squares from (n, 2) places to places: a similarity for few, affine for more."""
    if len(stored) < 2:
        return None
    if len(stored) < FEWEST_AFFINE:
        return _similarity(stored, query)
    ones = np.column_stack([stored, np.ones(len(stored))])
    solution, _, rank, _ = np.linalg.lstsq(ones, query, rcond=None)
    return np.vstack([solution.T, [0, 0, 1]]) if rank == 3 else _similarity(stored, query)


def _similarity(stored: np.ndarray, query: np.ndarray) -> np.ndarray | None:
    return weighted(stored, query, np.ones(len(stored)))


def weighted(stored: np.ndarray, query: np.ndarray, weight: np.ndarray) -> np.ndarray | None:
    """The similarity of least squares from (n, 2) places to places, each pair by its weight (n); None at one place."""
    source, target = stored @ (1, 1j), query @ (1, 1j)
    share = weight / weight.sum()
    centre, middle = share @ source, share @ target
    spread = share @ np.abs(source - centre) ** 2
    if spread < 1e-9:
        return None
    factor = share @ (np.conj(source - centre) * (target - middle)) / spread
    offset = middle - factor * centre
    return _matrix(factor, offset)


def refine(matrix: np.ndarray, stored: Points, query: Points, tolerance: float = NEAR) -> tuple[np.ndarray, np.ndarray]:
    """The map fitted again to the pairs that it takes near each other, some times; and which pairs those are."""
    allowed = 2 * tolerance
    inliers = errors(matrix, stored, query) < allowed
    for _ in range(ROUNDS):
        better = fit(stored.at[inliers], query.at[inliers])
        if better is None or not is_plausible(better):
            break
        allowed = max(tolerance, allowed * 0.7)
        near = errors(better, stored, query) < allowed
        if near.sum() < FEWEST:
            break
        matrix, inliers = better, near
    return matrix, inliers


def with_perspective(matrix: np.ndarray, stored: np.ndarray, query: np.ndarray) -> np.ndarray:
    """A perspective map through many pairs if it is plausible, else the map as it was."""
    if len(stored) < FEWEST_PERSPECTIVE:
        return matrix
    found, _ = cv2.findHomography(stored, query, cv2.RANSAC, NEAR / 2)
    return found if found is not None and is_plausible(found) else matrix


def is_plausible(matrix: np.ndarray) -> bool:
    """Whether a map neither flips, nor flattens, nor magnifies beyond what people do to pictures."""
    if not np.isfinite(matrix).all() or abs(matrix[2, 2]) < 1e-9:
        return False
    (a, b, _), (c, d, _), (across, down, _) = (matrix / matrix[2, 2]).tolist()
    # The singular values are the sum and the difference of these (Blinn, "Consider the lowly 2 x 2 matrix", 1996).
    turning, flipping = hypot(a + d, c - b) / 2, hypot(a - d, b + c) / 2
    longest, shortest = turning + flipping, turning - flipping
    within = shortest > 1 / LARGEST_SCALE and longest < LARGEST_SCALE
    return within and max(abs(across), abs(down)) < 2e-3 and longest < MOST_ANISOTROPY * shortest


def scaling(matrix: np.ndarray, at: np.ndarray) -> float:
    """How many pixels of the query one pixel of the stored picture becomes around a place (2)."""
    depth = float(matrix[2, :2] @ at + matrix[2, 2])
    return abs(float(np.linalg.det(matrix)) / max(abs(depth), 1e-9) ** 3) ** 0.5


def corners(shape: tuple[int, int]) -> np.ndarray:
    """The corners of a picture of (h, w) pixels, around it from the upper left: (4, 2)."""
    height, width = shape
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], float)


def diagonal(across: float, down: float) -> np.ndarray:
    """The map that scales by these factors."""
    return np.diag([across, down, 1.0])


def mirror(width: float) -> np.ndarray:
    """The map that exchanges left and right of a picture of that width."""
    return np.array([[-1.0, 0, width], [0, 1, 0], [0, 0, 1]])
