"""The lawyer's word on exactly one content (G-63) and why a case handles data about people (G-62)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cases.actions.members import add_member
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible, StaleVersion
from claims.actions.harm import settle_trace
from claims.actions.legal import sign_off
from claims.actions.reviews import approve, reopen, submit
from claims.dossier.build import pages_of
from claims.dossier.checks import CLAIMS, parse
from claims.enums import VersionState
from claims.exceptions import GateRefused
from claims.gate.evaluation import evaluate
from claims.models import DataProtectionRecord, Review
from claims.queries import my_turn
from tests.access.events import payload_of
from tests.claims.test_walls import forge_approval, forge_review, raises_refusal, sql
from tests.factories.claims import (
    clear,
    make_approved,
    make_checked,
    make_draft,
    make_publication,
    make_record,
    make_role_draft,
    make_submitted,
    make_world,
)
from tests.factories.users import make_user

MAIL = "esmira@mail.example"


def missing(version) -> set[str]:
    return {entry.rule.id for entry in evaluate(version).missing}


# --- the sign-off


def test_sign_off_is_on_record_with_its_states_and_lets_the_editor_approve(world):
    version = make_submitted(world)
    assert "G-63" in missing(version)
    review = clear(world, version, jurisdictions=["gb", "FR", "fr"])
    assert (review.stage, review.jurisdictions) == ("legal", ["FR", "GB"])
    assert payload_of("claim_cleared")["after"]["jurisdictions"] == ["FR", "GB"]
    assert "G-63" not in missing(version)
    approve(actor=world.checker, version=version, content_sha256=version.content_sha256, stage="fact_check")
    assert approve(actor=world.editor, version=version, content_sha256=version.content_sha256).pk


def test_sign_off_does_not_outlive_the_content_it_was_given_on(world):
    version = make_checked(world)
    version = submit(actor=world.author, version=reopen(actor=world.author, version=version))
    assert "G-63" in missing(version)
    with pytest.raises(GateRefused, match="G-63"):
        approve(actor=world.editor, version=version, content_sha256=version.content_sha256)


def test_claim_that_harms_nobody_needs_no_lawyer(world):
    assert "G-63" not in missing(make_submitted(world, make_role_draft(world, adverse=False)))


def test_only_the_lawyer_of_the_case_signs_off(world):
    version = make_submitted(world)
    for person in (world.author, world.checker, world.editor, world.publisher):
        with pytest.raises(NotAllowed, match="legal sign-off"):
            sign_off(actor=person, version=version, content_sha256=version.content_sha256, verdict="approved")
    with pytest.raises(NotVisible):
        sign_off(actor=make_user(), version=version, content_sha256=version.content_sha256, verdict="approved")
    with pytest.raises(InvalidInput, match="stage"):
        approve(actor=world.editor, version=version, content_sha256=version.content_sha256, stage="legal")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"jurisdictions": []}, "jurisdictions"),
        ({"jurisdictions": [" "]}, "jurisdictions"),
        ({"jurisdictions": ["France"]}, "jurisdictions"),
        ({"jurisdictions": ["F1"]}, "jurisdictions"),
        ({"verdict": "perhaps"}, "verdict"),
        ({"verdict": "changes_requested", "comment": " "}, "comment"),
    ],
)
def test_word_that_says_too_little_is_refused(world, said, field):
    version = make_submitted(world)
    with pytest.raises(InvalidInput) as raised:
        clear(world, version, **said)
    assert raised.value.field == field
    assert not Review.objects.filter(stage="legal").exists()


def test_word_on_another_content_or_a_draft_is_refused(world):
    draft = make_draft(world)
    with pytest.raises(Conflict):
        clear(world, draft)
    with pytest.raises(StaleVersion):
        clear(world, make_submitted(world, draft), content_sha256="0" * 64)


def test_lawyer_sends_a_claim_back(world):
    version = make_submitted(world)
    clear(world, version, verdict="changes_requested", comment="Say according to whom.")
    assert world.newest(version).state == VersionState.CHANGES_REQUESTED


def test_lawyer_sees_what_waits_for_their_word(world):
    version = make_submitted(world)
    make_submitted(world, make_role_draft(world, adverse=False))
    assert [(turn.version, turn.task) for turn in my_turn(world.lawyer, most=9)] == [(version, "clear")]
    clear(world, version)
    assert my_turn(world.lawyer, most=9) == []


def test_sign_off_stands_in_the_dossier(world):
    publication = make_publication(world, make_approved(world))
    files = pages_of(publication)
    [legal] = [one for one in parse(files, CLAIMS)["claims"][0]["reviews"] if one["stage"] == "legal"]
    assert (legal["jurisdictions"], legal["reviewed_by"]) == (["FR"], f"user:{world.lawyer.pk}")
    page = files["index.html"].decode()
    assert "Legal sign-off" in page
    assert "Manifestly" not in page
    assert "Journalism, Art. 85 and national law. Who speaks for a party" in page
    assert "privacy@paper.example" in page


@pytest.mark.parametrize("states", [["FR", "ZZ"], ["XX"], ["EU"], ["FRA"], []])
def test_sign_off_names_states_that_there_are(world, states):
    with pytest.raises(InvalidInput) as refused:
        clear(world, make_submitted(world), jurisdictions=states)
    assert refused.value.field == "jurisdictions"


def test_record_is_looked_at_again_within_five_years(world):
    with pytest.raises(InvalidInput, match="within five years") as refused:
        make_record(world.case, world.author, review_at=timezone.now().date() + timedelta(days=5 * 366 + 1))
    assert refused.value.field == "review_at"


# --- the walls


def test_database_knows_what_accuses_by_its_nature(world):
    draft = make_draft(world)
    sql("UPDATE claims_claimversion SET adverse = false WHERE id = %s", draft.pk)
    version = submit(actor=world.author, version=world.newest(draft))
    with raises_refusal("what accuses by its nature"):
        forge_approval(version, world.editor, run_by=world.editor)


def test_database_takes_no_approval_of_the_lawyer_who_signed_off(world):
    version = make_checked(world)
    add_member(actor=world.editor, case=world.case, user=world.lawyer, role="editor")
    with raises_refusal("does not give the approval of an editor"):
        forge_approval(version, world.lawyer, run_by=world.editor)


def test_database_releases_nothing_against_a_person_without_the_sign_off(world):
    version = make_submitted(world)
    with raises_refusal("only after legal sign-off"):
        forge_approval(version, world.editor, run_by=world.editor)


def test_database_takes_a_sign_off_from_an_auditor_with_a_state_only(world):
    version = make_submitted(world)
    with raises_refusal("only an auditor"):
        forge_review(version, world.editor, stage="legal")
    with raises_refusal("names the states"):
        forge_review(version, world.lawyer, stage="legal")
    with raises_refusal("only an editor"):
        forge_review(version, world.lawyer)


def test_database_lets_nobody_approve_what_they_let_stand(world):
    text = f"It is very likely that Esmira Xalil operates the account @esmirak; she answers at {MAIL}."
    version = make_checked(world, make_draft(world, public_text=text))
    settle_trace(
        actor=world.editor, version=version, kind="email", passage=MAIL, settled="waived", reason="It is printed. " * 4
    )
    with raises_refusal("does not give the approval"):
        forge_approval(version, world.editor, run_by=world.editor)
    report = evaluate(version, approving=world.editor)
    assert "G-70" in {entry.rule.id for entry in report.missing}


def test_waiver_is_told_in_the_methodology(world):
    text = f"It is very likely that Esmira Xalil operates the account @esmirak; she answers at {MAIL}."
    version = make_submitted(world, make_draft(world, public_text=text))
    settle_trace(
        actor=world.checker, version=version, kind="email", passage=MAIL, settled="waived", reason="Secret why. " * 4
    )
    files = pages_of(make_publication(world, make_approved(world, world.newest(version))))
    page = " ".join(files["index.html"].decode().split())
    assert "let be published what leads to a person" in page
    assert "E-mail address (1)" in page
    assert "Secret why" not in page + files[CLAIMS].decode()


# --- data protection


def test_newest_record_of_a_case_holds_and_the_ones_before_are_kept(world):
    first = DataProtectionRecord.objects.get(case=world.case)
    second = make_record(world.case, world.author, retention="case", special_ground="", special_reasoning="")
    assert (first.number, second.number) == (1, 2)
    assert evaluate(make_draft(world)).facts.record.number == 2
    told = payload_of("data_protection_recorded")["after"]
    assert (told["number"], told["retention"], told["review_at"]) == (2, "case", second.review_at.isoformat())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"purpose": "News."}, "purpose"),
        ({"transparency": ""}, "transparency"),
        ({"contact": " "}, "contact"),
        ({"lawful_basis": "because"}, "lawful_basis"),
        ({"lawful_basis": ""}, "lawful_basis"),
        ({"retention": "ever"}, "retention"),
        ({"special_ground": "fame"}, "special_ground"),
        ({"special_reasoning": ""}, "special_reasoning"),
        ({"has_criminal_data": True}, "criminal_reasoning"),
        ({"review_at": timezone.now().date() - timedelta(days=1)}, "review_at"),
        ({"public_interest": "He spoke for the ministry in public. " * 2}, "public_interest"),
        ({"purpose": "x" * 20_001}, "purpose"),
    ],
)
def test_record_that_says_too_little_is_refused(world, said, field):
    with pytest.raises(InvalidInput) as raised:
        make_record(world.case, world.author, **said)
    assert raised.value.field == field
    assert DataProtectionRecord.objects.filter(case=world.case).count() == 1


def test_record_of_a_person_says_why_they_are_named(world):
    with pytest.raises(InvalidInput) as raised:
        make_record(world.case, world.author, person=world.person)
    assert raised.value.field == "public_interest"
    interest = "She speaks for the committee in public, under her own name."
    assert make_record(world.case, world.author, person=world.person, public_interest=interest).person == world.person


def test_record_is_written_by_who_works_on_the_case_and_about_its_own_people(world):
    for person in (world.publisher, world.lawyer):
        with pytest.raises(NotAllowed):
            make_record(world.case, person)
    stranger = make_world().person
    with pytest.raises(NotVisible):
        make_record(world.case, world.author, person=stranger, public_interest="He spoke for the ministry. " * 2)


def test_record_is_never_changed_and_carries_its_seal(world):
    for change in ("UPDATE claims_dataprotectionrecord SET purpose = 'x'", "DELETE FROM claims_dataprotectionrecord"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(change)
    with pytest.raises(DatabaseError, match="seal"), transaction.atomic():
        DataProtectionRecord.objects.create(
            case=world.case,
            number=9,
            purpose="Forged.",
            lawful_basis="consent",
            has_criminal_data=False,
            retention="case",
            review_at=timezone.now().date(),
            transparency="None.",
            contact="none",
            written_by=world.author,
        )
