"""Pairs of features that agree on how a picture lies in the query are counted together, and others are not."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.media import consensus
from evidence.media.features import ANGLE_STEPS, FULL, SCALE_STEPS
from evidence.media.geometry import Points
from evidence.media.inverted import SHAPE

PAIRS = 12
SIZE = np.array([480.0, 320.0])


def postings(random, count):
    rows = np.zeros(count, SHAPE)
    rows["x"], rows["y"] = random.integers(0, FULL + 1, (2, count))
    rows["scale"], rows["angle"] = random.integers(20, 90, count), random.integers(0, ANGLE_STEPS, count)
    return rows


def moved(rows, factor, turn, offset):
    """Where a similarity takes the postings, as features of a query."""
    at = np.stack([rows["x"], rows["y"]], axis=1) / FULL * SIZE
    spun = at @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return Points(
        factor * spun + offset,
        factor * np.exp2(rows["scale"] / SCALE_STEPS),
        (rows["angle"] * (2 * np.pi / ANGLE_STEPS) + turn) % (2 * np.pi),
    )


def agreement(asked, rows, picture):
    sizes = np.broadcast_to(SIZE, (len(rows), 2))
    return consensus.agreement(asked, rows, sizes, picture, np.ones(len(rows)))


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.floats(0.3, 4), st.floats(0, 6.28), st.floats(-300, 900), st.floats(-300, 900))
def test_pairs_of_one_similarity_share_a_cell(seed, factor, turn, across, down):
    rows = postings(np.random.default_rng(seed), PAIRS)
    asked = moved(rows, factor, turn, (across, down))
    assert agreement(asked, rows, np.full(PAIRS, 7)).max() >= 0.75 * PAIRS


def test_pairs_of_chance_and_of_other_pictures_do_not():
    random = np.random.default_rng(3)
    rows = postings(random, PAIRS)
    asked = moved(rows, 1.2, 0.4, (50, 20))
    assert agreement(asked, rows, np.arange(PAIRS)).max() == 1
    strewn = Points(random.uniform(0, 600, (PAIRS, 2)), asked.scale, random.uniform(0, 6.28, PAIRS))
    assert agreement(strewn, rows, np.full(PAIRS, 7)).max() <= 3


def test_feature_that_many_postings_answer_counts_less_in_each():
    weight = consensus.singled(np.array([1, 1, 1, 1, 2]), np.array([5, 5, 5, 5, 5]), np.ones(5))
    assert weight.tolist() == [0.5, 0.5, 0.5, 0.5, 1.0]


def test_no_pairs_have_no_agreement():
    none = Points(np.zeros((0, 2)), np.zeros(0), np.zeros(0))
    assert len(agreement(none, np.zeros(0, SHAPE), np.zeros(0, np.int64))) == 0
