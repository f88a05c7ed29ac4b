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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Since 2024.\n\ndistrict press officer\n\nOne newsroom",
            "Since 2024. · district press officer · One newsroom",
        ),
        ("Made by the press\nservice of the house.\n \n  Page 2", "Made by the press\nservice of the house. · Page 2"),
        ("\n\nThe press\n\n\n", "The press"),
        ("press\n\nservice", "press · service"),
        ("", ""),
    ],
)
def test_paragraphs_are_kept_apart(text, shown):
    found = snippet(text, PRESS_SERVICE)
    assert "".join(piece for piece, _ in found.shown_pieces) == shown
    assert found.text == text, "a program reads the text as it is"


def test_platform_is_told_by_its_name_and_asked_by_its_value():
    (facet,) = facets_of({"platform": {"x": 2}}, Reach({}, frozenset()), "a", {})
    assert [(one.label, one.value, one.query) for one in facet.values] == [("X (Twitter)", "x", "q=a&platform=x")]
