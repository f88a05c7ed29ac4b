"""Local features: some hundred small places of a picture that can be found again after cutting, turning and scaling.

SIFT (Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004; OpenCV) with the square-root form of
Arandjelovic and Zisserman ("Three things everyone should know to improve object retrieval", 2012). The strongest are
taken in turn from each cell of a grid, so that no part of a picture starves; any prefix of the result is therefore
itself spread over the picture. A picture with few features is searched again for fainter ones.
"""

import cv2
import numpy as np

GRID = 4
MOST = 2_500
LEAST_SIDE = 16
CONTRAST = 0.02
FEW = 400
FAINT_CONTRAST = 0.007
DESCRIPTOR_SCALE = 512
SCALE_STEPS = 16
ANGLE_STEPS = 256
FULL = 65_535
DTYPE = np.dtype(
    [("x", "<u2"), ("y", "<u2"), ("scale", "u1"), ("angle", "u1"), ("descriptor", "u1", (128,))],
)

# SIFT's 128 numbers are 4 rows x 4 columns of places by 8 directions; seen in a mirror, columns and directions reverse.
MIRROR = np.arange(128).reshape(4, 4, 8)[::-1][:, :, -np.arange(8) % 8].ravel()

# In a negative all directions turn by half, and with them the square: rows and columns reverse, directions stay.
NEGATIVE = np.arange(128).reshape(4, 4, 8)[::-1, ::-1].ravel()


def extract(grey: np.ndarray, wanted: np.ndarray | None = None, most: int = MOST) -> np.ndarray:
    """Features of (h, w) uint8 pixels as rows of DTYPE, most useful first; only where `wanted` (h, w) is non-zero.

    Places are fractions of the picture in steps of 1/65535, scales are the diameter in pixels of `grey` in sixteenths
    of an octave, angles are in 1/256 turns.
    """
    if min(grey.shape) < LEAST_SIDE:
        return np.zeros(0, DTYPE)
    detector = cv2.SIFT_create(contrastThreshold=CONTRAST)
    points = detector.detect(grey, wanted)
    if len(points) < FEW:
        detector = cv2.SIFT_create(contrastThreshold=FAINT_CONTRAST)
        points = detector.detect(grey, wanted)
    chosen = [points[index] for index in _spread(points, grey.shape)[:most]]
    if not chosen:
        return np.zeros(0, DTYPE)
    chosen, descriptors = detector.compute(grey, chosen)
    return _rows(chosen, descriptors, grey.shape)


def _spread(points: tuple, shape: tuple[int, int]) -> np.ndarray:
    if not points:
        return np.zeros(0, int)
    places = np.array([point.pt for point in points])
    strength = np.array([point.response for point in points])
    cells = np.clip(places / (shape[1], shape[0]) * GRID, 0, GRID - 1).astype(int) @ (1, GRID)
    order = np.lexsort((-strength, cells))
    starts = np.searchsorted(cells[order], np.arange(GRID * GRID))
    rank = np.empty(len(order), int)
    rank[order] = np.arange(len(order)) - starts[cells[order]]
    return np.lexsort((-strength, rank))


def _rows(points: tuple, descriptors: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    rows = np.zeros(len(points), DTYPE)
    places = np.array([point.pt for point in points]) / (shape[1], shape[0])
    rows["x"], rows["y"] = np.rint(np.clip(places, 0, 1) * FULL).T
    rows["scale"] = np.clip(np.rint(np.log2([max(1, point.size) for point in points]) * SCALE_STEPS), 0, 255)
    rows["angle"] = np.rint(np.array([point.angle for point in points]) / 360 * ANGLE_STEPS).astype(int) % ANGLE_STEPS
    total = np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-9)
    rows["descriptor"] = np.minimum(np.rint(np.sqrt(descriptors / total) * DESCRIPTOR_SCALE), 255)
    return rows


def mirrored(rows: np.ndarray) -> np.ndarray:
    """The features as the mirror image (left and right exchanged) would have had them."""
    turned = rows.copy()
    turned["x"] = FULL - rows["x"]
    turned["angle"] = ((ANGLE_STEPS // 2 - rows["angle"].astype(int)) % ANGLE_STEPS).astype(np.uint8)
    turned["descriptor"] = rows["descriptor"][:, MIRROR]
    return turned


def negative(rows: np.ndarray) -> np.ndarray:
    """The features as the negative (light and dark exchanged) would have had them."""
    turned = rows.copy()
    turned["angle"] = ((rows["angle"].astype(int) + ANGLE_STEPS // 2) % ANGLE_STEPS).astype(np.uint8)
    turned["descriptor"] = rows["descriptor"][:, NEGATIVE]
    return turned


def places(rows: np.ndarray, width: int, height: int) -> np.ndarray:
    """Where the features are, as (n, 2) float pixels of a picture of that size."""
    return np.stack([rows["x"], rows["y"]], axis=1) / FULL * (width, height)


def scales(rows: np.ndarray) -> np.ndarray:
    """The diameters in pixels, float."""
    return np.exp2(rows["scale"].astype(np.float64) / SCALE_STEPS)


def angles(rows: np.ndarray) -> np.ndarray:
    """The directions in radians, clockwise on the screen."""
    return rows["angle"] * (2 * np.pi / ANGLE_STEPS)
