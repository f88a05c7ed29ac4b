"""From draft to publication and after: hashes, people, cascades, corrections."""

import json

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from cases.actions.members import add_member
from cases.actions.users import change_flags
from cases.exceptions import Conflict, InvalidInput, NotAllowed, StaleVersion
from claims.actions.corrections import confirm_standing, correct, retract
from claims.actions.drafts import edit_version, link_claims
from claims.actions.gate import allow_single_source, run_gate, withdraw_single_source
from claims.actions.publications import publish
from claims.actions.reviews import approve, judge_citation, reopen, request_changes, submit
from claims.canonical import content_of, particulars_of, read, sha256_of
from claims.enums import CorrectionKind, VersionState
from claims.exceptions import GateRefused
from claims.gate.loading import load_facts
from claims.models import ClaimVersion, Correction, GateEvaluation, Publication, Review
from claims.queries import citing, claims_about, count_turns, gate_report, my_turn, rivals_of
from evidence import stores
from evidence.actions import fixity
from evidence.actions.items import change_item, supersede_item, withdraw_item
from evidence.actions.origin_groups import join_sources
from evidence.actions.sources import grade_source
from evidence.models import Item
from tests.factories.claims import (
    add_citation,
    clear,
    make_approved,
    make_checked,
    make_draft,
    make_publication,
    make_published,
    make_role_draft,
    make_source,
    make_submitted,
    make_text,
)
from tests.factories.subjects import make_person
from tests.factories.users import make_user


def digest(world, version: ClaimVersion) -> str:
    return world.newest(version).content_sha256


# --- the hash


def test_content_holds_all_that_is_judged(world):
    version = make_submitted(world)
    content = read(world.newest(version))
    assert content["public_text"] == version.public_text
    assert content["likelihood"]["term"] == "very likely"
    assert [citation["item"]["sha256"] for citation in content["citations"]] == [
        world.radio_text.blob_id,
        world.gazette_text.blob_id,
    ]
    assert content["citations"][0]["source"]["reliability"] == "B"
    assert content["citations"][0]["source"]["origin"]["label"] == "Radio"
    assert content["citations"][0]["credibility"] == "2"
    assert sha256_of(content_of(world.newest(version))) == version.content_sha256


def test_gate_finds_a_passage_only_in_what_was_read_for_the_exhibit(world):
    version = make_draft(world)
    assert [citation.found for citation in load_facts(version).citations] == [True, True]
    Item.objects.filter(pk=world.radio_text.pk).update(readings=["a reading of the same bytes in another case"])
    assert [citation.found for citation in load_facts(version).citations] == [False, True]


def test_each_submission_has_a_hash_of_its_own(world):
    version = make_submitted(world)
    first = version.content_sha256
    reopen(actor=world.author, version=version)
    assert submit(actor=world.author, version=version).content_sha256 != first


def test_approval_of_another_hash_than_the_one_read_is_refused(world):
    version = make_checked(world)
    with pytest.raises(StaleVersion, match="not what stands here"):
        approve(actor=world.editor, version=version, content_sha256="0" * 64)


def test_approval_does_not_outlive_reopening(world):
    version = make_approved(world)
    reopen(actor=world.author, version=version, reason="A typing error.")
    submit(actor=world.author, version=version)
    report = gate_report(world.newest(version))
    assert "G-70" in {entry.rule.id for entry in report.missing}
    with pytest.raises(Conflict):
        publish(actor=world.publisher, case=world.case, versions=[version], title="T")


# --- people


def test_two_approvals_of_one_person_are_one_person(world):
    version = make_submitted(world)
    clear(world, version)
    for _ in range(2):
        approve(actor=world.editor, version=version, content_sha256=digest(world, version), stage="fact_check")
    with pytest.raises(GateRefused) as caught:
        approve(actor=world.editor, version=version, content_sha256=digest(world, version))
    assert [entry["rule"] for entry in caught.value.missing] == ["G-70"]


def test_claim_that_harms_nobody_needs_two_people(world):
    version = make_submitted(world, make_role_draft(world, adverse=False))
    approve(actor=world.editor, version=version, content_sha256=digest(world, version))
    assert world.newest(version).state == VersionState.APPROVED


def test_author_and_publisher_do_not_approve(world):
    version = make_submitted(world)
    for person in (world.author, world.publisher):
        with pytest.raises(NotAllowed):
            approve(actor=person, version=version, content_sha256=digest(world, version))


def test_superuser_who_wrote_a_claim_does_not_approve_it(world):
    """PEERS 3: being an administrator opens nothing."""
    change_flags(actor=None, user=world.editor, is_staff=True)
    world.editor.is_superuser = True
    world.editor.save(update_fields=["is_superuser"])
    version = make_draft(world)
    edit_version(
        actor=world.editor, version=version, expected_version=version.edit_version, changes={"scope_note": "x"}
    )
    version = make_checked(world, version)
    with pytest.raises(NotAllowed, match="wrote part"):
        approve(actor=world.editor, version=version, content_sha256=version.content_sha256)


def test_only_publishers_publish_and_only_editors_override(world):
    version = make_approved(world)
    for person in (world.author, world.editor):
        with pytest.raises(NotAllowed):
            publish(actor=person, case=world.case, versions=[version], title="T")
    draft = make_role_draft(world)
    for person in (world.author, world.publisher):
        with pytest.raises(NotAllowed):
            allow_single_source(actor=person, version=draft, reason="x" * 50)


# --- refusals are kept


def test_refused_approval_is_stored_and_changes_nothing(world):
    version = make_checked(world, make_draft(world, likelihood=""))
    with pytest.raises(GateRefused, match="G-40") as caught:
        approve(actor=world.editor, version=version, content_sha256=version.content_sha256)
    stored = GateEvaluation.objects.get(pk=caught.value.evaluation.pk)
    assert not stored.passed
    assert world.newest(version).state == VersionState.SUBMITTED
    assert not Review.objects.filter(reviewed_by=world.editor).exists()
    assert Event.objects.filter(action="approval_refused").count() == 1


def test_single_source_is_allowed_by_another_editor_with_reason_and_label(world):
    version = make_draft(world, cited=False)
    add_citation(world, version, world.radio_text, "The radio linked it to Esmira Xalil")
    add_citation(world, version, world.radio_text, "@esmirak was suspended")
    assert {entry.rule.id for entry in gate_report(world.newest(version)).missing} >= {"G-07"}
    reason = "The radio is the only one who saw the account before it was suspended."
    with pytest.raises(InvalidInput, match="single source"):
        allow_single_source(actor=world.editor, version=version, reason=reason)
    text = version.public_text + " This rests on a single source."
    edit_version(
        actor=world.author,
        version=version,
        expected_version=world.newest(version).edit_version,
        changes={"public_text": text},
    )
    with pytest.raises(InvalidInput, match="at least 40"):
        allow_single_source(actor=world.editor, version=version, reason="Too short.")
    allow_single_source(actor=world.editor, version=version, reason=reason)
    assert "G-07" not in {entry.rule.id for entry in gate_report(world.newest(version)).missing}
    _add_a_word(world, world.editor, version)
    # Whoever writes on takes part, and their exception with it: a third person has to decide.
    assert "G-07" in {entry.rule.id for entry in gate_report(world.newest(version)).missing}
    with pytest.raises(NotAllowed, match="another editor must decide"):
        allow_single_source(actor=world.editor, version=version, reason=reason)
    allow_single_source(actor=world.checker, version=version, reason=reason)
    assert "G-07" not in {entry.rule.id for entry in gate_report(world.newest(version)).missing}
    withdraw_single_source(actor=world.checker, version=version, reason="A second one turned up.")
    assert "G-07" in {entry.rule.id for entry in gate_report(world.newest(version)).missing}


def _add_a_word(world, person, version) -> None:
    edit_version(
        actor=person,
        version=version,
        expected_version=world.newest(version).edit_version,
        changes={"scope_note": "Of the account alone."},
    )


def test_run_of_the_gate_is_kept_with_its_inputs(world):
    version = make_draft(world)
    stored = run_gate(actor=world.author, version=version)
    assert len(stored.inputs_sha256) == 64
    assert {entry["rule"] for entry in stored.results} >= {"G-01", "G-72"}


# --- verdicts


def test_changes_are_requested_with_words(world):
    version = make_submitted(world)
    with pytest.raises(InvalidInput, match="what has to change"):
        request_changes(actor=world.editor, version=version, comment=" ")
    request_changes(actor=world.editor, version=version, comment="Which account?")
    assert world.newest(version).state == VersionState.CHANGES_REQUESTED


def test_citation_is_judged_while_it_is_under_review(world):
    version = make_draft(world)
    with pytest.raises(Conflict):
        judge_citation(actor=world.editor, citation=world.citations[0], verdict="supports_claim")
    version = make_submitted(world, version)
    with pytest.raises(InvalidInput):
        judge_citation(actor=world.editor, citation=world.citations[0], verdict="partly")
    with pytest.raises(NotAllowed):
        judge_citation(actor=world.author, citation=world.citations[0], verdict="supports_claim")
    judged = judge_citation(actor=world.editor, citation=world.citations[0], verdict="partly", comment="Not the name.")
    assert judged.content_sha256 == version.content_sha256


# --- publication, correction, retraction


def test_publication_freezes_what_was_approved(world):
    version = make_approved(world)
    publication = make_publication(world, version)
    assert sha256_of(bytes(publication.snapshot)) == publication.snapshot_sha256
    [claim] = json.loads(bytes(publication.snapshot))["claims"]
    assert claim["content_sha256"] == version.content_sha256
    assert claim["public_text"] == version.public_text
    assert Event.objects.filter(action="claim_published", object=f"claim:{version.claim_id}").count() == 1


def test_publication_is_all_or_nothing(world):
    good, bad = make_approved(world), make_approved(world, make_role_draft(world))
    with pytest.raises(Conflict):
        publish(actor=world.publisher, case=world.case, versions=[good, make_submitted(world)], title="T")
    ClaimVersion.objects.filter(pk=bad.pk).update(state="draft")
    with pytest.raises(Conflict):
        publish(actor=world.publisher, case=world.case, versions=[good, bad], title="T")
    assert not Publication.objects.exists()
    assert world.newest(good).state == VersionState.APPROVED


def test_claim_about_a_sensitive_exhibit_is_not_approved(world):
    """Its description would be published with the claim, whatever else is cited (G-64)."""
    about = make_text(
        world.case, world.author, "Seen from afar.", world.radio, title="From a hidden source", sensitivity="sensitive"
    )
    version = make_draft(
        world,
        subject_account=None,
        subject_item=about,
        object_person=None,
        object_text="A montage",
        predicate="media_composed_of",
    )
    with pytest.raises(GateRefused) as refused:
        make_approved(world, version)
    [entry] = [entry for entry in refused.value.missing if entry["rule"] == "G-64"]
    assert [problem["target"] for problem in entry["problems"]] == [f"item:{about.exhibit}"]


def test_chain_is_published_with_its_links(world):
    role = make_approved(world, make_role_draft(world))
    chain = make_draft(world)
    link_claims(actor=world.author, version=chain, components=[role.claim])
    chain = make_approved(world, chain)
    make_publication(world, role, chain)
    assert {world.newest(role).state, world.newest(chain).state} == {VersionState.PUBLISHED}


def test_published_version_stays_byte_for_byte_until_its_correction_is_published(world):
    """PEERS 6."""
    published = make_published(world)
    before = bytes(world.newest(published).content)
    draft = correct(actor=world.author, claim=published.claim, cause="A typing error.", public_note="We mended a word.")
    edit_version(actor=world.author, version=draft, expected_version=1, changes={"scope_note": "Mended."})
    assert bytes(world.newest(published).content) == before
    assert world.newest(published).state == VersionState.PUBLISHED
    make_publication(world, make_approved(world, draft))
    assert (world.newest(published).state, world.newest(draft).state) == ("corrected", "published")
    assert bytes(world.newest(published).content) == before
    note = Correction.objects.get()
    assert (note.kind, note.public_note) == (CorrectionKind.CORRECTION, "We mended a word.")
    assert (note.from_version_id, note.to_version_id) == (published.pk, draft.pk)


def test_correction_needs_a_published_claim_cause_and_note(world):
    approved = make_approved(world)
    with pytest.raises(Conflict, match="no published version"):
        correct(actor=world.author, claim=approved.claim, cause="x", public_note="y")
    make_publication(world, approved)
    for cause, note in (("", "y"), ("x", " ")):
        with pytest.raises(InvalidInput):
            correct(actor=world.author, claim=approved.claim, cause=cause, public_note=note)
    correct(actor=world.author, claim=approved.claim, cause="x", public_note="y")
    with pytest.raises(Conflict, match="already"):
        correct(actor=world.author, claim=approved.claim, cause="x", public_note="y")


def test_retraction_leaves_the_version_readable_with_its_note(world):
    published = make_published(world)
    retract(actor=world.publisher, claim=published.claim, cause="The source withdrew.", public_note="We retract this.")
    assert world.newest(published).state == VersionState.RETRACTED
    assert world.newest(published).content
    assert Correction.objects.get().kind == CorrectionKind.RETRACTION
    with pytest.raises(Conflict):
        retract(actor=world.publisher, claim=published.claim, cause="x", public_note="y")


# --- cascade


def withdraw(world):
    withdraw_item(actor=world.editor, item=world.radio_text, reason="It was a forgery.")


def supersede(world):
    supersede_item(actor=world.editor, item=world.radio_text, by=world.gazette_text, reason="A better copy.")


def regrade(world):
    grade_source(actor=world.editor, source=world.radio, reliability="E", rationale="It made things up.")


def join(world):
    join_sources(actor=world.editor, sources=[world.radio, world.gazette], reason="One copies the other.", label="One")


def redescribe(world):
    item = world.radio_text
    item.refresh_from_db()
    change_item(actor=world.author, item=item, version=item.version, changes={"title": "Another title"})


CHANGES = {"withdrawn": withdraw, "superseded": supersede, "regraded": regrade, "joined": join, "described": redescribe}


@pytest.mark.parametrize("what", CHANGES)
def test_changed_evidence_flags_published_and_returns_approved_claims(world, what):
    """PEERS 8, G-80: in the same transaction, whatever changed."""
    published, approved = make_published(world), make_approved(world, make_role_draft(world))
    CHANGES[what](world)
    assert world.newest(published).state == VersionState.PUBLISHED
    assert world.newest(published).needs_attention
    assert world.newest(approved).state == VersionState.CHANGES_REQUESTED
    assert world.newest(approved).needs_attention
    assert Event.objects.filter(action="claim_flagged").count() == 2
    assert {turn.task for turn in my_turn(world.editor, most=9)} >= {"look_again"}


def damage(world):
    """The preserved bytes of the radio's page change on the disk, and the sweep finds it."""
    digest = world.radio_text.blob_id
    path = stores.vault().root / "o" / digest[:2] / digest[2:4] / digest
    path.chmod(0o600)
    path.write_bytes(b"forged")
    fixity.sweep(hashes=[digest])


def test_damaged_original_reopens_what_cites_it_and_is_told_once(world):
    """G-03, G-80: nobody changed a row, and yet the claim lost its ground."""
    published, approved = make_published(world), make_approved(world, make_role_draft(world))
    damage(world)
    assert "is not what was preserved" in world.newest(published).needs_attention
    assert world.newest(approved).state == VersionState.CHANGES_REQUESTED
    claims = [f"claim:{version.claim_id}" for version in (published, approved)]
    told = Event.objects.filter(action="claim_flagged", object__in=claims)
    assert [event.actor for event in told] == [fixity.SWEEP] * 2
    fixity.sweep(hashes=[world.radio_text.blob_id])
    assert told.count() == 2


def test_owner_is_told_of_a_published_claim_to_look_at_again(world):
    published = make_published(world)
    withdraw(world)
    for person in (world.author, world.editor):
        assert [turn.version for turn in my_turn(person, most=9) if turn.task == "look_again"] == [published]
    assert not my_turn(world.publisher, most=9)


def test_joined_origins_take_the_ground_from_under_a_claim(world):
    """PEERS 4: marking two origins as shared ungates the claim."""
    published = make_published(world)
    join(world)
    assert not GateEvaluation.objects.filter(version=published).latest("evaluated_at").passed
    assert {"G-07"} <= {entry.rule.id for entry in gate_report(world.newest(published)).missing}


def test_three_articles_on_one_report_are_one_origin_and_a_primary_document_is_the_second(world):
    """The acceptance list: 1, then 2, then 1 again, and the published claim loses its ground in the same step."""
    version = make_draft(world, cited=False)
    papers = [make_source(world.case, world.author, world.editor, name=f"Paper {number}") for number in (1, 2)]
    join_sources(
        actor=world.editor, sources=[world.radio, *papers], reason="All three cite one report.", label="Report"
    )
    for paper in papers:
        text = make_text(world.case, world.author, f"{paper.name}: the account @esmirak is Esmira Xalil's.", paper)
        add_citation(world, version, text, "the account @esmirak is Esmira Xalil's", indicator="named_in_report")
    linked = "The radio linked it to Esmira Xalil"
    add_citation(world, version, world.radio_text, linked, indicator="named_in_report")
    assert (origins_of(world, version), missing_of(world, version) & {"G-07"}) == (1, {"G-07"})
    page = "her account is @esmirak"
    add_citation(world, version, world.gazette_text, page, indicator="named_by_organisation")
    assert (origins_of(world, version), missing_of(world, version) & {"G-07"}) == (2, set())
    published = make_published(world, world.newest(version))
    every = [world.radio, *papers, world.gazette]
    join_sources(actor=world.editor, sources=every, reason="They reprint its list.", label="List")
    assert (origins_of(world, published), missing_of(world, published) & {"G-07"}) == (1, {"G-07"})
    assert world.newest(published).needs_attention


def origins_of(world, version) -> int:
    return gate_report(world.newest(version)).facts.origins


def missing_of(world, version) -> set[str]:
    return {entry.rule.id for entry in gate_report(world.newest(version)).missing}


def test_correction_says_all_that_the_version_before_it_said(world):
    """Particulars, the lens, indicators and alternatives: whoever corrects a word need not type the rest anew."""
    published = make_published(world)
    draft = correct(actor=world.author, claim=published.claim, cause="It was too sure.", public_note="Less sure now.")
    assert particulars_of(draft) == particulars_of(published) != {}
    both = (published, draft)
    indicators = [list(one.citations.order_by("order").values_list("indicator", flat=True)) for one in both]
    assert indicators[0] == indicators[1] == ["named_in_report", "named_by_organisation"]
    assert draft.hypotheses.count() == published.hypotheses.count() > 0


def test_claim_that_rests_on_a_flagged_claim_is_flagged_too(world):
    role = make_draft(world, cited=False)
    for quote in ("The radio linked it to Esmira Xalil", "@esmirak was suspended"):
        add_citation(world, role, world.radio_text, quote, indicator="named_in_report")
    add_citation(world, role, world.gazette_text, "her account is @esmirak", indicator="named_by_organisation")
    role = make_approved(world, role)
    chain = make_role_draft(world, cited=False)
    add_citation(world, chain, world.gazette_text, "Esmira Xalil, head of the press service")
    second = make_published_source(world)
    add_citation(world, chain, second, "headed the press service")
    link_claims(actor=world.author, version=chain, components=[role.claim])
    make_publication(world, role, make_approved(world, chain))
    withdraw(world)
    assert "rests" in world.newest(chain).needs_attention


@pytest.fixture
def chain(world):
    """A published pair: who operates the account, and the role that rests on it."""
    operated, role = make_draft(world), make_role_draft(world)
    link_claims(actor=world.author, version=role, components=[operated.claim])
    operated, role = make_approved(world, operated), make_approved(world, role)
    make_publication(world, operated, role)
    return world.newest(operated), world.newest(role)


def correction_of(world, version, **changes):
    draft = correct(actor=world.author, claim=version.claim, cause="It was too sure.", public_note="Less sure now.")
    if changes:
        draft = edit_version(actor=world.author, version=draft, expected_version=1, changes=changes)
    return draft


def test_claim_that_rests_on_a_retracted_one_is_flagged(world, chain):
    operated, role = chain
    retract(actor=world.publisher, claim=operated.claim, cause="It was his.", public_note="We retract this.")
    role = world.newest(role)
    assert (role.state, role.needs_attention) == (
        "published",
        f"{operated.claim}, on which it rests, was retracted: It was his.",
    )
    assert [turn.version for turn in my_turn(world.editor, most=9) if turn.task == "look_again"] == [role]
    assert Event.objects.filter(action="claim_flagged", object=f"claim:{role.claim_id}").count() == 1


def test_approved_claim_that_rests_on_a_retracted_one_goes_back_to_its_author(world):
    operated = make_published(world)
    role = make_role_draft(world)
    link_claims(actor=world.author, version=role, components=[operated.claim])
    role = make_approved(world, role)
    retract(actor=world.publisher, claim=operated.claim, cause="It was his.", public_note="We retract this.")
    assert world.newest(role).state == VersionState.CHANGES_REQUESTED


def test_claim_that_rests_on_a_corrected_one_is_flagged_and_then_shows_too_much(world, chain):
    """A chain shows no more than its weakest link, also when that link becomes weaker later (G-23)."""
    operated, role = chain
    text = "It is likely that Esmira Xalil operates the account @esmirak."
    draft = correction_of(world, operated, likelihood="likely", public_text=text)
    make_publication(world, make_approved(world, draft))
    role = world.newest(role)
    assert role.needs_attention == f"{operated.claim}, on which it rests, was corrected: It was too sure."
    run = GateEvaluation.objects.filter(version=role).latest("evaluated_at")
    # No checkpoint is signed within a test that is one transaction (G-81).
    assert [entry["rule"] for entry in run.results if entry["blocks"] and entry["rule"] != "G-81"] == ["G-23"]


def test_publication_names_the_version_that_stands_of_what_a_claim_rests_on(world, chain):
    operated, role = chain
    second = make_approved(world, correction_of(world, operated, scope_note="Seen until June."))
    make_publication(world, second)
    again = make_approved(world, correction_of(world, role, scope_note="Seen until June."))
    [claim] = json.loads(bytes(make_publication(world, again).snapshot))["claims"]
    assert [part["content_sha256"] for part in claim["rests_on"]] == [second.content_sha256]


def test_claims_corrected_together_do_not_flag_each_other(world, chain):
    drafts = [make_approved(world, correction_of(world, version)) for version in chain]
    make_publication(world, *drafts)
    assert {(world.newest(draft).state, world.newest(draft).needs_attention) for draft in drafts} == {("published", "")}


def test_claim_that_others_rest_on_is_left_alone_when_one_of_those_goes(world, chain):
    operated, role = chain
    retract(actor=world.publisher, claim=role.claim, cause="It was his.", public_note="We retract this.")
    assert not world.newest(operated).needs_attention


def make_published_source(world):
    from_yearbook = make_source(world.case, world.author, world.editor, name="Yearbook")
    return make_text(world.case, world.author, "She headed the press service in 2024.", from_yearbook)


def test_draft_and_unrelated_claims_are_left_alone(world):
    draft = make_draft(world)
    role = make_role_draft(world, cited=False)
    add_citation(world, role, world.gazette_text, "head of the press service")
    submitted = make_submitted(world, role)
    withdraw(world)
    assert (world.newest(draft).state, world.newest(submitted).state) == ("draft", "submitted")


def test_flagged_claim_is_confirmed_with_a_reason(world):
    published = make_published(world)
    regrade(world)
    with pytest.raises(InvalidInput):
        confirm_standing(actor=world.editor, version=published, reason=" ")
    with pytest.raises(NotAllowed):
        confirm_standing(actor=world.author, version=published, reason="x")
    assert not confirm_standing(actor=world.editor, version=published, reason="The other one holds.").needs_attention


def test_no_word_of_an_editor_stands_in_for_an_origin_that_was_lost(world):
    published = make_published(world)
    withdraw(world)
    with pytest.raises(Conflict, match=r"G-07 Two independent origins.*correct the claim"):
        confirm_standing(actor=world.editor, version=published, reason="I still believe it.")
    assert world.newest(published).needs_attention


def test_whoever_wrote_what_is_corrected_does_not_review_the_correction(world):
    """A's text stays A's, whoever opens the correction and changes a comma."""
    published = make_published(world)
    add_member(actor=world.editor, case=world.case, user=world.author, role="editor")
    draft = correct(actor=world.checker, claim=published.claim, cause="A slip.", public_note="We corrected a slip.")
    draft = submit(actor=world.checker, version=draft)
    assert draft.author == world.checker
    with pytest.raises(NotAllowed, match="wrote part"):
        approve(actor=world.author, version=draft, content_sha256=draft.content_sha256)


def test_lawyer_who_signed_off_is_not_the_editor_who_approves(world):
    version = make_checked(world)
    add_member(actor=world.editor, case=world.case, user=world.lawyer, role="editor")
    with pytest.raises(NotAllowed, match="as a lawyer"):
        approve(actor=world.lawyer, version=version, content_sha256=version.content_sha256)


def test_editor_who_wrote_part_of_a_flagged_claim_does_not_confirm_it(world):
    draft, writer = make_draft(world), make_user()
    add_member(actor=world.editor, case=world.case, user=writer, role="editor")
    _add_a_word(world, writer, draft)
    published = make_published(world, world.newest(draft))
    regrade(world)
    with pytest.raises(NotAllowed, match="wrote part"):
        confirm_standing(actor=writer, version=published, reason="I know that it holds.")
    assert world.newest(published).needs_attention


# --- questions


def test_rivals_answer_the_same_question_differently(world):
    """PEERS 21."""
    one = make_draft(world)
    other = make_draft(world, object_person=make_person(case=world.case, actor=world.author, label="Somebody else"))
    same = make_draft(world)
    assert {rival.pk for rival in rivals_of(one)} == {other.pk}
    assert {rival.pk for rival in rivals_of(other)} == {one.pk, same.pk}


def test_claims_are_found_from_their_subject_and_their_evidence(world):
    version, role = make_draft(world), make_role_draft(world, cited=False)
    assert set(claims_about(world.person)) == {version, role}
    assert set(claims_about(world.account)) == {version}
    assert set(claims_about(world.committee)) == {role}
    assert set(citing(world.radio_text)) == {version}


def test_each_person_sees_whose_turn_it_is(world):
    def tasks() -> dict:
        people = {"author": world.author, "editor": world.editor, "publisher": world.publisher}
        return {name: [turn.task for turn in my_turn(person, most=9)] for name, person in people.items()}

    version = make_draft(world)
    assert tasks() == {"author": ["write"], "editor": [], "publisher": []}
    version = make_checked(world, version)
    assert tasks() == {"author": [], "editor": ["review"], "publisher": []}
    approve(actor=world.editor, version=version, content_sha256=version.content_sha256)
    assert tasks() == {"author": [], "editor": [], "publisher": ["publish"]}
    make_publication(world, world.newest(version))
    assert tasks() == {"author": [], "editor": [], "publisher": []}


def test_turns_are_counted_all_and_read_as_many_as_are_shown(world, django_assert_num_queries):
    made = [make_draft(world, cited=False) for _ in range(3)]
    assert [turn.version for turn in my_turn(world.author, most=2)] == made[:2]
    assert count_turns(world.author) == {world.case.pk: 3}
    assert count_turns(world.publisher) == {}
    # Rights, rows, and what stands in them: cases, authors, accounts, persons.
    with django_assert_num_queries(6):
        assert len(my_turn(world.author, most=9)) == 3
    with django_assert_num_queries(2):
        count_turns(world.author)


def test_gate_takes_the_same_number_of_queries_however_many_citations(world, django_assert_max_num_queries):
    version = make_draft(world)
    with django_assert_max_num_queries(28) as few:
        gate_report(world.newest(version))
    for quote in ("The account", "the picture", "suspended", "State Committee", "2014", "press service", "described"):
        add_citation(world, version, world.radio_text, quote)
    with django_assert_max_num_queries(28) as many:
        gate_report(world.newest(version))
    assert len(few) == len(many)


# --- the command line


def test_check_claim_says_what_is_missing(world, capsys):
    version = make_draft(world)
    with pytest.raises(SystemExit) as ended:
        call_command("check_claim", f"{world.case.ref}/C-1")
    assert ended.value.code == 1
    assert "MISSING G-70" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("check_claim", str(version.pk), "--json")
    assert not json.loads(capsys.readouterr().out)["passed"]
    make_approved(world, version)
    call_command("check_claim", str(version.claim_id))
    assert "lets it pass" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["NC-2024/C-99", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_check_claim_refuses_a_bad_address(world, address):
    with pytest.raises(CommandError) as caught:
        call_command("check_claim", address)
    assert caught.value.returncode == 2


def test_publish_releases_all_approved_claims(world, capsys):
    make_approved(world)
    call_command("publish", world.case.ref, "--title", "Accounts", "--json")
    assert json.loads(capsys.readouterr().out)["claims"] == 1
    assert Publication.objects.get().published_by == world.publisher


@pytest.mark.parametrize("arguments", [["--claims", "9"], ["--claims", "x"], ["--as", "nobody"], []])
def test_publish_refuses_bad_input(world, arguments):
    with pytest.raises(CommandError) as caught:
        call_command("publish", world.case.ref, *arguments)
    assert caught.value.returncode == 2
    assert not Publication.objects.exists()


def test_publish_names_a_case_that_does_not_exist(world):
    with pytest.raises(CommandError, match="There is no case NOPE") as caught:
        call_command("publish", "NOPE")
    assert caught.value.returncode == 2


def test_publish_says_what_the_gate_misses(world, capsys):
    version = make_approved(world)
    assert version.state == VersionState.APPROVED
    world.person.label = "Esmira Khahil"
    world.person.save()
    with pytest.raises(SystemExit) as ended:
        call_command("publish", world.case.ref, "--claims", "C-1")
    assert ended.value.code == 1
    assert "G-72" in capsys.readouterr().out
    assert not Publication.objects.exists()
