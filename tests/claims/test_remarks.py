"""The verb ladder and the remarks on a text while it is written: in place, in English and French."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import LikelihoodScale
from claims import ladder, phrasing
from claims.enums import Confidence, Likelihood
from claims.ladder import Grade, Rung, openers, rung_of, stands_on
from claims.remarks import advise, segments

ROW1 = LikelihoodScale.ICD203_ROW1
LIKELY = Grade(likelihood="likely", confidence="moderate", origins=2, best_credibility="2", is_record=False)
WORDS = ["very likely", "may", "clearly", "“it may”", "high confidence", "probable", ".", " She ", "selon", "é", "🙂"]


def marked(text: str, *, scale=ROW1, language="en", grade=LIKELY, cited=()) -> list[str]:
    """The words that are flagged."""
    advice = advise(text, scale=scale, language=language, grade=grade, cited=cited)
    return [text[remark.start : remark.end] for remark in advice.remarks]


@pytest.mark.parametrize(
    ("changes", "rung"),
    [
        ({}, Rung.APPEARS),
        ({"confidence": "high"}, Rung.APPEARS),
        ({"likelihood": "very_likely"}, Rung.APPEARS),
        ({"likelihood": "very_likely", "confidence": "high"}, Rung.FLAT),
        ({"likelihood": "almost_certain", "confidence": "high"}, Rung.FLAT),
        ({"origins": 1}, Rung.ALLEGED),
        ({"origins": 0, "best_credibility": ""}, Rung.ALLEGED),
        ({"origins": 1, "is_record": True}, Rung.FLAT),
        ({"best_credibility": "4"}, Rung.UNCONFIRMED),
        ({"best_credibility": "6", "origins": 1}, Rung.UNCONFIRMED),
        ({"best_credibility": "5", "is_record": True}, Rung.UNCONFIRMED),
    ],
)
def test_rung_follows_from_the_grade(changes, rung):
    assert rung_of(Grade(**{**LIKELY.__dict__, **changes})) == rung


@pytest.mark.parametrize("language", ["en", "en-GB", "fr", "fr-CA"])
@pytest.mark.parametrize("scale", LikelihoodScale.values)
@pytest.mark.parametrize("rung", Rung)
def test_every_sentence_that_is_suggested_stands_on_its_rung_and_is_not_flagged(rung, scale, language):
    for likelihood in Likelihood.values:
        for opener in openers(rung, scale, likelihood, language):
            assert stands_on(opener, rung), opener
            assert not ladder.too_sure(opener, rung)
            assert not phrasing.hedges(opener)
            for term in phrasing.likelihood_terms(opener):
                assert phrasing.term_step(scale, term, language) == Likelihood.values.index(likelihood)


def test_without_a_likelihood_no_term_is_suggested():
    assert openers(Rung.APPEARS, ROW1, "", "en") == ["X appears to …"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is likely that she did.", []),
        ("It may be hers.", ["may"]),
        ("It is very likely hers.", ["very likely"]),
        ("It is probable.", ["probable"]),
        ("It is reportedly hers.", ["reportedly"]),
        ("According to the radio it is reportedly hers.", []),
        ("It is clearly hers, it is likely.", ["clearly"]),
        ("It is likely, with high confidence.", ["It is likely, with high confidence."]),
        ("He said “it may be”. It is likely.", ["may"]),
    ],
)
def test_words_are_flagged_in_their_place(text, words):
    assert marked(text) == words


def test_words_of_a_cited_passage_are_not_flagged():
    assert marked("He said “it may be”. It is likely.", cited=["Perhaps it may be hers."]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Il est probable que ce soit elle.", []),
        ("Il est très probable que ce soit elle.", ["très probable"]),
        ("C’est peut-être elle.", ["peut-être"]),
        ("Ce compte pourrait être le sien.", ["pourrait"]),
        ("C’est likely elle.", ["likely"]),
        ("C’est sans aucun doute elle, c’est probable.", ["sans aucun doute"]),
    ],
)
def test_french_text_is_read_in_french(text, words):
    assert marked(text, language="fr") == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The accounts are run by the bureau.", ["run by"]),
        ("It is not known whether they are run by anybody.", []),
        ("Ils agissent pour le compte du bureau.", ["pour le compte du"]),
        ("Ce compte appartient à Mme X.", ["appartient à"]),
        ("“Run by fools”, she said.", []),
    ],
)
def test_words_that_name_an_operator_are_found(text, found):
    assert ladder.operators_named(text) == found


@given(
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.sampled_from(["en", "fr"]),
    st.sampled_from(["", *Likelihood.values]),
    st.sampled_from(["", *Confidence.values]),
)
def test_pieces_make_the_text_again_and_remarks_lie_within_it(text, language, likelihood, confidence):
    grade = Grade(likelihood, confidence, 2, "2", is_record=False)
    advice = advise(text, scale=ROW1, language=language, grade=grade, cited=["it may"])
    assert "".join(words for words, _ in segments(text, advice.remarks)) == text
    assert all(0 <= remark.start < remark.end <= len(text) for remark in advice.remarks)
    assert len(phrasing.masked(text, ["it may"])) == len(text)
    assert "it may" not in [text[remark.start : remark.end] for remark in advice.remarks]


def test_letters_that_deceive_the_eye_are_flagged_in_place():
    assert marked("It is likely, pos\u00adsibly, hers: she m\u0430y run it. Эльвин/Elvin.") == [
        "pos\u00adsibly,",
        "m\u0430y",
    ]


def test_remarks_speak_the_language_of_the_page():
    with override("fr"):
        [remark] = advise("It is likely; she may.", scale=ROW1, language="en", grade=LIKELY).remarks
    assert remark.text.replace("\u00a0", " ").startswith("« may » cache le degré de certitude")
