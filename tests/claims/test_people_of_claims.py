"""G-60: private persons and minors are named nowhere, in no spelling that the case knows."""

import pytest

from cases.actions.names import Spelling, add_name
from claims.gate.loading import load_facts, load_many
from claims.gate.people import private_names_in
from claims.models import ClaimVersion
from claims.queries import gate_report
from tests.factories.claims import make_draft
from tests.factories.subjects import make_person


def problems(world, version: ClaimVersion) -> list[str]:
    entries = gate_report(world.newest(version)).entries
    return [problem.text for entry in entries if entry.rule.id == "G-60" for problem in entry.problems]


@pytest.mark.parametrize(("tier", "words"), [("private_individual", "private individual"), ("minor", "minor")])
def test_private_person_at_an_end_is_refused(world, tier, words):
    person = make_person(case=world.case, actor=world.author, label="Elvin Ordinary", subject_tier=tier)
    found = problems(world, make_draft(world, object_person=person))
    assert found == [f"Elvin Ordinary is recorded as a {words}: describe them in words, or correct the record."]


def test_text_that_names_a_private_person_in_any_spelling_is_refused(world):
    person = make_person(case=world.case, actor=world.author, label="Elvin Ordinary", subject_tier="private_individual")
    add_name(actor=world.author, subject=person, spelling=Spelling(value="Эльвин Простой"))
    text = "It is very likely that Esmira Xalil operates @esmirak, as ELVIN  ORDINARY and Эльвин Простой said."
    found = problems(world, make_draft(world, public_text=text))
    assert [words.split(",")[0] for words in found] == [
        "The text names Elvin Ordinary",
        "The text names Эльвин Простой",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Elvin Ordinary wrote it.", ("Elvin Ordinary",)),
        ("“elvin\nordinary”", ("Elvin Ordinary",)),
        ("Elvin Ordinaryev wrote it.", ()),
        ("Melvin Ordinary wrote it.", ()),
        ("An ordinary man wrote it.", ()),
        ("", ()),
    ],
)
def test_names_are_found_as_whole_words(text, found):
    assert private_names_in(ClaimVersion(public_text=text), ("Elvin Ordinary",)) == found


def test_name_of_one_word_and_the_names_of_another_case_are_none(world):
    make_person(case=world.case, actor=world.author, label="Elvin", subject_tier="minor")
    version = make_draft(world, public_text="It is very likely that Elvin and Esmira Xalil operate @esmirak.")
    assert load_facts(world.newest(version)).private_names == ()


def test_people_of_many_versions_are_each_with_their_own(world):
    versions = [world.newest(make_draft(world)) for _ in range(2)]
    assert [[one.label for one in facts.people] for facts in load_many(versions)] == [["Esmira Xalil"]] * 2
