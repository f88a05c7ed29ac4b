"""Maps between pictures: what is put in comes out again, and nonsense is refused."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.media import features, geometry, hypotheses
from evidence.media.rectangles import WHOLE, Box, Rectangle, likeness, overlap

moves = st.tuples(st.floats(0.2, 4), st.floats(-3.1, 3.1), st.floats(-300, 300), st.floats(-300, 300))
fractions = st.floats(0, 0.9).flatmap(lambda x: st.tuples(st.just(x), st.floats(0.01, 1 - x)))
regions = st.tuples(fractions, fractions).map(lambda both: Rectangle(both[0][0], both[1][0], both[0][1], both[1][1]))


def similarity(scale: float, turn: float, x: float, y: float) -> np.ndarray:
    cosine, sine = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[cosine, -sine, x], [sine, cosine, y], [0, 0, 1]])


def scattered(count: int, seed: int = 3) -> geometry.Points:
    generator = np.random.default_rng(seed)
    return geometry.Points(
        generator.uniform(0, 300, (count, 2)), generator.uniform(2, 20, count), generator.uniform(0, 6, count)
    )


def moved(points: geometry.Points, scale: float, turn: float, x: float, y: float) -> geometry.Points:
    at = geometry.apply(similarity(scale, turn, x, y), points.at)
    return geometry.Points(at, points.scale * scale, points.angle + turn)


@given(moves)
def test_one_pair_of_features_gives_the_similarity(move):
    stored = scattered(5)
    for pair in range(5):
        assert np.allclose(geometry.similarity(stored, moved(stored, *move), pair), similarity(*move), atol=1e-6)


@given(moves, st.integers(2, 30))
def test_fit_recovers_the_map(move, count):
    stored = scattered(count)
    found = geometry.fit(stored.at, moved(stored, *move).at)
    assert np.allclose(found, similarity(*move), atol=1e-5)


@given(moves)
def test_pairs_that_do_not_fit_are_left_out(move):
    stored = scattered(40)
    query = moved(stored, *move)
    query.at[::4] += 80
    votes = geometry.supporters(stored, query, 40)
    best = votes[votes.sum(axis=1).argmax()]
    matrix, inliers = geometry.refine(geometry.fit(stored.at[best], query.at[best]), stored, query)
    assert np.allclose(matrix, similarity(*move), atol=1e-3)
    assert not inliers[::4].any()
    assert inliers.sum() == 30


def test_fit_through_one_place_is_none():
    assert geometry.fit(np.ones((1, 2)), np.ones((1, 2))) is None
    assert geometry.fit(np.ones((4, 2)), np.ones((4, 2))) is None


def test_fit_through_a_line_falls_back_to_a_similarity():
    line = np.column_stack([np.arange(10.0), np.zeros(10)])
    assert np.allclose(geometry.fit(line, 2 * line), geometry.diagonal(2, 2), atol=1e-6)


def test_pair_of_no_weight_does_not_move_the_map():
    stored = scattered(12).at
    query = geometry.apply(geometry.diagonal(2, 2), stored)
    query[0] += 90
    weight = np.ones(12)
    weight[0] = 0
    assert np.allclose(geometry.weighted(stored, query, weight), geometry.diagonal(2, 2), atol=1e-6)
    assert not np.allclose(geometry.weighted(stored, query, np.ones(12)), geometry.diagonal(2, 2), atol=1e-2)


def test_many_pairs_show_the_perspective():
    tilted = np.array([[1, 0.1, 5], [0, 0.9, 3], [2e-4, 1e-4, 1]])
    stored = scattered(60).at
    found = geometry.with_perspective(np.eye(3), stored, geometry.apply(tilted, stored))
    assert np.allclose(found, tilted, atol=1e-4)


@pytest.mark.parametrize(
    "matrix",
    [
        geometry.mirror(100),
        geometry.diagonal(1, 4),
        geometry.diagonal(30, 30),
        geometry.diagonal(0.01, 0.01),
        np.full((3, 3), np.nan),
        np.array([[1, 0, 0], [0, 1, 0], [0.05, 0, 1.0]]),
    ],
    ids=["mirrored", "flattened", "blown up", "shrunk", "not a number", "folded"],
)
def test_implausible_map_is_refused(matrix):
    assert not geometry.is_plausible(matrix)


@given(st.lists(st.floats(-14, 14), min_size=4, max_size=4))
def test_what_is_plausible_is_decided_by_singular_values(entries):
    linear = np.array(entries).reshape(2, 2)
    longest, shortest = np.linalg.svd(linear, compute_uv=False)
    limits = (shortest * geometry.LARGEST_SCALE, longest / geometry.LARGEST_SCALE)
    clear = min(abs(np.array([*limits, longest / max(shortest, 1e-9) / geometry.MOST_ANISOTROPY]) - 1)) > 1e-6
    within = limits[0] > 1 and limits[1] < 1 and longest < geometry.MOST_ANISOTROPY * shortest
    expected = bool(within and np.linalg.det(linear) > 0)
    matrix = np.vstack([np.column_stack([linear, [3, 4]]), [0, 0, 1]])
    assert geometry.is_plausible(matrix) is expected or not clear


def test_scale_of_a_perspective_map_is_that_around_the_place():
    matrix = np.array([[2, 0.1, 5], [0.2, 1.5, 7], [1e-3, 5e-4, 1]])
    at = np.array([120.0, 80.0])
    square = geometry.apply(matrix, at + np.array([[0, 0], [1e-3, 0], [0, 1e-3]])) * 1e3
    around = abs(np.linalg.det(square[1:] - square[0])) ** 0.5
    assert geometry.scaling(matrix, at) == pytest.approx(around, rel=1e-4)


@given(moves)
def test_similarity_is_plausible_and_has_its_scale(move):
    matrix = similarity(*move)
    assert geometry.is_plausible(matrix)
    assert geometry.scaling(matrix, np.array([10.0, 20.0])) == pytest.approx(move[0])


@pytest.mark.parametrize("turns", range(4))
def test_hypothesis_from_a_hash_lays_corner_on_corner(turns):
    view = hypotheses.View(False, False, np.zeros((200, 300), np.uint8), scattered(0), np.arange(0), np.zeros(0), None)
    sides = hypotheses.Sides(view, None, (100, 100), scattered(0))
    found = hypotheses.from_hash(sides, Rectangle(0.5, 0, 0.5, 1), turns, WHOLE)
    corner = geometry.apply(found, np.array([[0.0, 0.0]]))[0]
    # The picture was turned clockwise; its upper left corner had been at these corners of the right half before.
    assert corner.tolist() == [[150, 0], [150, 200], [300, 200], [300, 0]][turns]


@settings(max_examples=40)
@given(seed=st.integers(0, 999), reach=st.sampled_from([5.0, 8.0, 12.0]), size=st.sampled_from([30, 400]))
def test_places_near_features_are_those_that_comparing_all_finds(seed, reach, size):
    random = np.random.default_rng(seed)
    rows = np.zeros(40, features.DTYPE)
    rows["x"], rows["y"] = random.integers(0, features.FULL + 1, (2, 40))
    made = SimpleNamespace(grey=np.zeros((size, size), np.uint8), features=rows)
    view = hypotheses.views(made)[0]
    moved = np.vstack([random.uniform(-20, size + 20, (60, 2)), [[-1e9, 5], [1e9, 5], [5, 1e9]]])
    apart = np.abs(view.points.at[:, None] - moved[None]).max(axis=2)
    found = {(int(one), int(other)) for one, other in zip(*hypotheses.near_places(view, moved, reach), strict=True)}
    assert found == {(int(one), int(other)) for one, other in np.argwhere(apart < reach)}


@given(regions, regions)
def test_likeness_is_symmetric_and_bounded(one, other):
    assert 0 <= likeness(one, other) <= 1 + 1e-9
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert likeness(one, one) == pytest.approx(1)
    assert overlap(one, WHOLE) == pytest.approx(one.area)


def test_box_in_fractions():
    assert Box(10, 20, 30, 60).fractions(100, 200) == (0.1, 0.1, 0.2, 0.2)
    assert Box(5, 5, 3, 9).area == 0
