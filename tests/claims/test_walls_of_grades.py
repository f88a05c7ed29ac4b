"""Even under a stolen seal a forged run is not believed: PostgreSQL computes again what the rules ask of the rows."""

import pytest

from claims.actions.citations import cite
from claims.actions.reviews import submit
from claims.models import ClaimVersion
from evidence.actions.origin_groups import join_sources
from evidence.actions.sources import create_source
from tests.claims.test_walls import forge_review, forge_run, raises_refusal, sql
from tests.factories.claims import add_citation, make_approved, make_draft, make_role_draft, make_text


def release_by_hand(version: ClaimVersion, editor) -> None:
    """What the application's role can write: a review, a run that names one rule, and the state."""
    forge_review(version, editor)
    forge_run(version, editor)
    sql("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", version.pk)


def raises_refusal_of(world, draft: ClaimVersion, why: str) -> None:
    version = submit(actor=world.author, version=draft)
    with raises_refusal(why):
        release_by_hand(version, world.editor)


def test_honest_approval_still_passes(world):
    assert make_approved(world).state == "approved"
    assert make_approved(world, make_role_draft(world)).state == "approved"


@pytest.mark.parametrize(
    "field",
    [
        "likelihood",
        "analytic_confidence",
        "public_text",
        "confidence_information_base",
        "confidence_rigour",
        "confidence_volatility",
    ],
)
def test_claim_without_its_judgement_is_refused(world, field):
    raises_refusal_of(world, make_draft(world, **{field: ""}), "its likelihood and a confidence")


def test_claim_with_an_ungraded_citation_is_refused(world):
    draft = make_draft(world)
    cite(actor=world.author, version=draft, item=world.radio_text, exact="A 2014 news report", access="first_hand")
    raises_refusal_of(world, draft, "is graded, with a reason")


def test_claim_on_an_ungraded_source_is_refused(world):
    source = create_source(actor=world.author, case=world.case, name="Another paper", kind="news")
    text = make_text(world.case, world.author, "Another paper says so too.", source)
    draft = make_draft(world)
    add_citation(world, draft, text, "Another paper says so too.")
    raises_refusal_of(world, draft, "is graded, with a reason")


def test_claim_on_an_undated_exhibit_is_refused(world):
    draft = make_draft(world)
    sql("UPDATE evidence_item SET published_at = NULL, no_date_reason = '' WHERE id = %s", world.radio_text.pk)
    raises_refusal_of(world, draft, "a title and a date")


def test_operator_on_one_origin_is_refused(world):
    draft = make_draft(world)
    join_sources(actor=world.editor, sources=[world.radio, world.gazette], reason="One repeats the other.")
    raises_refusal_of(world, draft, "two independent origins")


def test_operator_shown_by_one_passage_is_refused(world):
    draft = make_draft(world, cited=False)
    add_citation(world, draft, world.radio_text, "The radio linked it to Esmira Xalil")
    sql(
        "UPDATE claims_claimversion SET single_source_label = true, single_source_by_id = %s, single_source_reason = %s"
        " WHERE id = %s",
        world.checker.pk,
        "x" * 40,
        draft.pk,
    )
    draft.refresh_from_db()
    raises_refusal_of(world, draft, "two links, one of them from outside")


@pytest.mark.parametrize(
    ("granter", "why"),
    [
        ("author", "nobody lets a single source suffice for what they wrote"),
        ("editor", "whoever granted an exception does not give the approval"),
    ],
)
def test_single_source_let_by_a_writer_or_by_whoever_approves_is_refused(world, granter, why):
    draft = make_draft(world)
    sql(
        "UPDATE claims_claimversion SET single_source_label = true, single_source_by_id = %s WHERE id = %s",
        getattr(world, granter).pk,
        draft.pk,
    )
    draft.refresh_from_db()
    raises_refusal_of(world, draft, why)


def test_operator_shown_by_the_account_itself_is_refused(world):
    draft = make_draft(world)
    sql("UPDATE claims_citation SET access = 'self' WHERE version_id = %s", draft.pk)
    raises_refusal_of(world, draft, "two links, one of them from outside")


@pytest.mark.parametrize("field", ["role_title", "as_of"])
def test_role_without_title_or_date_is_refused(world, field):
    raises_refusal_of(
        world, make_role_draft(world, **{field: None if field == "as_of" else ""}), "its title and a date"
    )
