"""What the gate found is told in the language of a page, from what is stored in English."""

import ast
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from caseapp.management.commands.messages import _sentences_of_rules
from claims.gate.evaluation import judge
from claims.gate.registry import Problem, Sentence
from claims.gate.words import in_words
from tests.claims.facts import citation, claim, item, with_citation, with_items, with_sentence


def stored(facts, rule: str) -> list[dict]:
    """The problems of one rule, as a run keeps them."""
    return next(entry for entry in judge(facts).as_dicts() if entry["rule"] == rule)["problems"]


def in_french(facts, rule: str) -> str:
    with override("fr"):
        return in_words(stored(facts, rule)[0]).replace("\u00a0", " ")


def test_sentence_is_its_english_and_remembers_its_values():
    inner = Sentence("R-%(number)s to %(label)s", number=7, label="100 % Radio")
    found = Problem(Sentence("%(name)s was not sent yet.", name=inner), "replies").as_dict()
    assert found["text"] == "R-7 to 100 % Radio was not sent yet."
    assert found["said"] == [
        "%(name)s was not sent yet.",
        {"name": ["R-%(number)s to %(label)s", {"number": "7", "label": "100 % Radio"}]},
    ]
    assert in_words(found) == found["text"]
    with override("fr"):
        assert in_words(found) == "R-7 à 100 % Radio n’a pas encore été envoyée."


@pytest.mark.parametrize(
    ("facts", "rule", "words"),
    [
        (claim(citations=()), "G-01", "Aucune citation n’appuie cette allégation : citez un passage d’une pièce."),
        (with_items(claim(), state="withdrawn"), "G-03", "E-1 est retirée : citez une autre pièce."),
        (with_items(claim(), title="", language=""), "G-05", "Il manque à E-1 : un titre, une langue."),
        (with_citation(claim(), found=False), "G-02", "Citation 1 (E-1) cite des mots qui ne sont pas dans la copie"),
        (claim(public_text="It is possible."), "G-40", "« possible » cache le degré de certitude du texte"),
        (claim(citations=(citation(1, item=item(1)),)), "G-07", "Ce qui est cité repose sur une seule origine"),
        (with_sentence(claim(), verdict=""), "G-71", "Phrase 1 (« "),
    ],
)
def test_what_is_missing_is_told_in_french(facts, rule, words):
    assert in_french(facts, rule).startswith(words)


def test_run_from_before_sentences_remembered_stays_readable():
    with override("fr"):
        assert in_words({"text": "E-1 is something old.", "target": "item:1"}) == "E-1 is something old."


def test_every_sentence_of_a_rule_is_translated():
    found = set(_sentences_of_rules())
    assert len(found) > 120
    with override("fr"):
        assert [words for words in found if gettext(words) == words] == []


def test_no_rule_says_a_value_in_a_way_that_no_page_can_translate():
    """Values stand in a `Sentence`; what remains of f-strings are the keys of targets."""
    rules = Path(__file__).resolve().parents[2] / "claims" / "gate" / "rules"
    written = [
        part.value
        for path in rules.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant) and " " in part.value.strip()
    ]
    assert written == []
