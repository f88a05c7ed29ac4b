"""The parts that a picture was put together from: halves of a splice, cells of a grid, what a border or caption frames.

Cuts a picture along straight lines that run through all of it: bars of one colour (gutters, borders, letterboxes,
caption bars) and seams (a jump of the tones along the whole line, much larger than those beside it); each part again,
down to depth 3. Parts that are no photographs are dropped.
"""

from collections.abc import Iterator

import numpy as np

from evidence.media.flatness import is_photographic
from evidence.media.layout import Layout
from evidence.media.pixels import Picture
from evidence.media.rectangles import WHOLE, Box, Rectangle, likeness

DEEPEST = 3
MOST = 24
LEAST_AREA = 0.03
LEAST_SIDE = 24
LEAST_SHARE = 0.1
BAR_TOLERANCE = 12
BAR_SHARE = 0.97
BAR_SAMPLES = 100
SEAM_JUMP = 10
SEAM_RATIO = 1.5
SEAM_SHARE = 0.55
SAME = 0.92


def find_panels(picture: Picture, layout: Layout) -> list[Rectangle]:
    """Photographic parts of the picture other than the whole, largest first, at most MOST, no two nearly the same."""
    height, width = picture.grey.shape
    rgb = picture.rgb.astype(np.int16)
    found: list[Rectangle] = []
    for start in [Box(0, 0, width, height), *layout.pictures]:
        for box in _parts(rgb, start, 0):
            part = box.fractions(width, height)
            if part.area >= LEAST_AREA and _is_new(part, found) and _photographic(picture, box):
                found.append(part)
    return sorted(found, key=lambda part: -part.area)[:MOST]


def _is_new(part: Rectangle, found: list[Rectangle]) -> bool:
    return all(likeness(part, other) < SAME for other in [WHOLE, *found])


def _photographic(picture: Picture, box: Box) -> bool:
    return is_photographic(box.cut(picture.rgb), box.cut(picture.grey))


def _parts(rgb: np.ndarray, box: Box, depth: int) -> Iterator[Box]:
    """The box without its margins, and, recursively, the parts that it falls into."""
    box = _without_margins(rgb, box)
    if min(box.width, box.height) < LEAST_SIDE:
        return
    yield box
    if depth < DEEPEST:
        for part in _cut_by_bars(rgb, box) or _cut_by_seam(rgb, box):
            yield from _parts(rgb, part, depth + 1)


def _bars(pixels: np.ndarray) -> np.ndarray:
    """For each row whether it is of one colour: (h) bool."""
    some = pixels[:, :: 1 + pixels.shape[1] // BAR_SAMPLES]
    middle = some.mean(axis=1, keepdims=True)
    near = (np.abs(some - middle) <= BAR_TOLERANCE).all(axis=2)
    return near.mean(axis=1) >= BAR_SHARE


def _axes(rgb: np.ndarray, box: Box) -> Iterator[tuple[np.ndarray, bool]]:
    part = box.cut(rgb)
    yield part, False
    yield part.transpose(1, 0, 2), True


def _without_margins(rgb: np.ndarray, box: Box) -> Box:
    for pixels, sideways in _axes(rgb, box):
        content = np.flatnonzero(~_bars(pixels))
        if len(content) == 0:
            return Box(box.left, box.upper, box.left, box.upper)
        box = _slice(box, int(content[0]), int(content[-1]) + 1, sideways)
    return box


def _slice(box: Box, start: int, end: int, sideways: bool) -> Box:
    if sideways:
        return Box(box.left + start, box.upper, box.left + end, box.lower)
    return Box(box.left, box.upper + start, box.right, box.upper + end)


def _cut_by_bars(rgb: np.ndarray, box: Box) -> list[Box]:
    for pixels, sideways in _axes(rgb, box):
        bars = _bars(pixels)
        edges = np.flatnonzero(np.diff(np.concatenate([[True], bars, [True]]).astype(int)))
        runs = [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
        if len(runs) > 1:
            least = max(LEAST_SIDE, LEAST_SHARE * len(bars))
            return [_slice(box, start, end, sideways) for start, end in runs if end - start >= least]
    return []


def _cut_by_seam(rgb: np.ndarray, box: Box) -> list[Box]:
    candidates = []
    for pixels, sideways in _axes(rgb, box):
        scores = _seams(pixels)
        least = int(max(LEAST_SIDE, LEAST_SHARE * len(scores)))
        inner = scores[least : len(scores) - least]
        if len(inner) and inner.max() >= SEAM_SHARE:
            candidates.append((float(inner.max()), least + int(inner.argmax()), sideways))
    if not candidates:
        return []
    _, at, sideways = max(candidates)
    length = box.width if sideways else box.height
    return [_slice(box, 0, at, sideways), _slice(box, at, length, sideways)]


def _seams(pixels: np.ndarray) -> np.ndarray:
    """For each row y, the share of columns where the tones jump between the rows around y and not beside them."""
    scores = np.zeros(len(pixels))
    if len(pixels) < 12:
        return scores
    steps = np.abs(pixels[3:] - pixels[:-3]).sum(axis=2) / 3
    across, before, after = steps[3:-3], steps[:-6], steps[6:]
    jumps = across > SEAM_JUMP + SEAM_RATIO * np.maximum(before, after)
    scores[5 : 5 + len(jumps)] = jumps.mean(axis=1)
    return scores
