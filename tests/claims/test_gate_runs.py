"""Stored runs repeat from their inputs; a warning stands only by an editor's sealed decision on this content."""

import json
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.ids import uuid7
from cases.actions.policies import set_case_policy
from cases.exceptions import Conflict, InvalidInput, NotAllowed
from cases.models import Case
from cases.policies import house_thresholds, thresholds_of
from claims.actions.drafts import edit_version
from claims.actions.gate import allow_single_source, grant_exception, run_gate, withdraw_exception
from claims.actions.gate_of_case import ask_gate_of_case, run_batch, versions_to_judge
from claims.actions.reviews import approve, reopen, submit
from claims.dossier.summary import exceptions
from claims.gate import registry
from claims.gate.evaluation import EXCEPTED, FAILED, judge
from claims.gate.loading import load_facts
from claims.gate.replay import replay, thaw
from claims.harm.names import names_of
from claims.harm.payload import found_in
from claims.models import ClaimVersion, GateEvaluation, GateException
from claims.queries import run_as_of
from evidence.seals import seal_row
from tests.claims.facts import account, claim, exception
from tests.claims.test_rules import MEETS, MISSES
from tests.claims.test_walls import raises_refusal, sql
from tests.evidence.conftest import run_jobs
from tests.factories.cases import make_case
from tests.factories.claims import make_approved, make_checked, make_draft, make_submitted
from tests.factories.subjects import make_account, make_person

WHY = "The platform shows no status to strangers, and nobody asked for it in 2024."
EVERY_CASE = [facts for table in (MEETS, MISSES) for cases in table.values() for facts in cases]


def warned(world) -> ClaimVersion:
    """A submitted claim that meets every rule that blocks, about an account whose status nobody observed (G-75)."""
    unseen = make_account(case=world.case, actor=world.author, handle="unseen", status="unknown")
    return make_submitted(world, make_draft(world, subject_account=unseen))


def answer(run: GateEvaluation, rule: str) -> tuple[str, bool]:
    return next((entry["verdict"], entry["blocks"]) for entry in run.results if entry["rule"] == rule)


# --- repeated from its inputs


def test_facts_of_every_case_of_every_rule_come_back_from_their_inputs():
    for facts in EVERY_CASE:
        again = thaw(facts.inputs())
        assert again == facts
        assert judge(again).as_dicts() == judge(facts).as_dicts()


def test_stored_run_holds_the_inputs_of_its_hash_and_answers_again_as_it_did(world):
    run = run_gate(actor=world.author, version=make_submitted(world))
    run.refresh_from_db()
    assert thaw(bytes(run.inputs)).inputs_sha256() == run.inputs_sha256
    repeated = replay(run)
    assert len(repeated) == len(run.results)
    assert all(one.agrees and one.same_rule and not one.is_broken for one in repeated)


def test_run_is_repeated_with_what_it_saw_and_not_with_what_is_there_now(world):
    version = make_submitted(world)
    run_gate(actor=world.author, version=version)
    reopened = reopen(actor=world.author, version=version)
    edit_version(
        actor=world.author, version=reopened, expected_version=reopened.edit_version, changes={"public_text": ""}
    )
    run = run_as_of(version.claim, None)
    assert {one.now for one in replay(run) if one.rule == "G-40"} == {"passed"}


def test_rule_that_answers_otherwise_without_a_new_version_is_found(world, monkeypatch):
    run = run_gate(actor=world.author, version=make_submitted(world))
    rule = registry.rule_named("G-01")
    monkeypatch.setattr(type(rule), "applies", lambda self, facts: False)
    changed = {one.rule: one for one in replay(run) if not one.agrees}
    assert set(changed) == {"G-01"}
    assert changed["G-01"].is_broken
    monkeypatch.setattr(type(rule), "version", 9)
    assert not any(one.is_broken for one in replay(run))


def test_rule_that_is_gone_gives_no_answer(world, monkeypatch):
    run = run_gate(actor=world.author, version=make_submitted(world))
    monkeypatch.delitem(registry._RULES, "G-75")
    gone = next(one for one in replay(run) if one.rule == "G-75")
    assert (gone.now, gone.same_rule, gone.is_broken) == ("", False, False)


def test_run_as_of_a_day_is_the_last_one_up_to_its_end(world):
    version = make_submitted(world)
    run = run_gate(actor=world.author, version=version)
    today = timezone.now().date()
    assert run_as_of(version.claim, today) == run
    assert run_as_of(version.claim, today - timedelta(days=1)) is None
    assert run_as_of(version.claim, date(9998, 1, 1)) == run


def test_inputs_of_another_hash_are_refused(world):
    run = run_gate(actor=world.author, version=make_submitted(world))
    run.pk, run.inputs = uuid7(), b"{}"
    with raises_refusal("claims_inputs_have_their_hash"):
        seal_row(run).save(force_insert=True)


def test_command_repeats_a_case_and_says_what_differs(world, monkeypatch):
    run_gate(actor=world.author, version=make_submitted(world))
    out = StringIO()
    call_command("replay_gate", world.case.ref, stdout=out)
    assert "Every unchanged rule answers as it did." in out.getvalue()
    call_command("replay_gate", world.case.ref, "--as-of", "2001-01-01", "--claim", "1", stdout=out)
    assert "has no run by then" in out.getvalue()
    monkeypatch.setattr(type(registry.rule_named("G-01")), "applies", lambda self, facts: False)
    with pytest.raises(SystemExit):
        call_command("replay_gate", world.case.ref, stdout=out)
    assert "G-01 answered passed, answers not_applicable" in out.getvalue()


@pytest.mark.parametrize("arguments", [["NEVER-1"], ["{ref}", "--claim", "99"]])
def test_command_names_what_there_is_not(world, arguments):
    with pytest.raises(CommandError, match="there is no"):
        call_command("replay_gate", *(each.format(ref=world.case.ref) for each in arguments))


# --- exceptions


def test_excepted_warning_neither_blocks_nor_warns():
    facts = claim(policy="strict", accounts=(account(statuses=()),))
    assert [entry.rule.id for entry in judge(facts).missing] == ["G-75"]
    granted = replace(facts, exceptions=(exception("G-75", "checker"),))
    assert judge(granted).passed
    assert judge(granted).warnings == ()
    blocked = replace(granted, exceptions=(exception("G-40", "checker"),), public_text="")
    assert "G-40" in [entry.rule.id for entry in judge(blocked).missing]


def test_exception_lets_a_strict_case_pass_until_it_is_taken_back(world):
    set_case_policy(actor=world.editor, case=world.case, level="strict", reason="This one goes to court.")
    version = warned(world)
    assert answer(run_gate(actor=world.author, version=version), "G-75") == (FAILED, True)
    grant_exception(actor=world.editor, version=version, rule="G-75", reason=WHY)
    run = run_gate(actor=world.author, version=version)
    assert answer(run, "G-75") == (EXCEPTED, False)
    assert all(one.agrees for one in replay(run))
    withdraw_exception(actor=world.editor, version=version, rule="G-75", reason="It was observed since.")
    assert answer(run_gate(actor=world.author, version=version), "G-75") == (FAILED, True)
    with pytest.raises(InvalidInput, match="No exception stands"):
        withdraw_exception(actor=world.editor, version=version, rule="G-75", reason="Again.")


def test_exception_ends_with_the_content_it_was_granted_for(world):
    version = warned(world)
    grant_exception(actor=world.editor, version=version, rule="G-75", reason=WHY)
    version = submit(actor=world.author, version=reopen(actor=world.author, version=version))
    assert answer(run_gate(actor=world.author, version=version), "G-75") == (FAILED, False)


def test_published_claim_tells_of_its_exception(world):
    version = warned(world)
    grant_exception(actor=world.checker, version=version, rule="G-75", reason=WHY)
    approved = make_approved(world, version)
    results = approved.evaluations.latest("evaluated_at").results
    shown = {"claims": [{"number": 1, "single_source": False, "gate": {"results": results}}]}
    assert exceptions(shown) == [
        {"claim": 1, "rule": "G-75", "title": "Links are archived, statuses are dated", "reason": WHY}
    ]


@pytest.mark.parametrize(
    ("rule", "reason", "field"),
    [("G-40", WHY, "rule"), ("G-99", WHY, "rule"), ("G-75", "Too short.", "reason"), ("G-75", " " * 50, "reason")],
)
def test_only_a_warning_is_excepted_and_only_with_a_reason(world, rule, reason, field):
    with pytest.raises(InvalidInput) as refused:
        grant_exception(actor=world.editor, version=warned(world), rule=rule, reason=reason)
    assert refused.value.field == field
    assert not GateException.objects.exists()


def test_exception_is_another_editors_and_for_what_was_submitted(world):
    version = warned(world)
    with pytest.raises(NotAllowed):
        grant_exception(actor=world.author, version=version, rule="G-75", reason=WHY)
    with pytest.raises(NotAllowed):
        grant_exception(actor=world.publisher, version=version, rule="G-75", reason=WHY)
    draft = reopen(actor=world.author, version=version)
    with pytest.raises(Conflict, match="submit it first"):
        grant_exception(actor=world.editor, version=draft, rule="G-75", reason=WHY)


def test_reason_of_an_exception_is_published_and_leads_to_nobody(world):
    make_person(case=world.case, actor=world.author, label="Elvin Ordinary", subject_tier="private_individual")
    version = warned(world)
    for told in ("Elvin Ordinary", "+994 12 598 19 08"):
        with pytest.raises(InvalidInput, match="cut it out") as refused:
            grant_exception(actor=world.editor, version=version, rule="G-75", reason=f"{WHY} {told}")
        assert refused.value.field == "reason"
    payload = {"claims": [{"gate": {"results": [{"problems": ["+994 12 598 19 08"], "exception": "Elvin Ordinary"}]}}]}
    names = names_of([("name", "Elvin Ordinary", "1")])
    assert [(one.passage, one.places) for one in found_in(payload, names=names)] == [
        ("Elvin Ordinary", ("claim 1, gate, result 1, exception",))
    ]


def test_nobody_approves_what_they_let_stand(world):
    version = make_checked(world, warned(world))
    grant_exception(actor=world.editor, version=version, rule="G-75", reason=WHY)
    with pytest.raises(NotAllowed, match="another editor must approve"):
        approve(actor=world.editor, version=version, content_sha256=version.content_sha256)
    withdraw_exception(actor=world.editor, version=version, rule="G-75", reason="It was observed since.")
    approve(actor=world.editor, version=version, content_sha256=version.content_sha256)
    with pytest.raises(NotAllowed, match="You approved this version"):
        grant_exception(actor=world.editor, version=version, rule="G-75", reason=WHY)


def test_nobody_approves_where_they_let_one_source_suffice(world):
    draft = make_draft(
        world, public_text="According to a single source it is very likely that Xalil operates @esmirak."
    )
    allow_single_source(actor=world.editor, version=draft, reason=WHY)
    version = make_checked(world, world.newest(draft))
    with pytest.raises(NotAllowed, match="another editor must approve"):
        approve(actor=world.editor, version=version, content_sha256=version.content_sha256)


def test_contributor_s_exception_is_refused_by_postgresql(world):
    draft = make_draft(world)
    changes = {"scope_note": "Of the account alone."}
    edit_version(actor=world.editor, version=draft, expected_version=draft.edit_version, changes=changes)
    version = make_submitted(world, world.newest(draft))
    forged = GateException(
        case=version.case,
        version=version,
        content_sha256=version.content_sha256,
        rule="G-75",
        granted=True,
        reason=WHY,
        decided_by=world.editor,
    )
    with raises_refusal("did not write the claim"):
        seal_row(forged).save(force_insert=True)


def test_exception_is_sealed_and_never_changed(world):
    granted = grant_exception(actor=world.editor, version=warned(world), rule="G-75", reason=WHY)
    with raises_refusal():
        sql("UPDATE claims_gateexception SET reason = %s WHERE id = %s", WHY * 2, granted.pk)
    granted.pk, granted.seal = uuid7(), "0" * 64
    with raises_refusal():
        granted.save(force_insert=True)


# --- policies


def test_thresholds_of_the_case_decide_and_each_change_keeps_its_reason(world):
    version = make_submitted(world)
    assert load_facts(version).fixity_days == 30
    why = "The trial begins within the month."
    set_case_policy(actor=world.editor, case=world.case, fixity_days=7, reason=why)
    facts = load_facts(world.newest(version), now=timezone.now() + timedelta(days=8))
    assert (facts.fixity_days, facts.role_months, facts.policy) == (7, 12, "standard")
    missed = next(entry for entry in judge(facts).entries if entry.rule.id == "G-03")
    assert missed.problems[0].text.endswith("was last checked more than 7 days ago: run a fixity check.")
    set_case_policy(actor=world.editor, case=world.case, level="strict", reason="Back to the house's days.")
    facts = load_facts(world.newest(version))
    assert (facts.fixity_days, facts.policy) == (30, "strict")
    assert [row.reason for row in world.case.policies.all()] == [why, "Back to the house's days."]


def test_run_is_repeated_under_the_policy_of_its_day(world):
    run = run_gate(actor=world.author, version=warned(world))
    set_case_policy(actor=world.editor, case=world.case, level="strict", fixity_days=1, reason="Stricter from here on.")
    assert all(one.agrees for one in replay(run))
    assert thaw(bytes(run.inputs)).policy == "standard"


def test_house_sets_what_cases_do_not_name(world):
    out = StringIO()
    why = "Decided by the board in June 2024."
    call_command("house_policy", "--role-months", "6", "--level", "strict", "--reason", why, stdout=out)
    assert json.loads(out.getvalue()) == {"level": "strict", "fixity_days": 30, "role_months": 6, "reply_hours": 48}
    assert load_facts(make_submitted(world)).role_months == 6
    assert make_case().policy == "strict"
    assert Case.objects.get(pk=world.case.pk).policy == "standard"
    set_case_policy(actor=world.editor, case=world.case, role_months=24, reason="Old offices matter here.")
    assert thresholds_of([world.case.pk])[world.case.pk].role_months == 24
    call_command("house_policy", "--fixity-days", "14", "--reason", why, stdout=StringIO())
    assert (house_thresholds().fixity_days, house_thresholds().role_months) == (14, 6)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fixity_days": 0}, "fixity_days"),
        ({"role_months": 1201}, "role_months"),
        ({"level": "lax"}, "level"),
        ({"window": 3}, "window"),
        ({"reason": "Short."}, "reason"),
    ],
)
def test_policy_that_makes_no_sense_is_refused(world, changes, field):
    with pytest.raises(InvalidInput) as refused:
        set_case_policy(actor=world.editor, case=world.case, **{"reason": "Because of the trial in June."} | changes)
    assert refused.value.field == field
    assert not world.case.policies.exists()


def test_case_is_under_a_policy_that_there_is(world):
    with raises_refusal("case_policy_is_known"):
        sql("UPDATE cases_case SET policy = 'none' WHERE id = %s", world.case.pk)


def test_policy_is_an_editors_and_stays_on_record(world):
    with pytest.raises(NotAllowed):
        set_case_policy(actor=world.author, case=world.case, level="strict", reason="I would like it stricter.")
    set_case_policy(actor=world.editor, case=world.case, fixity_days=5, reason="I would like it stricter.")
    with raises_refusal():
        sql("UPDATE cases_casepolicy SET fixity_days = 5000")
    with raises_refusal():
        sql("DELETE FROM cases_casepolicy")


# --- the whole case


def test_job_asks_about_every_standing_claim_in_a_fixed_number_of_queries(world):
    first, *_ = [make_submitted(world) for _ in range(3)]
    wanted = versions_to_judge(world.case)
    with CaptureQueriesContext(connection) as of_one:
        run_batch(actor=world.author, case=world.case, version_ids=wanted[:1])
    with CaptureQueriesContext(connection) as of_all:
        assert run_batch(actor=world.author, case=world.case, version_ids=wanted) == 3
    assert len(of_all) <= len(of_one) + 1
    alone = [entry.as_dict() for entry in judge(load_facts(world.newest(first))).entries]
    assert GateEvaluation.objects.filter(version=first).latest("evaluated_at").results == alone


def test_case_is_judged_in_one_job_whose_end_says_what_was_found(world):
    make_submitted(world), make_draft(world, cited=False)
    job = ask_gate_of_case(actor=world.author, case=world.case)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.message) == ("succeeded", 2, 2, "2 claims, 2 not through")
    assert GateEvaluation.objects.count() == 2
    with pytest.raises(NotAllowed):
        ask_gate_of_case(actor=world.publisher, case=world.case)
