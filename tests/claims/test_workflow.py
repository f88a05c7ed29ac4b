"""No walk through the workflow, however odd, releases what the record does not support."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from cases.exceptions import CaseworkError, Conflict
from claims import workflow
from claims.actions.citations import cite, remove_citation
from claims.actions.corrections import correct, retract
from claims.actions.drafts import edit_version
from claims.actions.gate import grant_exception
from claims.actions.publications import publish
from claims.actions.reviews import approve, reopen, request_changes, submit
from claims.canonical import content_of
from claims.enums import ReviewStage, Verdict, VersionState
from claims.gate import circumstances
from claims.models import Claim, ClaimVersion, GateEvaluation, PublishedVersion, Review
from claims.waivers import standing_exceptions
from evidence.actions.items import restore_item, withdraw_item
from evidence.actions.sources import grade_source
from tests.factories.claims import World, make_approved, make_draft


class Walk:
    """One claim, and what people may try to do with it; refusals are part of the walk."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.claim: Claim = make_draft(world).claim
        self.count = 0

    @property
    def newest(self) -> ClaimVersion:
        return self.world.newest(self.claim.versions.latest("number"))

    def approve(self, person: str, stage: str) -> None:
        approve(
            actor=getattr(self.world, person),
            version=self.newest,
            content_sha256=self.newest.content_sha256,
            stage=stage,
        )

    def edit(self, person: str) -> None:
        self.count += 1
        edit_version(
            actor=getattr(self.world, person),
            version=self.newest,
            expected_version=self.newest.edit_version,
            changes={"scope_note": f"Edit {self.count}."},
        )

    def submit(self) -> None:
        submit(actor=self.world.author, version=self.newest)

    def reopen(self) -> None:
        reopen(actor=self.world.author, version=self.newest)

    def return_to_author(self) -> None:
        request_changes(actor=self.world.checker, version=self.newest, comment="Again.")

    def strip(self) -> None:
        if citation := self.newest.citations.first():
            remove_citation(actor=self.world.author, citation=citation)

    def cite(self) -> None:
        cite(actor=self.world.author, version=self.newest, item=self.world.radio_text, exact="@esmirak was suspended")

    def withdraw(self) -> None:
        withdraw_item(actor=self.world.editor, item=self.world.gazette_text, reason="Forged.")

    def restore(self) -> None:
        restore_item(actor=self.world.editor, item=self.world.gazette_text, reason="Not forged.")

    def regrade(self) -> None:
        self.count += 1
        letter = "BCDE"[self.count % 4]
        grade_source(actor=self.world.editor, source=self.world.radio, reliability=letter, rationale="Looked again.")

    def grant(self, person: str) -> None:
        grant_exception(
            actor=getattr(self.world, person),
            version=self.newest,
            rule="G-75",
            reason="The platform shows no status to strangers, and nobody asked.",
        )

    def publish(self) -> None:
        publish(actor=self.world.publisher, case=self.world.case, versions=[self.newest], title="T")

    def correct(self) -> None:
        correct(actor=self.world.author, claim=self.claim, cause="Wrong.", public_note="We were wrong.")

    def retract(self) -> None:
        retract(actor=self.world.publisher, claim=self.claim, cause="Wrong.", public_note="We were wrong.")


STEPS: dict[str, Callable[[Walk], None]] = {
    name: getattr(Walk, name)
    for name in (
        "submit", "reopen", "return_to_author", "strip", "cite", "withdraw", "restore", "regrade", "publish", "correct",
        "retract",
    )
}  # fmt: skip
STEPS |= {
    f"{stage} by {person}": lambda walk, person=person, stage=stage: walk.approve(person, stage)
    for stage in (ReviewStage.FACT_CHECK, ReviewStage.EDITOR)
    for person in ("author", "checker", "editor")
}
STEPS |= {f"edit by {person}": lambda walk, person=person: walk.edit(person) for person in ("author", "editor")}
STEPS |= {f"grant by {person}": lambda walk, person=person: walk.grant(person) for person in ("checker", "editor")}
# The way that leads on is tried often, so that walks get far enough for something to go wrong.
ONWARD = ["submit", "fact_check by checker", "editor by editor", "publish"]
WALKS = st.lists(st.one_of(st.just(ONWARD), st.sampled_from(sorted(STEPS)).map(lambda step: [step])), max_size=8)


def check_invariants(walk: Walk) -> None:
    for found in walk.claim.versions.filter(state__in=("approved", "published")):
        version = walk.world.newest(found)
        approvals = Review.objects.filter(
            version=version, verdict=Verdict.APPROVED, content_sha256=version.content_sha256
        ).values_list("reviewed_by", "stage")
        people = {person for person, _ in approvals}
        writers = {version.author_id, version.submitted_by_id, *version.contributors}
        assert not people & writers, "a writer approved"
        assert len(people) >= 2, "one person counted twice"
        granters = {one.decided_by_id for one in standing_exceptions([version])}
        assert not granters & {person for person, stage in approvals if stage == ReviewStage.EDITOR}, "approved alone"
        assert {stage for _, stage in approvals} >= {ReviewStage.EDITOR, ReviewStage.FACT_CHECK}
        runs = GateEvaluation.objects.filter(version=version, content_sha256=version.content_sha256)
        assert runs.filter(passed=True).exists(), "released without a passing gate"
        assert version.citations.filter(verified=True, stance="supports").exists(), "released without a citation"
        if content_of(version) != bytes(version.content):
            assert version.state == VersionState.PUBLISHED, "an approval outlived its content"
            assert version.needs_attention, "a published claim changed its ground unflagged"
        if version.state == VersionState.PUBLISHED:
            entry = PublishedVersion.objects.get(version=version)
            assert entry.content_sha256 == version.content_sha256
    assert walk.claim.versions.filter(state="published").count() <= 1
    connection.check_constraints()


@pytest.mark.django_db
@given(WALKS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_walk_releases_what_the_record_does_not_support(world, walks):
    with transaction.atomic():
        walk = Walk(world)
        for name in [step for part in walks for step in part]:
            with suppress(CaseworkError), transaction.atomic():
                STEPS[name](walk)
            check_invariants(walk)
        transaction.set_rollback(True)
    for row in (world.radio, world.radio_text, world.gazette_text):
        row.refresh_from_db()


# --- the table itself


@pytest.mark.parametrize("state", list(VersionState))
def test_each_state_says_whose_turn_it_is_and_what_leads_on(state):
    assert state in workflow.TURN
    assert set(workflow.allowed(state).values()) <= set(VersionState)
    assert bool(workflow.allowed(state)) or workflow.TURN[state] == workflow.NOBODY


@pytest.mark.parametrize("state", list(VersionState))
@pytest.mark.parametrize("step", ["submit", "approve", "request_changes", "reopen", "publish", "correct", "retract"])
def test_step_leads_where_the_table_says_or_is_refused_in_words(state, step):
    target = workflow.TRANSITIONS[state].get(step)
    if target:
        assert workflow.check_step(state, step) == target
    else:
        with pytest.raises(Conflict, match=f"that is {state.label.lower()} cannot be"):
            workflow.check_step(state, step)


def test_page_about_the_states_is_what_the_code_says():
    page = Path(__file__).resolve().parents[2] / "docs" / "claim-states.md"
    assert page.read_text(encoding="utf-8") == workflow.as_markdown(), "manage.py claim_states > docs/claim-states.md"


def test_publishing_waits_while_the_log_is_not_signed(world, monkeypatch):
    """F29."""
    version = make_approved(world)
    monkeypatch.setattr(circumstances, "LONGEST_UNSEALED", timedelta(0))
    assert Event.objects.earliest("pk").recorded_at < timezone.now()
    with pytest.raises(Conflict, match="not been signed"):
        publish(actor=world.publisher, case=world.case, versions=[version], title="T")
