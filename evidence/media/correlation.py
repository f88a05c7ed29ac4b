"""The check on pixels: does the stored picture, laid over the query by a map, show the same thing, and where.

Both are brought to the coarser of the two resolutions, and the normalised cross-correlation of small windows says for
each place whether the texture is the same, whatever was done to brightness and contrast. Places without texture count
neither way. A straight edge proves nothing, because any two straight edges agree, nor does a soft shade, because any
two slopes agree: what counts as evidence are windows with structure in both directions (Harris and Stephens, "A
combined corner and edge detector", 1988) that still agree when the slope of each window is taken off.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from evidence.media import geometry
from evidence.media.renditions import scaled

WINDOW = 9
TEXTURE = 4.0
STRONG_TEXTURE = 8.0
SAME = 0.65
STRUCTURE = 0.22
# What is left without slopes: in 220 right matches of the photographs for development it correlates by .54 to 1, in
# soft shades that were taken for each other by .00 to .07, which is noise.
SAME_DETAIL = 0.4
# The variance of the numbers of the pixels along a window.
ALONG = (WINDOW**2 - 1) / 12
STEEP = 3.0
PLAIN_DIFFERENCE = 14.0
FEWEST_PIXELS = 400
GLANCE_PIXELS = 6_000
FEWEST_AT_A_GLANCE = 60
ECC_ROUNDS = 25
# Another place is one that is more pixels off; how far it is looked for, as a share of the shorter side. Patterns that
# were taken for each other correlated there by .05 to .22 more; of 29 right matches with few features one, by .006.
MOVED = 4.0
MOVED_REACH = 0.25
BETTER = 0.03
SHADES = 9.0
WORTH_CELLS = 3.0
WORTH_CORRELATION = 0.77
GOOD_CORRELATION = 0.93


@dataclass(frozen=True, eq=False)
class Agreement:
    """What was found in the patch of the query that the stored picture may cover, at the resolution of the comparison.

    `same`, `plain`, `textured`, `proof` (h, w) bool: windows that agree, that say nothing but fit in tone, all that say
    something whether they agree or not, and those that agree with structure in both directions; `likeness` (h, w)
    float32 their correlation, -1..1. `patch` and `warped` (h, w) float32 are the pixels that were compared; the stored
    picture lies where `inside` is true. `to_query` takes places of the patch to pixels of the query, `matrix` those of
    the stored picture.
    """

    same: np.ndarray
    plain: np.ndarray
    textured: np.ndarray
    proof: np.ndarray
    likeness: np.ndarray
    patch: np.ndarray
    warped: np.ndarray
    inside: np.ndarray
    to_query: np.ndarray
    matrix: np.ndarray

    @property
    def cells(self) -> float:
        """How many windows' worth of structure agree."""
        return float(self.proof.sum()) / WINDOW**2

    def share_within(self, left: float, upper: float, right: float, lower: float) -> float:
        """The share that agrees of all that tells something in a rectangle in pixels of the query; else 0."""
        corners = geometry.apply(np.linalg.inv(self.to_query), np.array([[left, upper], [right, lower]]))
        (left, upper), (right, lower) = np.maximum(corners.round().astype(int), 0)
        there = slice(upper, lower), slice(left, right)
        return float(self.same[there].sum() / max(1, self.textured[there].sum()))


def compare(query: np.ndarray, stored: np.ndarray, matrix: np.ndarray) -> Agreement | None:
    """Compare (h, w) uint8 pictures under a map from stored to query; None where next to nothing agrees.

    A look at a quarter of the pixels tells most guesses that are wrong.
    """
    pair = _brought_together(query, stored, matrix)
    if pair is None:
        return None
    if pair.patch.size > GLANCE_PIXELS and _judge(*_halved(pair))[0].proof.sum() < FEWEST_AT_A_GLANCE:
        return None
    judged, warped = _judge(pair.patch, pair.stored, pair.to_patch)
    if not judged.proof.any():
        return None
    to_patch = pair.to_patch
    if judged.is_worth_polishing():
        judged, to_patch = _polished(pair.patch, pair.stored, to_patch, warped, judged)
    better = pair.to_query @ to_patch @ np.linalg.inv(pair.back)
    return Agreement(*judged, pair.to_query, better / better[2, 2])


def fits_better_moved(agreement: Agreement, where: tuple[slice, slice]) -> bool:
    """Whether what is there (rows and columns of the patch) fits better when the stored picture is moved.

    Bricks, tiles and dots agree in pieces with any others, under one map hardly better than under the next. A copy fits
    where it lies.
    """
    asked, stored = (_without_shades(pixels[where]) for pixels in (agreement.patch, agreement.warped))
    reach = round(MOVED_REACH * min(asked.shape))
    if min(asked.shape) - 2 * reach < WINDOW:
        return False
    fits = cv2.matchTemplate(asked, stored[reach:-reach, reach:-reach], cv2.TM_CCOEFF_NORMED)
    peaks = fits >= cv2.dilate(fits, np.ones((3, 3), np.uint8))
    down, across = np.ogrid[-reach : fits.shape[0] - reach, -reach : fits.shape[1] - reach]
    here = fits[reach - 1 : reach + 2, reach - 1 : reach + 2].max()
    return bool((fits[peaks & (np.hypot(down, across) > MOVED)] > here + BETTER).any())


def _without_shades(pixels: np.ndarray) -> np.ndarray:
    return pixels - cv2.GaussianBlur(pixels, (0, 0), SHADES)


class _Pair(NamedTuple):
    """A patch of the query and the stored picture at one resolution, and the maps between them and their originals."""

    patch: np.ndarray
    stored: np.ndarray
    to_patch: np.ndarray
    to_query: np.ndarray
    back: np.ndarray


def _brought_together(query: np.ndarray, stored: np.ndarray, matrix: np.ndarray) -> _Pair | None:
    """Both at the coarser of the two resolutions; None where they hardly overlap."""
    extent = _extent(query.shape, stored.shape, matrix)
    if extent is None:
        return None
    left, upper, right, lower = extent
    size = geometry.scaling(np.linalg.inv(matrix), np.array([(left + right) / 2, (upper + lower) / 2]))
    part = query[int(upper) : int(lower) + 1, int(left) : int(right) + 1]
    patch, shrunk = scaled(part, min(1.0, size)), scaled(stored, min(1.0, 1 / max(size, 1e-6)))
    if min(patch.shape) < 2 * WINDOW or patch.size < FEWEST_PIXELS:
        return None
    to_query = geometry.diagonal(part.shape[1] / patch.shape[1], part.shape[0] / patch.shape[0])
    to_query[:2, 2] = int(left), int(upper)
    back = geometry.diagonal(stored.shape[1] / shrunk.shape[1], stored.shape[0] / shrunk.shape[0])
    return _Pair(patch, shrunk, np.linalg.inv(to_query) @ matrix @ back, to_query, back)


def _halved(pair: _Pair) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    patch, stored = scaled(pair.patch, 0.5), scaled(pair.stored, 0.5)
    down = geometry.diagonal(patch.shape[1] / pair.patch.shape[1], patch.shape[0] / pair.patch.shape[0])
    up = geometry.diagonal(pair.stored.shape[1] / stored.shape[1], pair.stored.shape[0] / stored.shape[0])
    return patch, stored, down @ pair.to_patch @ up


def _extent(query: tuple, stored: tuple, matrix: np.ndarray) -> tuple[float, float, float, float] | None:
    """Where the stored picture falls within the query: left, upper, right, lower in pixels of the query."""
    corners = geometry.corners(stored)
    heights = corners @ matrix[2, :2] + matrix[2, 2]
    if (heights * heights[0] <= 0).any():
        return None
    moved = geometry.apply(matrix, corners)
    left, upper = np.maximum(moved.min(axis=0), 0)
    right, lower = np.minimum(moved.max(axis=0), (query[1], query[0]))
    return (left, upper, right, lower) if right - left >= 1 and lower - upper >= 1 else None


class _Judged(NamedTuple):
    same: np.ndarray
    plain: np.ndarray
    textured: np.ndarray
    proof: np.ndarray
    likeness: np.ndarray
    patch: np.ndarray
    warped: np.ndarray
    inside: np.ndarray

    def is_worth_polishing(self) -> bool:
        enough = self.proof.sum() >= WORTH_CELLS * WINDOW**2
        return bool(enough) and WORTH_CORRELATION <= float(self.likeness[self.proof].mean()) < GOOD_CORRELATION


def _judge(patch: np.ndarray, stored: np.ndarray, to_patch: np.ndarray) -> tuple[_Judged, np.ndarray]:
    size = patch.shape[::-1]
    warped = cv2.warpPerspective(stored, to_patch, size, flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(np.full_like(stored, 255), to_patch, size, flags=cv2.INTER_NEAREST) > 0
    inside = cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return _windows(patch.astype(np.float32), warped.astype(np.float32), inside), warped


def _windows(patch: np.ndarray, warped: np.ndarray, inside: np.ndarray) -> _Judged:
    weight = np.maximum(_mean(inside.astype(np.float32)), 1e-6)
    masked = inside.astype(np.float32)

    def mean(values: np.ndarray) -> np.ndarray:
        return _mean(values * masked) / weight

    first, second = mean(patch), mean(warped)
    both = mean(patch * warped) - first * second
    spread = np.sqrt(np.maximum(mean(patch * patch) - first * first, 0))
    twin = np.sqrt(np.maximum(mean(warped * warped) - second * second, 0))
    correlation = both / np.maximum(spread * twin, 1e-3)
    enough = inside & (weight > 0.5)
    weaker, stronger = np.minimum(spread, twin), np.maximum(spread, twin)
    same = enough & (weaker > TEXTURE) & (correlation > SAME)
    textured = enough & ((weaker > TEXTURE) | (stronger > STRONG_TEXTURE))
    if same.sum() < FEWEST_AT_A_GLANCE:
        nothing = np.zeros_like(same)
        return _Judged(same, nothing, textured, nothing, correlation, patch, warped, inside)
    plain = enough & ~textured & _fits(first, second, same)
    proof = same & (np.minimum(_structure(patch), _structure(warped)) > STRUCTURE)
    if proof.any():
        slopes = [
            _slopes(values * masked, middle, masked, weight) for values, middle in ((patch, first), (warped, second))
        ]
        proof &= _detail(both, spread, twin, *slopes) > SAME_DETAIL
    return _Judged(same, plain, textured, proof, correlation, patch, warped, inside)


def _slopes(values: np.ndarray, middle: np.ndarray, masked: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """How the tones of each window vary with the place in it, across and down: (2, h, w)."""
    along = np.arange(WINDOW, dtype=np.float32) - WINDOW // 2
    level, ramp = np.full(WINDOW, 1 / WINDOW, np.float32), along / WINDOW
    return np.array(
        [
            (
                cv2.sepFilter2D(values, -1, *kernels, borderType=cv2.BORDER_CONSTANT)
                - middle * cv2.sepFilter2D(masked, -1, *kernels, borderType=cv2.BORDER_CONSTANT)
            )
            / weight
            for kernels in ((ramp, level), (level, ramp))
        ]
    )


def _detail(both: np.ndarray, spread: np.ndarray, twin: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The correlation of what is left of windows when the plane that fits best is taken off each."""
    left, right = (
        np.maximum(one**2 - (two**2).sum(axis=0) / ALONG, 0) for one, two in ((spread, ours), (twin, theirs))
    )
    return (both - (ours * theirs).sum(axis=0) / ALONG) / np.maximum(np.sqrt(left * right), 1e-3)


def _structure(grey: np.ndarray) -> np.ndarray:
    """The strength of the weaker direction: the root of the smaller eigenvalue of the mean tensor of the gradients."""
    across, down = (cv2.Sobel(grey, -1, *order, ksize=3, scale=1 / 8) for order in ((1, 0), (0, 1)))
    first, second, mixed = _mean(across * across), _mean(down * down), _mean(across * down)
    smaller = (first + second) / 2 - np.sqrt(((first - second) / 2) ** 2 + mixed * mixed)
    return np.sqrt(np.maximum(smaller, 0)) / np.maximum(np.sqrt(first + second), STEEP)


def _mean(values: np.ndarray) -> np.ndarray:
    return cv2.boxFilter(values, -1, (WINDOW, WINDOW), borderType=cv2.BORDER_CONSTANT)


def _fits(first: np.ndarray, second: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Where the tones are those that the agreeing places have for the same tone of the stored picture."""
    if same.sum() < WINDOW**2:
        return np.zeros_like(same)
    left, right = second[same], first[same]
    gain = np.clip(np.cov(left, right)[0, 1] / max(left.var(), 1e-3), 0.2, 5)
    return np.abs(first - (gain * (second - left.mean()) + right.mean())) < PLAIN_DIFFERENCE


def _polished(
    patch: np.ndarray, stored: np.ndarray, to_patch: np.ndarray, warped: np.ndarray, judged: _Judged
) -> tuple[_Judged, np.ndarray]:
    """Shift, turn and stretch the stored picture by parts of a pixel so that the agreeing places fit still better."""
    start = np.eye(2, 3, dtype=np.float32)
    until = cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, ECC_ROUNDS, 1e-4
    near = cv2.dilate(judged.same.astype(np.uint8) * 255, np.ones((WINDOW, WINDOW), np.uint8))
    try:
        _, warp = cv2.findTransformECC(patch, warped, start, cv2.MOTION_AFFINE, until, near, 5)
    except cv2.error:
        return judged, to_patch
    better = np.linalg.inv(np.vstack([warp, [0, 0, 1]])) @ to_patch
    moved, _ = _judge(patch, stored, better)
    return (moved, better) if moved.same.sum() > judged.same.sum() else (judged, to_patch)
