"""No path releases an uncited or unreviewed claim: each way in, and each way round, is refused by PostgreSQL itself."""

import hashlib
import json
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit.models import Event
from cases.exceptions import Conflict
from cases.models import Membership
from claims.actions.corrections import correct
from claims.actions.publications import publish
from claims.enums import VersionState
from claims.models import (
    Citation,
    CitationReview,
    ClaimLink,
    ClaimVersion,
    Correction,
    GateEvaluation,
    Publication,
    PublishedVersion,
    Review,
)
from claims.shapes import ATTRIBUTIONS
from claims.workflow import TRANSITIONS
from evidence.seals import seal_row
from tests.factories.claims import (
    make_approved,
    make_checked,
    make_draft,
    make_published,
    make_role_draft,
    make_submitted,
    make_world,
)
from tests.factories.users import make_user

PUBLIC = (VersionState.APPROVED, VersionState.PUBLISHED)
with_commits = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])


@contextmanager
def raises_refusal(why: str = ""):
    """The block, or the commit after it, is refused by the database."""
    # What was done before is judged by the walls as it was then.
    connection.check_constraints()
    caught = None
    try:
        with transaction.atomic():
            yield
            connection.check_constraints()
    except DatabaseError as error:
        caught = error
    assert caught is not None, "the database let it pass"
    assert why in str(caught)
    assert caught.__cause__.sqlstate[:2] in ("23", "42")


def sql(statement: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def uncited(world) -> ClaimVersion:
    """A submitted version without a citation."""
    return make_submitted(world, make_draft(world, cited=False))


def shown_of(version: ClaimVersion) -> dict:
    """The part of a snapshot that shows one version."""
    shown = {
        "version_id": str(version.pk),
        "content_sha256": version.content_sha256,
        "public_text": version.public_text,
        "content": json.loads(bytes(version.content)),
    }
    return {"claims": [shown]}


def forged_publication(version: ClaimVersion) -> Publication:
    """A publication whose snapshot shows a version that nobody approved."""
    snapshot = json.dumps(shown_of(version)).encode()
    return Publication.objects.create(
        case=version.case,
        number=99,
        title="Forged",
        snapshot=snapshot,
        snapshot_sha256=hashlib.sha256(snapshot).hexdigest(),
        published_by=version.author,
    )


# --- seven ways, seven refusals


def test_uncited_claim_is_refused_by_the_forms(world, client):
    version = uncited(world)
    base = f"/cases/{world.case.ref}/"
    client.force_login(world.editor)
    form = {"verdict": "approve", "stage": "editor", "content_sha256": version.content_sha256}
    assert client.post(f"{base}desk/1/review/", form).status_code == 409
    client.force_login(world.publisher)
    client.post(f"{base}publications/new/", {"title": "T", "claims": [str(version.pk), "1"]})
    assert world.newest(version).state == VersionState.SUBMITTED
    assert not Publication.objects.exists()


def test_uncited_claim_is_refused_by_action_and_command(world):
    version = uncited(world)
    with pytest.raises(Conflict):
        publish(actor=world.publisher, case=world.case, versions=[version], title="T")
    with pytest.raises(CommandError):
        call_command("publish", world.case.ref, "--claims", "1")
    assert world.newest(version).state == VersionState.SUBMITTED


def test_uncited_claim_is_refused_by_the_api(world, api):
    uncited(world)
    base = f"/api/v1/cases/{world.case.ref}/"
    version = ClaimVersion.objects.get()
    approval = api(world.editor).post(f"{base}claims/1/approve/", {"content_sha256": version.content_sha256})
    publication = api(world.publisher).post(f"{base}publications/", {"title": "T", "claims": [1]})
    assert (approval.status_code, publication.status_code) == (409, 409)
    assert not PublishedVersion.objects.exists()


def test_uncited_claim_is_refused_by_the_admin_site(world, client):
    version = uncited(world)
    root = make_user("root", is_staff=True, is_superuser=True)
    client.force_login(root)
    for path in (f"/admin/claims/claimversion/{version.pk}/change/", "/admin/claims/claimversion/add/"):
        answer = client.post(path, {"state": "published"})
        assert answer.status_code in (403, 404)
    assert world.newest(version).state == VersionState.SUBMITTED


@pytest.mark.parametrize("state", PUBLIC)
def test_uncited_claim_is_refused_by_bulk_create(world, state):
    claim = uncited(world).claim
    content = b"{}"
    with raises_refusal("begins as a draft"):
        ClaimVersion.objects.bulk_create(
            [
                ClaimVersion(
                    case=world.case,
                    claim=claim,
                    number=2,
                    state=state,
                    author=world.author,
                    content=content,
                    content_sha256=hashlib.sha256(content).hexdigest(),
                )
            ]
        )


@pytest.mark.parametrize("state", PUBLIC)
def test_uncited_claim_is_refused_by_save(world, state):
    version = uncited(world)
    version.state = state
    with raises_refusal():
        version.save()


@pytest.mark.parametrize("state", PUBLIC)
def test_uncited_claim_is_refused_by_queryset_update(world, state):
    version = uncited(world)
    with raises_refusal():
        ClaimVersion.objects.filter(pk=version.pk).update(state=state)


@pytest.mark.parametrize("state", PUBLIC)
def test_uncited_claim_is_refused_by_raw_sql_as_the_web_role(world, state):
    version = uncited(world)
    with raises_refusal():
        sql("UPDATE claims_claimversion SET state = %s WHERE id = %s", state, version.pk)


@with_commits
def test_raw_sql_in_a_session_of_its_own_is_refused_at_commit(transactional_world, web_connection):
    world = transactional_world
    version = make_submitted(world, make_draft(world, cited=False))
    with pytest.raises(psycopg.errors.CheckViolation, match="only with a citation"):
        web_connection.execute("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", [version.pk])
    assert world.newest(version).state == VersionState.SUBMITTED


def test_step_by_step_forgery_of_an_uncited_claim_is_refused(world):
    """An insider writes the review and the run of the gate too: the citation is still missing."""
    version = uncited(world)
    with raises_refusal("only with a citation"):
        forge_approval(version, world.editor, run_by=world.editor)


def forge_review(version: ClaimVersion, reviewer, *, sealed: bool = True, **fields) -> Review:
    """A review that nobody gave, by somebody who has stolen the key of the seals unless told otherwise."""
    values = {
        "case": version.case,
        "version": version,
        "author": version.author,
        "verdict": "approved",
        "content_sha256": version.content_sha256,
        "reviewed_by": reviewer,
    }
    review = Review(**(values | fields))
    if sealed:
        seal_row(review)
    review.save(force_insert=True)
    return review


def forge_run(version: ClaimVersion, person, *, sealed: bool = True, **fields) -> GateEvaluation:
    """A run of the gate that never happened; see `forge_review`."""
    values = {
        "case": version.case,
        "version": version,
        "content_sha256": version.content_sha256,
        "gate_version": "1",
        "inputs_sha256": "0" * 64,
        "results": [{"rule": "G-01", "blocks": False}],
        "passed": True,
        "evaluated_by": person,
    }
    run = GateEvaluation(**(values | fields))
    if sealed:
        seal_row(run)
    run.save(force_insert=True)
    return run


def forge_approval(version: ClaimVersion, reviewer, *, run_by) -> None:
    """All that approving writes, straight into the tables: a review, a run of the gate, and the state."""
    forge_review(version, reviewer)
    forge_run(version, run_by)
    sql("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", version.pk)


# --- approval


def test_cited_claim_without_a_review_is_refused(world):
    version = make_submitted(world)
    with raises_refusal("somebody else approved"):
        forge_run(version, world.editor)
        sql("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", version.pk)


def test_cited_claim_with_a_fact_check_only_is_refused(world):
    version = make_checked(world)
    with raises_refusal("somebody else approved"):
        forge_run(version, world.editor)
        sql("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", version.pk)


def test_reviewed_claim_without_a_run_of_the_gate_is_refused(world):
    version = make_submitted(world)
    with raises_refusal("the gate lets exactly this content pass"):
        forge_review(version, world.editor)
        sql("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", version.pk)


def test_reviewed_claim_with_a_refusing_run_is_refused(world):
    version = make_submitted(world)
    with raises_refusal("the gate lets exactly this content pass"):
        forge_review(version, world.editor)
        forge_run(version, world.editor, passed=False, results=[{"rule": "G-01", "blocks": True}])
        sql("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", version.pk)


def test_run_that_does_not_follow_from_its_results_is_refused(world):
    version = make_submitted(world)
    with raises_refusal("follows from its results"):
        forge_run(version, world.editor, passed=True, results=[{"rule": "G-01", "blocks": True}])
    with raises_refusal("follows from its results"):
        forge_run(version, world.editor, results=[])
    with raises_refusal("bound to the content"):
        forge_run(version, world.editor, content_sha256="0" * 64)


def test_review_by_the_author_is_refused(world):
    version = make_submitted(world)
    with raises_refusal():
        forge_review(version, world.author)


def test_review_that_names_another_author_is_refused(world):
    version = make_submitted(world)
    with raises_refusal("names the author"):
        forge_review(version, world.editor, author=world.checker)


def test_review_by_somebody_who_wrote_part_of_it_is_refused(world):
    version = make_draft(world)
    sql(
        "UPDATE claims_claimversion SET contributors = array_append(contributors, %s) WHERE id = %s",
        world.editor.pk,
        version.pk,
    )
    version = make_submitted(world, version)
    with raises_refusal("nobody reviews what they wrote"):
        forge_review(version, world.editor)


def test_review_by_somebody_who_is_no_editor_of_the_case_is_refused(world):
    version = make_submitted(world)
    for outsider in (world.publisher, make_user()):
        with raises_refusal("only an editor"):
            forge_review(version, outsider)
    Membership.objects.filter(user=world.editor).delete()
    with raises_refusal("only an editor"):
        forge_review(version, world.editor)


def test_review_of_another_content_is_refused(world):
    version = make_submitted(world)
    with raises_refusal("bound to the content"):
        forge_review(version, world.editor, content_sha256="0" * 64)


def test_review_of_a_draft_is_refused(world):
    version = make_draft(world)
    with raises_refusal():
        forge_review(version, world.editor)


def test_approval_does_not_outlive_a_change_through_raw_sql(world):
    """Back to draft, another text, and forward again with the old review: the hash is another one."""
    version = make_approved(world)
    with raises_refusal():
        sql("UPDATE claims_claimversion SET state = 'draft' WHERE id = %s", version.pk)
        sql(
            "UPDATE claims_claimversion SET state = 'submitted', public_text = 'Something else.' WHERE id = %s",
            version.pk,
        )
        sql("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", version.pk)


# --- approved, then stripped


STRIPPINGS = {
    "citation deleted": "DELETE FROM claims_citation WHERE version_id = %s",
    "citation reworded": "UPDATE claims_citation SET exact = 'Other words' WHERE version_id = %s",
    "citation turned round": "UPDATE claims_citation SET stance = 'contradicts' WHERE version_id = %s",
    "citation regraded": "UPDATE claims_citation SET credibility = '1' WHERE version_id = %s",
    "text changed": "UPDATE claims_claimversion SET public_text = 'Other words' WHERE id = %s",
    "likelihood changed": "UPDATE claims_claimversion SET likelihood = 'almost_certain' WHERE id = %s",
    "content replaced": "UPDATE claims_claimversion SET content = '{}', content_sha256 = encode(sha256('{}'), 'hex') "
    "WHERE id = %s",
    "hash replaced": "UPDATE claims_claimversion SET content_sha256 = repeat('0', 64) WHERE id = %s",
    "author changed": "UPDATE claims_claimversion SET author_id = submitted_by_id, number = 7 WHERE id = %s",
    "writers forgotten": "UPDATE claims_claimversion SET contributors = '{}' WHERE id = %s",
    "review deleted": "DELETE FROM claims_review WHERE version_id = %s",
    "review reworded": "UPDATE claims_review SET comment = 'x' WHERE version_id = %s",
    "run deleted": "DELETE FROM claims_gateevaluation WHERE version_id = %s",
    "run rewritten": "UPDATE claims_gateevaluation SET passed = true, gate_version = '2' WHERE version_id = %s",
    "version deleted": "DELETE FROM claims_claimversion WHERE id = %s",
}


@pytest.mark.parametrize("state", ["submitted", "approved", "published"])
def test_frozen_claim_is_not_stripped(world, state, subtests):
    version = {"submitted": make_checked, "approved": make_approved, "published": make_published}[state](world)
    if state == "submitted":
        forge_run(version, world.editor)
    for way, statement in STRIPPINGS.items():
        with subtests.test(way), raises_refusal():
            sql(statement, version.pk)


def test_citation_cannot_be_added_to_a_frozen_version(world):
    version = make_approved(world)
    other = make_role_draft(world)
    with raises_refusal("frozen"):
        Citation.objects.create(
            case=world.case, version=version, item=world.radio_text, exact="x", added_by=world.author
        )
    with raises_refusal("frozen"):
        Citation.objects.filter(version=other).update(version=version)
    with raises_refusal("frozen"):
        Citation.objects.filter(version=version).update(version=other)


def test_link_cannot_be_added_to_a_frozen_version(world):
    version, other = make_approved(world), make_role_draft(world)
    with raises_refusal("frozen"):
        ClaimLink.objects.create(case=world.case, composite=version, component=other.claim)


EVIDENCE_GONE = {
    "item withdrawn": "UPDATE evidence_item SET state = 'withdrawn'",
    "text read for others only": "UPDATE evidence_item SET readings = '[]'",
    "copy found changed": "UPDATE evidence_blob SET fixity = 'changed'",
}


def publish_by_hand(version: ClaimVersion) -> None:
    """All the rows that publishing would write, with a run of the gate that never happened."""
    forge_run(version, version.author)
    PublishedVersion.objects.create(
        case=version.case,
        publication=forged_publication(version),
        version=version,
        content_sha256=version.content_sha256,
    )
    sql("UPDATE claims_claimversion SET state = 'published' WHERE id = %s", version.pk)


@pytest.mark.parametrize("way", EVIDENCE_GONE)
def test_approved_claim_whose_evidence_went_by_raw_sql_is_not_published(world, way):
    version = make_approved(world)
    connection.check_constraints()
    sql(EVIDENCE_GONE[way])
    with raises_refusal("only with a citation"):
        publish_by_hand(version)


@with_commits
def test_approved_claim_whose_text_an_administrator_removed_is_not_published(transactional_world, insider):
    version = make_approved(transactional_world)
    insider.execute("DELETE FROM evidence_textlayer")
    with raises_refusal("only with a citation"):
        publish_by_hand(version)


@with_commits
def test_approved_claim_with_a_citation_that_an_administrator_removed_is_not_published(transactional_world, insider):
    version = make_approved(transactional_world)
    insider.execute("DELETE FROM claims_citation")
    with raises_refusal("what its rows say"):
        publish_by_hand(version)


# --- publication


def test_approved_claim_is_not_published_without_a_publication(world):
    version = make_approved(world)
    with raises_refusal("part of a publication"):
        sql("UPDATE claims_claimversion SET state = 'published' WHERE id = %s", version.pk)


def test_publication_holds_published_claims_only(world):
    version = make_approved(world)
    with raises_refusal("published claims only"):
        PublishedVersion.objects.create(
            case=world.case,
            publication=forged_publication(version),
            version=version,
            content_sha256=version.content_sha256,
        )


def test_publication_with_a_wrong_hash_is_refused(world):
    with raises_refusal():
        Publication.objects.create(
            case=world.case, number=1, title="T", snapshot=b"{}", snapshot_sha256="0" * 64, published_by=world.publisher
        )


@pytest.mark.parametrize("model", [Publication, PublishedVersion, Review, GateEvaluation])
def test_written_once_rows_are_never_changed(world, model):
    make_published(world)
    with raises_refusal("never change"):
        model.objects.update(case=world.case)
    with raises_refusal("never change"):
        sql(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("model", [Correction, CitationReview])
def test_append_only_tables_have_their_trigger(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'audit_append_only'",
            [model._meta.db_table],
        )
        assert cursor.fetchone()[0] == 1


# --- the rest of the walls


def test_states_change_only_along_the_workflow(db):
    allowed = {(state, target) for state, steps in TRANSITIONS.items() for target in steps.values()}
    with connection.cursor() as cursor:
        for before in VersionState:
            for after in VersionState:
                cursor.execute("SELECT claims_step_allowed(%s, %s)", [before, after])
                assert cursor.fetchone()[0] == ((before, after) in allowed), (before, after)


def test_rows_of_two_cases_are_not_mixed(world):
    version, foreign = make_draft(world), make_world().radio_text
    with raises_refusal("own case"):
        Citation.objects.create(case=world.case, version=version, item=foreign, exact="x", added_by=world.author)
    with raises_refusal("belongs to its case"):
        Citation.objects.create(case=foreign.case, version=version, item=foreign, exact="x", added_by=world.author)


@with_commits
def test_change_by_raw_sql_leaves_an_event(transactional_world, web_connection):
    """A72: what is not refused is at least recorded, with the login that did it."""
    version = make_draft(transactional_world)
    web_connection.execute("UPDATE claims_claimversion SET scope_note = 'by hand' WHERE id = %s", [version.pk])
    event = Event.objects.filter(action="row_changed", object=f"claimversion:{version.pk}").latest("id")
    assert event.actor.startswith("db:")


@with_commits
def test_web_role_cannot_switch_the_walls_off(transactional_world, web_connection):
    for statement in (
        "ALTER TABLE claims_claimversion DISABLE TRIGGER ALL",
        "DROP TRIGGER claims_release ON claims_claimversion",
        "TRUNCATE claims_citation CASCADE",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION claims_step_allowed(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web_connection.execute(statement)


# --- what rows may not hide


def test_operator_in_words_is_refused_whatever_the_gate_was_told(world):
    draft = make_draft(world, object_person=None, object_text="Jean Dupont of Lyon")
    version = make_submitted(world, draft)
    with raises_refusal("released as a record, not as words"):
        forge_approval(version, world.editor, run_by=world.editor)


@pytest.mark.parametrize("predicate", sorted(ATTRIBUTIONS - {"account_operated_by"}))
def test_whoever_is_blamed_in_words_waits_for_the_lawyer(world, predicate):
    subject = (
        {"subject_text": "The campaign"}
        if predicate.startswith("campaign")
        else {"subject_organisation": world.committee}
    )
    ends = {"subject_account": None, "object_person": None, "object_text": "the bureau"} | subject
    text = "It is very likely that the bureau stands behind this."
    version = make_submitted(world, make_draft(world, predicate=predicate, public_text=text, **ends))
    with raises_refusal("what blames somebody in words"):
        forge_approval(version, world.editor, run_by=world.editor)


def test_version_that_replaces_one_names_everybody_who_wrote_that_one(world):
    published = make_published(world)
    heir = correct(actor=world.checker, claim=published.claim, cause="The year.", public_note="We said 2015.")
    assert {world.author.pk, world.checker.pk} <= set(heir.contributors)
    copied = {field.attname: getattr(heir, field.attname) for field in ClaimVersion._meta.concrete_fields}
    heir.delete()
    for forgotten in ([], [world.checker.pk]):
        with raises_refusal("names everybody who wrote that one"):
            ClaimVersion(**copied | {"contributors": forgotten}).save(force_insert=True)
    ClaimVersion(**copied).save(force_insert=True)
