"""The check on pixels: what proves something, and what resembles itself without proving anything."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from evidence.media import correlation, matching
from tests.media.pictures import photograph, wall

AS_IT_IS = np.eye(3)
SIZE = (240, 160)


def grey(number: int, blurred: float = 0) -> np.ndarray:
    image = photograph(number, SIZE).convert("L")
    return np.asarray(image.filter(ImageFilter.GaussianBlur(blurred)))


def shade(seed: int, steep: float = 1.6) -> np.ndarray:
    """Light that falls off from one place, with the noise of a sensor."""
    down, across = np.mgrid[: SIZE[1], : SIZE[0]].astype(float)
    distance = np.hypot(across - 60, down - 40)
    noise = np.random.default_rng(seed).normal(0, 2.0, distance.shape)
    return np.clip(250 - steep * distance + noise, 0, 255).astype(np.uint8)


def test_copy_agrees_everywhere_and_proves_itself():
    found = correlation.compare(grey(1), grey(1), AS_IT_IS)
    assert found.same[found.textured].all()
    assert found.cells > 30


@pytest.mark.parametrize("change", [lambda one: one // 2 + 20, lambda one: np.clip(one * 1.3, 0, 255).astype(np.uint8)])
def test_darker_and_brighter_copies_prove_themselves(change):
    whole = correlation.compare(grey(2), grey(2), AS_IT_IS).cells
    assert correlation.compare(change(grey(2)), grey(2), AS_IT_IS).cells > 0.6 * whole


def test_blurred_copy_still_proves_itself():
    assert correlation.compare(grey(3, blurred=1.5), grey(3), AS_IT_IS).cells > 10


def test_soft_shades_agree_and_prove_nothing():
    found = correlation.compare(shade(1), shade(2), AS_IT_IS)
    assert found is None or found.cells < matching.LEAST_CELLS


def test_same_shade_with_a_texture_on_it_is_proven_by_the_texture():
    texture = np.asarray(Image.fromarray(grey(4)), float) / 4
    one, other = (np.clip(shade(seed) * 0.7 + texture, 0, 255).astype(np.uint8) for seed in (1, 2))
    assert correlation.compare(one, other, AS_IT_IS).cells > 10


def test_share_within_tells_what_agrees_there_and_not_beside_it():
    left, right = grey(5).copy(), grey(5)
    left[:, 120:] = grey(6)[:, 120:]
    found = correlation.compare(left, right, AS_IT_IS)
    assert found.share_within(0, 0, 110, 160) > 0.95
    assert found.share_within(130, 0, 240, 160) < 0.4
    assert found.share_within(230, 150, 230, 150) == 0


def bricks(seed: int) -> np.ndarray:
    return np.asarray(wall(seed, SIZE).convert("L"))


EVERYWHERE = slice(0, SIZE[1]), slice(0, SIZE[0])


def shifted(across: float, down: float) -> np.ndarray:
    return np.array([[1, 0, across], [0, 1, down], [0, 0, 1.0]])


@pytest.mark.parametrize("change", [grey, bricks])
def test_copy_fits_best_where_it_lies(change):
    found = correlation.compare(change(7) // 2 + 30, change(7), AS_IT_IS)
    assert not correlation.fits_better_moved(found, EVERYWHERE)


def test_wall_that_lies_a_course_off_fits_better_when_it_is_moved():
    found = correlation.compare(bricks(1), bricks(1), shifted(36, 0))
    assert found.cells > matching.LEAST_CELLS
    assert correlation.fits_better_moved(found, EVERYWHERE)


def test_patch_too_small_to_move_in_says_nothing():
    found = correlation.compare(bricks(1), bricks(1), shifted(36, 0))
    assert not correlation.fits_better_moved(found, (slice(40, 52), slice(40, 120)))
