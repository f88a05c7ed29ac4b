"""Where a picture was put together, and what on a page is a picture."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from evidence.media import flatness
from evidence.media.layout import lay_out, without_interface
from evidence.media.panels import find_panels
from evidence.media.pixels import prepare
from evidence.media.rectangles import Rectangle, likeness
from tests.media.pictures import photograph, post


def panels_of(image: Image.Image) -> list[Rectangle]:
    picture = prepare(image)
    return find_panels(picture, lay_out(picture.rgb, picture.grey))


def check_has(panels: list[Rectangle], *wanted: tuple[float, float, float, float]) -> None:
    for region in wanted:
        assert max(likeness(panel, Rectangle(*region)) for panel in panels) > 0.9


def side_by_side(gap: int) -> Image.Image:
    canvas = Image.new("RGB", (600 + gap, 300), "white")
    canvas.paste(photograph(1, (300, 300)), (0, 0))
    canvas.paste(photograph(2, (300, 300)), (300 + gap, 0))
    return canvas


def test_photograph_alone_has_few_panels():
    assert len(panels_of(photograph(4))) <= 2


@pytest.mark.parametrize("gap", [0, 12])
def test_two_photographs_side_by_side(gap):
    width = 600 + gap
    check_has(panels_of(side_by_side(gap)), (0, 0, 300 / width, 1), ((300 + gap) / width, 0, 300 / width, 1))


def test_grid_of_four_is_found_by_cutting_twice():
    canvas = Image.new("RGB", (610, 410), "black")
    for number in range(4):
        canvas.paste(photograph(number, (300, 200)), (number % 2 * 310, number // 2 * 210))
    check_has(panels_of(canvas), (0, 0, 0.49, 0.49), (0.51, 0, 0.49, 0.49), (0, 0.51, 0.49, 0.49))


def test_border_and_letterbox_are_taken_off():
    framed = Image.new("RGB", (560, 420), (200, 30, 30))
    framed.paste(photograph(3), (40, 50))
    check_has(panels_of(framed), (40 / 560, 50 / 420, 480 / 560, 320 / 420))


@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("#15202b", "white")])
def test_picture_in_a_post_is_found_and_the_interface_is_not_wanted(ground, ink):
    picture = prepare(post(ground, ink))
    layout = lay_out(picture.rgb, picture.grey)
    height, width = picture.grey.shape
    check_has([box.fractions(width, height) for box in layout.pictures], (20 / 520, 160 / 560, 480 / 520, 320 / 560))
    assert layout.wanted[height // 2, width // 2]
    assert not layout.wanted[: int(height * 140 / 560)].any()
    assert not layout.wanted[int(height * 500 / 560) :].any()


def test_interface_is_painted_over_and_the_picture_is_not():
    picture = prepare(post("white", "black"))
    layout = lay_out(picture.rgb, picture.grey)
    painted = without_interface(picture.grey, layout.wanted)
    wanted = layout.wanted > 0
    assert (painted[wanted] == picture.grey[wanted]).all()
    assert len(set(painted[~wanted].tolist())) == 1
    assert without_interface(picture.grey, None) is picture.grey


def test_page_of_text_has_no_picture_and_is_wanted_nowhere():
    canvas = Image.new("RGB", (500, 500), "white")
    for line in range(20):
        ImageDraw.Draw(canvas).text(
            (10, 10 + 24 * line), "a line of a letter that somebody wrote", fill="black", font_size=20
        )
    picture = prepare(canvas)
    layout = lay_out(picture.rgb, picture.grey)
    assert layout.pictures == []
    assert not layout.wanted.any()


def test_blank_and_flat_areas_are_known():
    noise = np.random.default_rng(1).normal(0, 2, (90, 90))
    assert flatness.is_blank((128 + noise).astype(np.uint8))
    assert not flatness.is_blank(prepare(photograph(0)).grey)
    graphic = np.zeros((90, 90, 3), np.uint8)
    graphic[20:60, 20:60] = 255
    assert not flatness.is_photographic(graphic, graphic[:, :, 0])
    picture = prepare(photograph(0))
    assert flatness.is_photographic(picture.rgb, picture.grey)


def test_entropy_is_in_bits():
    assert flatness.entropy(np.zeros((8, 8), np.uint8)) == 0
    assert flatness.entropy(np.arange(256, dtype=np.uint8).reshape(16, 16)) == pytest.approx(6)
