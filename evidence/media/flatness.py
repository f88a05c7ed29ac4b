"""What is no photograph: blank, flat and purely graphic areas, which resemble each other without being each other."""

from dataclasses import dataclass

import cv2
import numpy as np

FLAT_DEVIATION = 4.0
FEWEST_BITS = 3.5
TOLERANCE = 6
LARGE_SHARE = 0.08
COLOURS = 3
PAGE_SHARE = 0.2
GRAPHIC_SHARE = 0.6


def is_blank(grey: np.ndarray) -> bool:
    """Whether (h, w) uint8 pixels are one plain area, give or take the noise of compression."""
    return float(grey.std()) < FLAT_DEVIATION


def entropy(grey: np.ndarray) -> float:
    """Bits per pixel of the histogram in 64 steps, 0..6."""
    counts = np.bincount(grey.ravel() >> 2, minlength=64)
    shares = counts[counts > 0] / max(1, grey.size)
    return float(-(shares * np.log2(shares)).sum())


def is_photographic(rgb: np.ndarray, grey: np.ndarray) -> bool:
    """Whether an area has the many tones of a photograph and is not mostly one flat colour."""
    if grey.size < 256 or is_blank(grey) or entropy(grey) < FEWEST_BITS:
        return False
    return float(plain(rgb).mask.mean()) < GRAPHIC_SHARE


@dataclass(frozen=True, eq=False)
class Plain:
    """The pixels of large flat colours: `mask` (h, w) bool; `share` of the picture that they cover."""

    mask: np.ndarray
    share: float


def plain(rgb: np.ndarray) -> Plain:
    """Pixels within TOLERANCE of one of the few colours that each fill a large share of the picture exactly."""
    mask = np.zeros(rgb.shape[:2], bool)
    some = rgb[::2, ::2]
    red, green, blue = (some[:, :, channel].astype(np.uint16) >> 3 for channel in range(3))
    coarse = red << 10 | green << 5 | blue
    counts = np.bincount(coarse.ravel(), minlength=32768)
    for key in np.argsort(counts)[::-1][:COLOURS]:
        if counts[key] < LARGE_SHARE * coarse.size:
            break
        colour = np.median(some[coarse == key], axis=0).astype(np.int16)
        low, high = np.clip(colour - TOLERANCE, 0, 255), np.clip(colour + TOLERANCE, 0, 255)
        mask |= cv2.inRange(rgb, tuple(int(v) for v in low), tuple(int(v) for v in high)) > 0
    return Plain(mask, float(mask.mean()))
