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


@pytest.mark.parametrize(
    "text",
    [
        "In 2014 she headed it; her current role could not be confirmed.",
        "As of 2014 she headed it.",
        "As of 17 May 2014 she headed it.",
        "In 2014, at the time, she headed it.",
        "She headed it in 2014; it is not known\nwhether she does today.",
        "Whether she still held the office is not known. In 2014 she did.",
        "In 2014 she headed it. Her present position is unknown.",
        "En 2014 elle dirigeait le service ; sa fonction actuelle n’est pas connue.",
        "À l’époque, en 2014, elle dirigeait le service.",
    ],
)
def test_caveat_on_a_role_is_understood(text):
    assert phrasing.has_status_caveat(text, 2014)


@pytest.mark.parametrize(
    "text",
    [
        "Since 2014 she was officially the head.",  # "as of" inside two other words
        "In 2014 she has offered to head it.",
        "As of today she heads it, as she did in 2014.",
        "As of 2022 she heads it, as she did in 2014.",
        "Her current position, reported in 2014, is head of it.",
        "Her current role is that of 2014. Who chose her is not known.",
        "At the time of the riots she headed it, as in 2014.",
        "“At the time” is what she called her years from 2014.",
        "À l'époque des émeutes elle dirigeait le service, comme en 2014.",
        "In 2014 she headed it.",
        "",
    ],
)
def test_what_only_looks_like_a_caveat_is_none(text):
    assert not phrasing.has_status_caveat(text, 2014)


@pytest.mark.parametrize(
    ("text", "says_so"),
    [
        ("She operates the account (single source).", True),
        ("A single-source finding: she operates it.", True),
        ("Elle le dirige (source unique).", True),
        ("Not a single source denies that she operates it.", False),
        ("No single source denies it.", False),
        ("Pas une seule source ne le nie.", False),
        ("Two sources name her.", False),
    ],
)
def test_single_source_label_is_told_from_its_opposite(text, says_so):
    assert phrasing.has_single_source_label(text) == says_so


@pytest.mark.parametrize(
    ("passage", "kept"), [("It may be hers.", True), ("The mayor was dismayed.", False), ("in “may” words", True)]
)
def test_quote_is_true_only_as_whole_words(passage, kept):
    assert ("“may”" in phrasing.with_true_quotes("It “may” be hers.", [passage])) == kept
