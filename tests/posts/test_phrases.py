"""Phrases: whole words of any script, whatever lies between and within them, as they stand in the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts.texts.phrases import patterns, places
from tests.posts.cases_of_phrases import FOUND

WORDS = st.lists(st.text("abcдéİ5_%.\\[", min_size=1, max_size=4), min_size=1, max_size=3)


@pytest.mark.parametrize(("text", "phrase", "words"), FOUND)
def test_phrase_is_found_as_it_stands(text, phrase, words):
    assert [text[start:end] for start, end in places(text, phrase)] == words


@pytest.mark.parametrize("phrase", ["", "  ", "\u200b", "\n\u202e "])
def test_phrase_of_nothing_that_is_seen_is_no_phrase(phrase):
    assert patterns(phrase) == ()
    assert list(places("a text", phrase)) == []


@settings(max_examples=20)
@given(WORDS, st.sampled_from([" ", "\n", " \u200b ", "\t\t"]), st.sampled_from(["", "\u200b", "\u2060\u00ad"]))
def test_words_are_found_whatever_is_between_and_within_them(words, gap, hidden):
    text = f"({gap.join(hidden.join(word) for word in words)})"
    assert list(places(text, " ".join(words))) == [(1, len(text) - 1)]
