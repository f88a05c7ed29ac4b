"""Which postings of a picture agree with each other on how it lies in the query, before anything of it is read.

Every pair of a query's feature and a posting fixes a similarity (geometry.similarity): how the picture is turned and
enlarged, and where its middle comes to lie. Pairs vote for cells of that space (Hough's transform, as Lowe 2004 does);
cells overlap, so that a pair near the rim of one is well inside another. A cut-out of a twenty-fifth of the query has
some ten of a thousand pairs: they are drowned where a whole picture's pairs are counted together, but share a cell.
"""

import numpy as np

from evidence.media.features import ANGLE_STEPS, FULL, SCALE_STEPS
from evidence.media.geometry import Points

# Cells are a sixteenth of a turn, an octave and about an eighth of the picture's enlarged diagonal wide.
TURNS = 16
PLACE = 0.12
# Shifts of the cells by parts of their width: of the turn, the enlargement, across, down.
SHIFTS = ((0.0, 0.0, 0.0, 0.0), (0.5, 0.0, 0.5, 0.5), (0.0, 0.5, 0.5, 0.0), (0.5, 0.5, 0.0, 0.5))
# Cells are counted in a table of this size by their hash; two of some ten thousand hardly ever meet in it.
TABLE_BITS = 20
MIX = np.int64(-7_046_029_254_386_353_131)
FARTHEST = 2_000


def agreement(
    asked: Points, stored: np.ndarray, sizes: np.ndarray, picture: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """The weight (n) of the fullest cell that each of n pairs is in, itself included.

    `asked` are the features of the query; `stored` (n) postings with their x, y, scale and angle; `sizes` (n, 2) the
    width and height of the picture of each, `picture` its number.
    """
    octaves, turn, middle = _similarities(asked, stored, sizes)
    diagonal = np.hypot(*sizes.T)
    best = np.zeros(len(weight))
    for of_turn, of_size, across, down in SHIFTS:
        size = np.floor(octaves + of_size)
        width = PLACE * diagonal * np.exp2(size - of_size + 0.5)
        cell = _hashed(
            picture,
            np.floor(turn + of_turn) % TURNS,
            size,
            np.clip(middle.real / width + across, -FARTHEST, FARTHEST),
            np.clip(middle.imag / width + down, -FARTHEST, FARTHEST),
        )
        best = np.maximum(best, np.bincount(cell, weight, 1 << TABLE_BITS)[cell])
    return best


def _similarities(asked: Points, stored: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The enlargement in octaves, the turn in TURNS, and where the middle of the stored picture comes to lie."""
    angle = asked.angle - stored["angle"] * (2 * np.pi / ANGLE_STEPS)
    octaves = np.log2(asked.scale) - stored["scale"] / SCALE_STEPS
    from_middle = (np.stack([stored["x"], stored["y"]], axis=1) / FULL - 0.5) * sizes
    middle = asked.at @ (1, 1j) - np.exp2(octaves) * np.exp(1j * angle) * (from_middle @ (1, 1j))
    return octaves, angle / (2 * np.pi) * TURNS, middle


def _hashed(*parts: np.ndarray) -> np.ndarray:
    """Numbers of TABLE_BITS bits from columns of whole numbers (multiplicative hashing: Knuth, TAOCP 6.4)."""
    mixed = np.zeros(len(parts[0]), np.int64)
    for part in parts:
        mixed = (mixed ^ np.floor(part).astype(np.int64)) * MIX
        mixed ^= mixed >> np.int64(29)
    return mixed >> np.int64(63 - TABLE_BITS) & np.int64((1 << TABLE_BITS) - 1)


def singled(picture: np.ndarray, asked: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The weights, where many postings of one picture answer one feature each counts less (burstiness).

    Jegou, Douze, Schmid, "On the burstiness of visual elements", 2009.
    """
    pair = _hashed(picture, asked)
    return weight / np.sqrt(np.bincount(pair, minlength=1 << TABLE_BITS)[pair])
