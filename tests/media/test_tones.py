"""The test on tones: what agrees beyond one tone on another."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from evidence.media import correlation, tones
from evidence.media.decisions import LETTERING
from tests.media.pictures import photograph

AS_IT_IS = np.eye(3)
SIZE = (240, 160)
EVERYWHERE = slice(0, SIZE[1]), slice(0, SIZE[0])


def lettering(seed: int, ink: int = 230, ground: int = 60, noise: float = 3.0, light: float = 0.0) -> np.ndarray:
    """The word that is on every board, with the noise of a sensor and light that comes from the right."""
    board = Image.new("L", SIZE, ground)
    ImageDraw.Draw(board).text((10, 40), "Station", fill=ink, font_size=64)
    grain = np.random.default_rng(seed).normal(0, noise, SIZE[::-1]) + light * np.arange(SIZE[0])
    return np.clip(np.asarray(board) + grain, 0, 255).astype(np.uint8)


def beyond(asked: np.ndarray, stored: np.ndarray, where: tuple[slice, slice] = EVERYWHERE) -> float:
    found = correlation.compare(asked, stored, AS_IT_IS)
    assert found is not None, "the shapes agree, or this tests nothing"
    return tones.beyond(found, where)


def test_copy_of_a_photograph_agrees_within_its_tones():
    grey = np.asarray(photograph(3, SIZE).convert("L"))
    assert beyond(grey // 2 + 30, grey) > 0.9


def test_copy_of_a_noisy_sign_agrees_within_its_tones():
    assert beyond(lettering(1) // 2 + 30, lettering(1)) > 0.8


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({}, id="in the same tones"),
        pytest.param({"ink": 150, "ground": 20}, id="in darker tones"),
        pytest.param({"light": 0.2}, id="lit from the right, as the first"),
        pytest.param({"noise": 0.0}, id="drawn, without noise"),
    ],
)
def test_same_letters_on_another_sign_agree_in_nothing_else(other):
    assert abs(beyond(lettering(1, light=0.2), lettering(2, **other))) < LETTERING / 3


def test_nothing_is_left_of_what_is_drawn_in_two_tones():
    assert beyond(lettering(1, noise=0), lettering(1, noise=0)) == pytest.approx(0, abs=0.01)


def test_only_the_place_asked_for_counts():
    mixed = lettering(2)
    mixed[:, 120:] = lettering(1)[:, 120:]
    assert beyond(lettering(1), mixed, (slice(0, 160), slice(140, 240))) > 0.8
    assert abs(beyond(lettering(1), mixed, (slice(0, 160), slice(0, 110)))) < LETTERING


def test_place_without_proof_says_nothing():
    assert beyond(lettering(1), lettering(1), (slice(0, 5), slice(0, 5))) == 0


@settings(max_examples=20)
@given(gain=st.floats(0.4, 1.0), offset=st.integers(0, 60))
def test_brightness_and_contrast_do_not_count(gain, offset):
    changed = (lettering(1) * gain + offset).clip(0, 255).astype(np.uint8)
    assert beyond(changed, lettering(1)) > 0.75
