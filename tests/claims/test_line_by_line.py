"""The public text is held against its citations sentence by sentence (G-71)."""

import pytest
from django.db import Error, transaction

from audit.models import Event
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible, StaleVersion
from claims.actions.citations import edit_citation, remove_citation
from claims.actions.drafts import edit_version
from claims.actions.reviews import approve, check_sentence, reopen, submit
from claims.canonical import cited
from claims.checking import checked_sentences, near, progress
from claims.exceptions import GateRefused
from claims.models import SentenceCheck
from claims.phrasing import sentences
from tests.access.events import payload_of
from tests.factories.claims import clear, make_checked, make_draft, make_submitted
from tests.factories.users import make_user

TEXT = "It is very likely that Esmira Xalil operates the account @esmirak. The gazette names the account as hers."


@pytest.fixture
def version(world):
    """Submitted, with two sentences that nobody has read yet."""
    return make_submitted(world, make_draft(world, public_text=TEXT), ticked=False)


def tick(world, version, position: int = 1, *, person=None, **said) -> SentenceCheck:
    said = {"citations": [world.citations[0].pk], "content_sha256": version.content_sha256} | said
    return check_sentence(actor=person or world.checker, version=version, position=position, **said)


def ticks(version) -> list[bool]:
    return [line.is_ticked for line in checked_sentences(version, list(cited(version)))]


def rules_missed(world, version) -> list[str]:
    with pytest.raises(GateRefused) as caught:
        approve(actor=world.editor, version=version, content_sha256=version.content_sha256)
    return [entry["rule"] for entry in caught.value.missing]


def rewritten(world, version, **changes):
    """The same version after its author has changed something and submitted it again."""
    version = reopen(actor=world.author, version=version)
    edit_version(actor=world.author, version=version, expected_version=version.edit_version, changes=changes)
    return submit(actor=world.author, version=version)


def test_text_is_approved_when_its_last_sentence_is_ticked(world, version):
    clear(world, version)
    approve(actor=world.checker, version=version, content_sha256=version.content_sha256, stage="fact_check")
    tick(world, version, 1)
    assert (ticks(version), rules_missed(world, version)) == ([True, False], ["G-71"])
    tick(world, version, 2)
    assert progress(checked_sentences(version, list(cited(version)))) == {"sentences": 2, "ticked": 2}
    assert approve(actor=world.editor, version=version, content_sha256=version.content_sha256).pk


def test_question_holds_until_the_sentence_is_ticked(world, version):
    tick(world, version, 1)
    tick(world, version, 2)
    tick(world, version, 2, verdict="question", citations=[], comment="Which gazette?")
    line = checked_sentences(version, list(cited(version)))[1]
    assert (line.is_ticked, line.is_questioned, line.check.comment) == (False, True, "Which gazette?")
    tick(world, version, 2)
    assert ticks(version) == [True, True]


def test_edited_sentence_is_unticked_and_the_others_keep_their_ticks(world, version):
    tick(world, version, 1)
    tick(world, version, 2)
    version = rewritten(world, version, public_text=TEXT.replace("names the account", "lists the account"))
    assert ticks(version) == [True, False]


def test_tick_of_somebody_who_wrote_on_afterwards_is_none_and_their_question_stays(world, version):
    tick(world, version, 1, person=world.editor)
    tick(world, version, 2)
    tick(world, version, 2, person=world.editor, verdict="question", citations=[], comment="Which gazette?")
    version = reopen(actor=world.editor, version=version)
    changes = {"scope_note": "Of the account alone."}
    edit_version(actor=world.editor, version=version, expected_version=version.edit_version, changes=changes)
    version = submit(actor=world.author, version=version)
    assert ticks(version) == [False, False]
    tick(world, version, 1)
    assert ticks(version) == [True, False]
    assert checked_sentences(version, list(cited(version)))[1].check.comment == "Which gazette?"


@pytest.mark.parametrize("change", ["passage", "stance", "gone"])
def test_change_of_what_its_citation_points_at_unticks_a_sentence(world, version, change):
    citation = world.citations[0]
    tick(world, version, 1)
    tick(world, version, 2, citations=[world.citations[1].pk])
    version = reopen(actor=world.author, version=version)
    citation.refresh_from_db()
    if change == "gone":
        remove_citation(actor=world.author, citation=citation)
    else:
        changes = {"exact": "linked it to Esmira Xalil"} if change == "passage" else {"stance": "context"}
        edit_citation(actor=world.author, citation=citation, expected_version=citation.edit_version, changes=changes)
    version = submit(actor=world.author, version=version)
    assert ticks(version) == [False, True]


def test_check_leaves_one_event_with_what_was_read(world, version):
    before = Event.objects.count()
    checked = tick(world, version, 2, comment="Line 4 of the list.")
    assert Event.objects.count() == before + 1
    assert Event.objects.get(action="sentence_checked").object == f"claim:{version.claim_id}"
    after = payload_of("sentence_checked")["after"]
    assert {name: after[name] for name in ("sentence", "verdict", "comment")} == {
        "sentence": checked.sentence,
        "verdict": "ticked",
        "comment": "Line 4 of the list.",
    }


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"position": 3}, "position"),
        ({"position": 0}, "position"),
        ({"citations": []}, "citations"),
        ({"verdict": "perhaps"}, "verdict"),
        ({"verdict": "question", "citations": []}, "comment"),
    ],
)
def test_check_that_says_nothing_is_refused_by_field(world, version, said, field):
    with pytest.raises(InvalidInput) as refused:
        tick(world, version, **said)
    assert refused.value.field == field
    assert not SentenceCheck.objects.exists()


def test_citation_of_another_version_shows_nothing_here(world, version):
    foreign = make_draft(world)
    with pytest.raises(InvalidInput, match="no citation of this version"):
        tick(world, version, citations=[foreign.citations.first().pk])


def test_what_was_not_read_is_not_ticked(world, version):
    with pytest.raises(StaleVersion):
        tick(world, version, content_sha256="0" * 64)


def test_draft_is_not_checked(world):
    draft = make_draft(world)
    with pytest.raises(Conflict):
        tick(world, draft)


@pytest.mark.parametrize("who", ["author", "publisher", "stranger"])
def test_only_an_editor_who_did_not_write_it_ticks(world, version, who):
    person = make_user() if who == "stranger" else getattr(world, who)
    with pytest.raises(NotVisible if who == "stranger" else NotAllowed):
        tick(world, version, person=person)


def test_tick_is_written_once_by_the_application_alone(world, version):
    checked = tick(world, version)
    forged = SentenceCheck.objects.get(pk=checked.pk)
    forged.pk, forged.seal = None, ""
    for change in (
        lambda: SentenceCheck.objects.update(verdict="question"),
        lambda: SentenceCheck.objects.all().delete(),
        lambda: forged.save(force_insert=True),
    ):
        with transaction.atomic(), pytest.raises(Error):
            change()
    assert SentenceCheck.objects.count() == 1


@pytest.mark.parametrize("second", ["@esmirak is hers.", "#kanaky came first.", "(@esmirak is hers.)", "هل هذا؟ نعم."])
def test_sentence_may_begin_with_a_handle_or_end_in_another_script(second):
    first = "The account was suspended."
    assert sentences(f"{first} {second}") == [first, *second.replace("؟ ", "؟\n").split("\n")]
    assert sentences("It follows @esmirak and 12.5 others.") == ["It follows @esmirak and 12.5 others."]


def test_near_citations_share_words_and_are_all_where_none_does(world, version):
    citations = list(cited(version))
    assert [one.exact for one in near("Esmira Xalil was linked by the radio.", citations)] == [citations[0].exact]
    assert near("Nothing of the kind.", citations) == citations


def test_check_of_many_sentences_takes_one_query(world, version, django_assert_num_queries):
    citations = list(cited(version))
    with django_assert_num_queries(1):
        checked_sentences(version, citations)
    for position in (1, 2):
        tick(world, version, position)
    with django_assert_num_queries(1):
        assert all(line.is_ticked for line in checked_sentences(version, citations))


def test_fact_checker_who_ticks_all_lets_the_editor_approve(world):
    version = make_checked(world)
    assert approve(actor=world.editor, version=version, content_sha256=version.content_sha256).verdict == "approved"
