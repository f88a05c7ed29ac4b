"""Whether what agrees is more than one tone on another: the test that tells lettering from a piece of a picture.

Letters of one typeface are the same shapes on any sign, caption or logo, so shapes prove nothing where a picture is
two tones, ink and ground. A copy repeats what lies within the tones too: shade, grain, dirt, the mottling of a JPEG.
"""

import cv2
import numpy as np

from evidence.media.correlation import WINDOW, Agreement

EDGE = np.ones((3, 3), np.uint8)
FEWEST_PIXELS = 20
LINE = 1e-3


def beyond(agreement: Agreement, where: tuple[slice, slice]) -> float:
    """How well both sides correlate within their tones, -1..1; 0 where next to nothing is left to compare.

    Asked of the windows of proof in `where` (rows and columns of the patch), without the borders between the tones,
    which are the shapes. Of each spot of one tone that is left (the inside of a letter, the ground around it) its mean
    and its slope are taken off, because any two slopes agree.
    """
    zone = _around_proof(agreement, where)
    sides = agreement.patch, agreement.warped
    light = [_is_light(pixels, zone) for pixels in sides]
    zone &= ~(_border(light[0]) | _border(light[1]))
    spots = _spots(zone & light[0] & light[1], zone & ~light[0] & ~light[1])
    left, right = (_uneven(pixels, spots) for pixels in sides)
    return float(left @ right / max(1e-6, np.sqrt((left @ left) * (right @ right))))


def _around_proof(agreement: Agreement, where: tuple[slice, slice]) -> np.ndarray:
    proof = np.zeros(agreement.proof.shape, np.uint8)
    proof[where] = agreement.proof[where]
    return (cv2.dilate(proof, np.ones((WINDOW, WINDOW), np.uint8)) > 0) & agreement.inside


def _is_light(pixels: np.ndarray, zone: np.ndarray) -> np.ndarray:
    """Which pixels are of the lighter of the two tones that explain the zone best (Otsu, 1979)."""
    values = np.clip(pixels[zone], 0, 255).astype(np.uint8)
    limit, _ = cv2.threshold(values[None], 0, 255, cv2.THRESH_OTSU)
    return pixels > limit


def _border(light: np.ndarray) -> np.ndarray:
    return cv2.morphologyEx(light.astype(np.uint8), cv2.MORPH_GRADIENT, EDGE) > 0


def _spots(*tones: np.ndarray) -> np.ndarray:
    """The number of the connected spot of one tone that each pixel is in, from 1; 0 where it is in none of size."""
    spots = np.zeros(tones[0].shape, np.int64)
    for tone in tones:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(tone.astype(np.uint8), connectivity=4)
        large = tone & (stats[:, cv2.CC_STAT_AREA] >= FEWEST_PIXELS)[labels]
        spots[large] = labels[large] + spots.max()
    return spots


def _uneven(pixels: np.ndarray, spots: np.ndarray) -> np.ndarray:
    """What the spots leave when the plane that fits it best is taken off each (least squares), one after the other."""
    places = spots.nonzero()
    spot = spots[places]
    count = np.maximum(np.bincount(spot), 1)

    def sums(values: np.ndarray) -> np.ndarray:
        return np.bincount(spot, values)

    down, across, left = (one - (sums(one) / count)[spot] for one in (*places, pixels[places]))
    # The share of a pixel keeps a spot that is a line from having any slope across it.
    steep, wide, mixed = sums(down**2) + LINE * count, sums(across**2) + LINE * count, sums(down * across)
    fall, turn, spread = sums(down * left), sums(across * left), steep * wide - mixed**2
    slope, tilt = (fall * wide - turn * mixed) / spread, (turn * steep - fall * mixed) / spread
    return left - slope[spot] * down - tilt[spot] * across
