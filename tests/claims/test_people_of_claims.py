"""Whom a claim is about and whom its text names, which decides what the law asks of it (G-62, G-63)."""

import pytest

from cases.actions.names import Spelling, add_name
from claims.gate.facts import PersonFacts
from claims.gate.loading import load_facts, load_many
from claims.gate.people import named_in
from claims.models import ClaimVersion
from tests.factories.claims import make_draft, make_role_draft
from tests.factories.subjects import make_organisation, make_person


def test_text_tells_of_whom_a_full_name_stands_in_any_spelling(world):
    person = make_person(case=world.case, actor=world.author, label="Elvin Ordinary", subject_tier="private_individual")
    add_name(actor=world.author, subject=person, spelling=Spelling(value="Эльвин Простой"))
    text = "It is very likely that Esmira Xalil operates @esmirak, as ELVIN  ORDINARY and Эльвин Простой said."
    named = load_facts(world.newest(make_draft(world, public_text=text))).named
    assert [(one.label, one.tier) for one in named] == [
        ("Elvin Ordinary", "private_individual"),
        ("Esmira Xalil", "official"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Elvin Ordinary wrote it.", True),
        ("“elvin\nordinary”", True),
        ("Elvin Ordinaryev wrote it.", False),
        ("Melvin Ordinary wrote it.", False),
        ("An ordinary man wrote it.", False),
        ("", False),
    ],
)
def test_names_are_found_as_whole_words(text, found):
    elvin = PersonFacts("1", "Elvin Ordinary", "minor")
    assert named_in(ClaimVersion(public_text=text), {"elvin ordinary": elvin}) == ((elvin,) if found else ())


def test_name_of_one_word_and_the_names_of_another_case_are_none(world):
    make_person(case=world.case, actor=world.author, label="Elvin", subject_tier="minor")
    version = make_draft(world, public_text="It is very likely that Elvin and Esmira Xalil operate @esmirak.")
    assert [one.label for one in load_facts(world.newest(version)).named] == ["Esmira Xalil"]


def test_people_of_many_versions_are_each_with_their_own(world):
    versions = [world.newest(make_draft(world)) for _ in range(2)]
    assert [[one.label for one in facts.people] for facts in load_many(versions)] == [["Esmira Xalil"]] * 2


def test_party_at_an_end_is_an_opinion_that_the_record_has_to_answer_for(world):
    party = make_organisation(case=world.case, actor=world.author, label="A party", kind="party")
    told = [
        load_facts(make_role_draft(world, cited=False, object_organisation=one)) for one in (party, world.committee)
    ]
    assert [facts.names_a_party for facts in told] == [True, False]
