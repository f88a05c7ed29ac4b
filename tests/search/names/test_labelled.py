"""The labelled pairs, and what the comparison must reach on the half that no rule was made from."""

from collections import Counter

import pytest

from search.names import Verdict, compare
from tests.search.names.figures import figures_of
from tests.search.names.labelled import Half, all_pairs, pairs_of, public_figures


def test_there_are_enough_pairs_of_every_kind_and_each_once():
    kinds = Counter((pair.kind, pair.same) for pair in all_pairs())
    assert kinds["handmade", True] >= 150
    assert kinds["handmade", False] >= 150
    assert kinds["handles", True] >= 100
    assert kinds["handles", False] >= 90
    assert kinds["public", True] >= 400
    assert len({frozenset((pair.left, pair.right, pair.kind)) for pair in all_pairs()}) == len(all_pairs())


def test_no_pair_is_labelled_both_ways():
    same = {frozenset((pair.left, pair.right)) for pair in all_pairs() if pair.same}
    assert not [pair for pair in all_pairs() if not pair.same and frozenset((pair.left, pair.right)) in same]


def test_the_halves_are_of_like_size_whichever_name_stands_first():
    halves = Counter(pair.half for pair in all_pairs())
    assert 0.4 < halves[Half.HELD] / sum(halves.values()) < 0.6


@pytest.mark.parametrize(
    ("kind", "precision", "recall", "possible"),
    [("public", 0.99, 0.93, 0.95), ("handmade", 0.98, 0.95, 0.97), ("handles", 0.95, 0.95, 0.95)],
)
def test_figures_on_the_held_half(kind, precision, recall, possible):
    figures = figures_of(pairs_of(kind, half=Half.HELD), lambda left, right: compare(left, right).score)
    assert figures.precision >= precision
    assert figures.recall >= recall
    assert figures.possible >= possible


def test_hardly_any_hard_negative_of_the_held_half_is_even_possible():
    negatives = [pair for pair in pairs_of("handmade", half=Half.HELD) if not pair.same]
    shown = [pair for pair in negatives if compare(pair.left, pair.right).verdict != Verdict.DIFFERENT]
    assert len(shown) <= 0.1 * len(negatives)


def test_comparing_is_the_same_from_either_side():
    for pair in pairs_of(half=Half.TUNE)[::7]:
        assert compare(pair.left, pair.right).score == pytest.approx(compare(pair.right, pair.left).score), pair


def test_every_spelling_of_a_public_figure_is_a_match_of_itself():
    for spellings in public_figures():
        for name in spellings:
            assert compare(name, name).score == 1
