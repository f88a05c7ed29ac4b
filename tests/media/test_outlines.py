"""From places that agree to a region: what hangs together, what does not, and how near to a border counts as whole."""

from dataclasses import replace

import numpy as np
import pytest

from evidence.media import hypotheses
from evidence.media.correlation import WINDOW, Agreement
from evidence.media.outlines import outline
from evidence.media.rectangles import WHOLE, Rectangle, likeness, within
from tests.media.pictures import kept, made

SHAPE = (200, 300)
BIG, SMALL = (slice(40, 140), slice(30, 130)), (slice(60, 110), slice(200, 250))


def agreement(*agreeing: tuple[slice, slice], telling: bool = True) -> Agreement:
    """Of two noises that share the `agreeing` blocks; everything else says something else, or nothing."""
    same = np.zeros(SHAPE, bool)
    for block in agreeing:
        same[block] = True
    asked, other = np.random.default_rng(3).uniform(0, 255, (2, *SHAPE)).astype(np.float32)
    return Agreement(
        same=same,
        plain=np.zeros(SHAPE, bool),
        textured=same | telling,
        proof=same,
        likeness=np.where(same, 0.95, 0.0),
        patch=asked,
        warped=np.where(same, asked, other),
        inside=np.ones(SHAPE, bool),
        to_query=np.eye(3),
        matrix=np.eye(3),
    )


def blurred(block: tuple[slice, slice], reach: int) -> Agreement:
    """The block as windows see it: they agree up to `reach` beyond it, or, where that is negative, only within."""
    rows, columns = block
    seen = slice(rows.start - reach, rows.stop + reach), slice(columns.start - reach, columns.stop + reach)
    return replace(agreement(block), same=agreement(seen).same)


def region(block: tuple[slice, slice]) -> Rectangle:
    rows, columns = block
    height, width = SHAPE
    size = (columns.stop - columns.start) / width, (rows.stop - rows.start) / height
    return Rectangle(columns.start / width, rows.start / height, *size)


def test_region_is_where_it_agrees():
    found = outline(agreement(BIG), SHAPE, SHAPE)
    assert likeness(found.query, region(BIG)) > 0.95
    assert likeness(found.stored, region(BIG)) > 0.95
    assert found.purity > 0.95
    assert found.narrow == pytest.approx(100 / WINDOW, rel=0.05)


@pytest.mark.parametrize("reach", [-4, -2, 2, 4])
def test_rim_is_where_pixels_stop_agreeing_not_windows(reach):
    found = outline(blurred(BIG, reach), SHAPE, SHAPE)
    assert likeness(found.query, region(BIG)) > 0.95
    assert likeness(found.stored, region(BIG)) > 0.95


def test_light_of_the_query_does_not_move_the_rim():
    darker = replace(agreement(BIG), patch=agreement(BIG).patch * 0.6 + 40)
    assert likeness(outline(darker, SHAPE, SHAPE).query, region(BIG)) > 0.95


def test_where_single_pixels_say_nothing_the_windows_stand():
    grain = np.random.default_rng(5).normal(0, 300, SHAPE).astype(np.float32)
    grain[70:100, 60:90] = 0
    grainy = replace(agreement(BIG), patch=agreement(BIG).patch + grain)
    assert likeness(outline(grainy, SHAPE, SHAPE).query, region(BIG)) > 0.8


def test_island_across_what_disagrees_is_left_out():
    found = outline(agreement(BIG, SMALL), SHAPE, SHAPE)
    assert likeness(found.query, region(BIG)) > 0.95


def test_island_across_what_says_nothing_belongs_to_it():
    found = outline(agreement(BIG, SMALL, telling=False), SHAPE, SHAPE)
    assert found.query.x + found.query.w == pytest.approx(250 / 300, abs=0.01)


def test_nothing_that_agrees_has_no_outline():
    assert outline(agreement(), SHAPE, SHAPE) is None


def test_rim_that_a_window_cannot_see_is_snapped_to_the_border_and_more_is_not():
    near, far = (slice(2, 198), slice(2, 298)), (slice(12, 188), slice(12, 288))
    assert outline(agreement(near), SHAPE, SHAPE).stored == WHOLE
    assert outline(agreement(far), SHAPE, SHAPE).stored != WHOLE


def test_features_of_a_copy_find_their_partners_and_those_of_another_do_not():
    view = hypotheses.views(made(1))[0]
    own, other = (hypotheses.beside(view, kept(number)) for number in (1, 2))
    scale = np.diag([view.grey.shape[1] / own.shape[1], view.grey.shape[0] / own.shape[0], 1])
    count, share = hypotheses.support(own, scale, WHOLE, WHOLE)
    assert count > 100
    assert share > 0.8
    assert hypotheses.support(other, scale, WHOLE, WHOLE)[1] < 0.05


def supported(postings: np.ndarray) -> tuple[float, float]:
    """Of photograph 1 by itself, where these are the features that were stored of it."""
    view = hypotheses.views(made(1))[0]
    sides = hypotheses.beside(view, replace(kept(1), postings=postings))
    scale = np.diag([view.grey.shape[1] / sides.shape[1], view.grey.shape[0] / sides.shape[0], 1])
    return hypotheses.support(sides, scale, WHOLE, WHOLE)


def test_partner_in_place_with_a_signature_far_off_counts_little():
    """As the same tower from a step aside has features where the map wants them, which look otherwise."""
    rows = kept(1).postings
    farther = rows.copy()
    farther["code"] ^= np.uint64(2**20 - 1)
    count, share = supported(rows)
    assert supported(farther)[0] < count / 4
    assert supported(farther)[1] < share / 4


def test_feature_has_one_partner_however_often_it_was_stored():
    rows = kept(1).postings
    assert supported(np.concatenate([rows, rows]))[0] == pytest.approx(supported(rows)[0], rel=0.02)


def test_support_of_a_region_without_features_is_none():
    view = hypotheses.views(made(1))[0]
    corner = Rectangle(0.0, 0.0, 1e-6, 1e-6)
    assert hypotheses.support(hypotheses.beside(view, kept(1)), np.eye(3), corner, corner) == (0, 0.0)


def test_places_within_a_rectangle():
    places = np.array([[0.1, 0.1], [0.3, 0.5], [0.9, 0.5]])
    assert within(Rectangle(0.2, 0.4, 0.5, 0.2), places).tolist() == [False, True, False]
