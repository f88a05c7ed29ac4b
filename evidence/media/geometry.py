"""How one picture lies in another: maps that take places of the stored picture to places of the query.

Maps are 3 x 3 float matrices on pixels, (x, y, 1) columns. One pair of features fixes a similarity, because each has a
scale and a direction (Philbin et al., "Object retrieval with large vocabularies and fast spatial matching", 2007);
pairs that agree then refine it to an affine map and, where there are many, to a perspective one.
"""

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


def similarities(stored: Points, query: Points) -> np.ndarray:
    """For each pair of rows the similarity that takes the stored feature to the one of the query: (n, 3, 3)."""
    ratio, turn = query.scale / stored.scale, query.angle - stored.angle
    cosine, sine = ratio * np.cos(turn), ratio * np.sin(turn)
    maps = np.zeros((len(ratio), 3, 3))
    maps[:, 0, 0], maps[:, 0, 1], maps[:, 1, 0], maps[:, 1, 1] = cosine, -sine, sine, cosine
    maps[:, :2, 2] = query.at - np.einsum("nij,nj->ni", maps[:, :2, :2], stored.at)
    maps[:, 2, 2] = 1
    return maps


def supporters(maps: np.ndarray, stored: Points, query: Points) -> np.ndarray:
    """For each hypothesis which pairs agree with it roughly: (hypotheses, pairs) bool.

    The error allowed grows with the distance from the pair that made the hypothesis, as an error of direction does.
    """
    ratio, turn = query.scale / stored.scale, query.angle - stored.angle
    moved = np.einsum("hij,nj->hni", maps[:, :2, :2], stored.at) + maps[:, None, :2, 2]
    error = np.linalg.norm(moved - query.at[None], axis=2)
    lever = np.linalg.norm(query.at[None] - query.at[:, None], axis=2)
    same_scale = np.abs(np.log2(ratio[None] / ratio[:, None])) < SCALE_TOLERANCE
    same_turn = np.cos(turn[None] - turn[:, None]) > np.cos(ANGLE_TOLERANCE)
    return (error < BASE_TOLERANCE + LEVER * lever) & same_scale & same_turn


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
    source, target = stored @ (1, 1j), query @ (1, 1j)
    centre, middle = source.mean(), target.mean()
    spread = (np.abs(source - centre) ** 2).sum()
    if spread < 1e-9:
        return None
    factor = (np.conj(source - centre) * (target - middle)).sum() / spread
    offset = middle - factor * centre
    return np.array([[factor.real, -factor.imag, offset.real], [factor.imag, factor.real, offset.imag], [0, 0, 1]])


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
    linear = matrix[:2, :2] / matrix[2, 2]
    strengths = np.linalg.svd(linear, compute_uv=False)
    flips = np.linalg.det(linear) <= 0
    within = strengths[1] > 1 / LARGEST_SCALE and strengths[0] < LARGEST_SCALE
    flat = np.abs(matrix[2, :2] / matrix[2, 2]).max() < 2e-3
    return bool(not flips and within and flat and strengths[0] < MOST_ANISOTROPY * strengths[1])


def scaling(matrix: np.ndarray, at: np.ndarray) -> float:
    """How many pixels of the query one pixel of the stored picture becomes around a place (2)."""
    step = apply(matrix, np.array([at, at + np.array([1, 0]), at + np.array([0, 1])]))
    return float(abs(np.linalg.det(np.array([step[1] - step[0], step[2] - step[0]]))) ** 0.5)


def diagonal(across: float, down: float) -> np.ndarray:
    """The map that scales by these factors."""
    return np.diag([across, down, 1.0])


def mirror(width: float) -> np.ndarray:
    """The map that exchanges left and right of a picture of that width."""
    return np.array([[-1.0, 0, width], [0, 1, 0], [0, 0, 1]])
