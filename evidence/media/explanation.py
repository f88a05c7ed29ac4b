"""A composite told as a list: which region of the query has which origins, and which region has none."""

import cv2
import numpy as np

from evidence.media.decisions import Match
from evidence.media.fingerprints import Fingerprint
from evidence.media.rectangles import WHOLE, Rectangle, likeness, overlap

GRID = 32
LEAST_AREA = 0.03
MOST = 6
SAME_ORIGIN = 0.5
MARGIN = 0.6
DEVIATION = 6.0


def origins(matches: list[Match]) -> list[list[int]]:
    """Positions of matches grouped by the region of the query that they explain; input and groups best first.

    Greedy: the best match takes its region, and whatever mostly lies on it is another appearance of the same region.
    """
    groups: list[list[int]] = []
    for position, match in enumerate(matches):
        for group in groups:
            region = matches[group[0]].query_region
            if likeness(region, match.query_region) >= SAME_ORIGIN:
                group.append(position)
                break
        else:
            groups.append([position])
    return groups


def unexplained(query: Fingerprint, matches: list[Match]) -> list[Rectangle]:
    """Rectangles of the query that have something to see and that no match covers, largest first."""
    regions = [match.query_region for match in matches]
    if not regions:
        return [WHOLE]
    free = [panel for panel in query.panels if _covered(panel, regions) < 1 - MARGIN]
    if free:
        return _disjoint(free)
    open_cells = _textured(query.grey) & ~_cells(regions)
    return _rectangles(open_cells)


def _covered(panel: Rectangle, regions: list[Rectangle]) -> float:
    """The share of a panel that the regions cover, measured on the grid."""
    inside = _cells([panel])
    return float((inside & _cells(regions)).sum() / max(1, inside.sum()))


def _disjoint(panels: list[Rectangle]) -> list[Rectangle]:
    chosen: list[Rectangle] = []
    for panel in sorted(panels, key=lambda one: -one.area):
        if all(overlap(panel, other) < 0.2 * panel.area for other in chosen):
            chosen.append(panel)
    return chosen[:MOST]


def _cells(regions: list[Rectangle]) -> np.ndarray:
    mask = np.zeros((GRID, GRID), bool)
    centres = (np.arange(GRID) + 0.5) / GRID
    for region in regions:
        rows = (centres >= region.y) & (centres <= region.y + region.h)
        columns = (centres >= region.x) & (centres <= region.x + region.w)
        mask |= rows[:, None] & columns[None, :]
    return mask


def _textured(grey: np.ndarray) -> np.ndarray:
    values = grey.astype(np.float32)
    mean, square = (cv2.resize(part, (GRID, GRID), interpolation=cv2.INTER_AREA) for part in (values, values**2))
    return square - mean**2 > DEVIATION**2


def _rectangles(cells: np.ndarray) -> list[Rectangle]:
    """The largest full rectangles of a mask, one after the other."""
    left = cells.copy()
    found = []
    while len(found) < MOST:
        row, column, height, width = _largest(left)
        if height * width < LEAST_AREA * GRID * GRID:
            return found
        left[row : row + height, column : column + width] = False
        found.append(Rectangle(column / GRID, row / GRID, width / GRID, height / GRID))
    return found


def _largest(cells: np.ndarray) -> tuple[int, int, int, int]:
    """Row, column, height and width of the largest rectangle of true cells."""
    best = (0, 0, 0, 0)
    heights = np.zeros(GRID, int)
    for row in range(GRID):
        heights = np.where(cells[row], heights + 1, 0)
        for start in range(GRID):
            lowest = np.minimum.accumulate(heights[start:])
            areas = lowest * np.arange(1, GRID - start + 1)
            widest = int(areas.argmax())
            if areas[widest] > best[2] * best[3]:
                height = int(lowest[widest])
                best = (row - height + 1, start, height, widest + 1)
    return best
