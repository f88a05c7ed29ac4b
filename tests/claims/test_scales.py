"""The words of the scales, and what a text says with them."""

import pytest

from cases.enums import LikelihoodScale
from claims import phrasing, scales
from claims.enums import Confidence, Likelihood


@pytest.mark.parametrize("scale", LikelihoodScale.values)
def test_scale_has_seven_steps_in_order(scale):
    steps = scales.steps(scale)
    assert [step.value for step in steps] == Likelihood.values
    assert [scales.rank(step.value) for step in steps] == list(range(7))


@pytest.mark.parametrize("scale", LikelihoodScale.values)
def test_text_is_read_in_the_words_of_its_scale(scale):
    for step in scales.steps(scale):
        if step.term != "remote":
            term = phrasing.likelihood_terms(f"It is {step.term} that they met.")[-1]
            assert phrasing.term_step(scale, term) == scales.rank(step.value)


@pytest.mark.parametrize(
    ("values", "weakest"),
    [(["likely", "very_likely"], "likely"), (["likely", ""], ""), ([], ""), (["remote", "even"], "remote")],
)
def test_chain_is_as_likely_as_its_weakest_link(values, weakest):
    assert scales.weakest_likelihood(values) == weakest


@pytest.mark.parametrize(
    ("values", "weakest"), [(["high", "low"], "low"), (["moderate"], "moderate"), (["high", ""], ""), ([], "")]
)
def test_chain_is_as_sound_as_its_weakest_link(values, weakest):
    assert scales.weakest_confidence(values) == weakest


def test_confidence_is_ordered():
    assert [scales.confidence_rank(value) for value in Confidence.values] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("It may be his.", ["may"]),
        ("In May 2024 he posted.", []),
        ("On May 17 he posted.", []),
        ("It could not be confirmed.", []),
        ("It couldn't be confirmed.", []),
        ("It could be his.", ["could"]),
        ("Possibly his.", ["Possibly"]),
        ("This proves it.", ["proves"]),
        ("He allegedly posted.", ["allegedly"]),
        ("According to the radio, he allegedly posted.", []),
        ("“It may be mine,” he said.", []),
        ("They were mighty.", []),
    ],
)
def test_hedges_are_found(text, hedges):
    assert phrasing.hedges(text) == hedges


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("The 2014 report named him. In 2024 he left.", 2),
        ("No end", 1),
        ("", 0),
        ("He said “Stop.” Then he left.", 2),
        ("A line\n\nAnother line", 2),
    ],
)
def test_sentences_are_told_apart(text, count):
    assert len(phrasing.sentences(text)) == count


@pytest.mark.parametrize(
    ("text", "year", "found"),
    [("in 2014.", 2014, True), ("in 20141", 2014, False), ("2014–2022", 2022, True), ("", 2014, False)],
)
def test_year_is_found_as_a_word(text, year, found):
    assert phrasing.mentions_year(text, year) == found
