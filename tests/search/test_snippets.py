"""The part of a text that shows why it was found, and what its address leads to; facets in words."""

import pytest

from search.facets import facets_of
from search.rights import Reach
from search.snippets import Marked, snippet

PRESS_SERVICE = Marked(frozenset({"press", "service"}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Head of the press service since 2014.", "press service"),
        ("A service; of the press.", "service"),
        ("The press. Service is another sentence.", "press"),
        ("Nothing of it.", ""),
    ],
)
def test_found_is_the_first_run_of_marked_words(text, found):
    shown = snippet(text, PRESS_SERVICE)
    assert shown.found == found
    assert text[shown.start :].startswith(found)
    assert shown.text == text


def test_platform_is_told_by_its_name_and_asked_by_its_value():
    (facet,) = facets_of({"platform": {"x": 2}}, Reach({}, frozenset()), "a", {})
    assert [(one.label, one.value, one.query) for one in facet.values] == [("X (Twitter)", "x", "q=a&platform=x")]
