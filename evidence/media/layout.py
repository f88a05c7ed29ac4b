"""Where the pictures are on a page: a post's screenshot, a caption card, a collage on a plain ground.

A page has a plain ground. Text, buttons and signs are thin: no spot of them is far from the ground. A picture is what
keeps a core when the ground is grown over everything near it; its cores are then grown back. Whatever is not a picture
on such a page is interface, the same on thousands of screenshots, and must neither be stored nor asked for.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from evidence.media.flatness import PAGE_SHARE, is_photographic, plain
from evidence.media.rectangles import Box

REACH = 0.012
LEAST_AREA = 0.02
LEAST_SIDE = 0.1
LEAST_FILL = 0.6


@dataclass(frozen=True, eq=False)
class Layout:
    """`pictures` on the page, largest first, and `wanted` (h, w) uint8: 255 where features count.

    A picture that is no page has no pictures in it and is wanted everywhere; `wanted` is then None.
    """

    pictures: list[Box]
    wanted: np.ndarray | None


def lay_out(rgb: np.ndarray, grey: np.ndarray) -> Layout:
    """The layout of a working copy."""
    ground = plain(rgb)
    if ground.share < PAGE_SHARE:
        return Layout([], None)
    height, width = grey.shape
    reach = 2 * max(2, round(REACH * (height * width) ** 0.5)) + 1
    brush = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    near_ground = cv2.dilate(_solid(ground.mask), brush)
    cores = (near_ground == 0).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(cores, brush), connectivity=4)
    wanted = np.zeros_like(grey)
    boxes = []
    for label in range(1, count):
        box = _box(stats[label])
        if box.area >= LEAST_AREA * grey.size and min(box.width / width, box.height / height) >= LEAST_SIDE:
            wanted[labels == label] = 255
            if stats[label][4] >= LEAST_FILL * box.area:
                boxes.append(box)
    pictures = [box for box in boxes if is_photographic(box.cut(rgb), box.cut(grey))]
    return Layout(sorted(pictures, key=lambda box: -box.area), wanted)


def without_interface(grey: np.ndarray, wanted: np.ndarray | None) -> np.ndarray:
    """The page with its interface painted over plainly, so that it proves nothing; a page without pictures stays."""
    if wanted is None or not wanted.any():
        return grey
    painted = grey.copy()
    painted[wanted == 0] = np.median(grey[wanted == 0]) if (wanted == 0).any() else 0
    return painted


def _solid(mask: np.ndarray) -> np.ndarray:
    """Without the single pixels inside photographs that happen to have the colour of the ground."""
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))


def _box(stats: np.ndarray) -> Box:
    left, upper, across, down, _ = (int(value) for value in stats)
    return Box(left, upper, left + across, upper + down)
