"""Beginnings and slips of the pen, looked up among the words of one's cases."""

from itertools import product

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search import dictionary
from search.rights import reach_of
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db
WORDS = st.text(alphabet="ab_%\\ə", min_size=1, max_size=7)


@given(WORDS, WORDS)
@example("abcd", "acbd")
@example("a_b", "axb")
@example("a%", "abbb")
@example("ab\\\\", "ab\\")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_patterns_and_swaps_are_of_words_at_distance_one_and_of_no_other(word, other):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s LIKE ANY (%s)", [other, dictionary.like_but_for_a_letter(word)])
        is_like = cursor.fetchone()[0]
    assert (is_like or other in dictionary._swapped(word)) == (OSA.distance(word, other) <= 1)


def test_close_word_is_found_among_any_number_that_begin_alike():
    """None is cut off: a word of four letters has the first one in common with thousands."""
    case = make_case()
    begun = [f"b{''.join(rest)}" for rest in product("0123456789defghijlmnopqrstvwxyz", repeat=3)]
    dictionary.learn(case.pk, False, [*begun, "bcku"])
    assert dictionary.close_to("baku", reach_of(case.lead)) == ["bcku"]


@pytest.mark.parametrize("slip", ["baks", "bakku", "bku", "abku", "bauk", "xaku"])
def test_each_kind_of_slip_finds_the_word(slip):
    case = make_case()
    dictionary.learn(case.pk, False, ["baku", "bakuvian", "ganja"])
    found = dictionary.close_to(slip, reach_of(case.lead))
    assert found == (["baku"] if len(slip) >= dictionary.SHORTEST_TYPO else [])
