"""Asking the gate, and the one exception an editor may grant."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import User
from cases.permissions import Permission, check
from cases.sentences import Sentence
from claims.enums import VersionState
from claims.gate import evaluation
from claims.gate.registry import WARNS, rule_named
from claims.gate.rules.independence import OVERRIDE_REASON
from claims.harm.decisions import check_tells_nobody
from claims.models import ClaimVersion, GateEvaluation, GateException
from claims.permissions import check_override
from claims.phrasing import SINGLE_SOURCE_LABEL, has_single_source_label
from claims.queries import get_version_by_id
from claims.workflow import check_editable
from evidence.models import Item, Source
from evidence.seals import seal_row


@transaction.atomic
def run_gate(*, actor: User, version: ClaimVersion) -> GateEvaluation:
    """Evaluate a version as it stands and keep the run."""
    version = get_version_by_id(actor, version.pk)
    check(actor, version.case, Permission.CASE_VIEW)
    stored = evaluation.store(evaluation.evaluate(version), version=version, actor=actor)
    record(actor, "gate_evaluated", version.claim, after=outcome(stored))
    return stored


@transaction.atomic
def allow_single_source(*, actor: User, version: ClaimVersion, reason: str) -> ClaimVersion:
    """Let one origin suffice for a claim whose public text says so (G-07): an editor's decision, with its reason."""
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_override(actor, version)
    check_editable(version.state)
    if len(reason.strip()) < OVERRIDE_REASON:
        raise InvalidInput(
            Sentence("Give the reason in at least %(number)s characters.", number=OVERRIDE_REASON), field="reason"
        )
    if not has_single_source_label(version.public_text):
        raise InvalidInput(
            Sentence("The public text must say “%(label)s” first.", label=SINGLE_SOURCE_LABEL), field="public_text"
        )
    version.single_source_label = True
    version.single_source_reason, version.single_source_by = reason.strip(), actor
    version.edit_version += 1
    version.save()
    record(actor, "gate_overridden", version.claim, after={"rule": "G-07", "version": version.number}, reason=reason)
    return version


@transaction.atomic
def withdraw_single_source(*, actor: User, version: ClaimVersion, reason: str) -> ClaimVersion:
    """Take the exception back."""
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_override(actor, version)
    check_editable(version.state)
    version.single_source_label, version.single_source_reason, version.single_source_by = False, "", None
    version.edit_version += 1
    version.save()
    record(actor, "gate_override_withdrawn", version.claim, after={"rule": "G-07"}, reason=reason)
    return version


@transaction.atomic
def grant_exception(*, actor: User, version: ClaimVersion, rule: str, reason: str) -> GateException:
    """Let a warning stand for the content as it is submitted: another editor's decision, with its reason.

    The reason is published with the claim. Raises InvalidInput for rules that block: they have no exception.
    """
    version = _for_exception(actor, version)
    found = rule_named(rule)
    if found is None or found.level != WARNS:
        raise InvalidInput("Only a rule that warns can be excepted.", field="rule")
    if len(reason.strip()) < OVERRIDE_REASON:
        raise InvalidInput(
            Sentence("Give the reason in at least %(number)s characters.", number=OVERRIDE_REASON), field="reason"
        )
    check_tells_nobody(version.case, reason=reason)
    return _decide(actor, version, rule, reason, granted=True)


@transaction.atomic
def withdraw_exception(*, actor: User, version: ClaimVersion, rule: str, reason: str) -> GateException:
    """Ask the rule again."""
    version = _for_exception(actor, version)
    last = version.gate_exceptions.filter(rule=rule, content_sha256=version.content_sha256).last()
    if last is None or not last.granted:
        raise InvalidInput("No exception stands of this rule.", field="rule")
    if not reason.strip():
        raise InvalidInput("Say why it no longer stands.", field="reason")
    return _decide(actor, version, rule, reason, granted=False)


def _for_exception(actor: User, version: ClaimVersion) -> ClaimVersion:
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_override(actor, version)
    if version.state not in (VersionState.SUBMITTED, VersionState.APPROVED):
        raise Conflict("An exception is for exactly the content that was submitted: submit it first.")
    return version


def _decide(actor: User, version: ClaimVersion, rule: str, reason: str, *, granted: bool) -> GateException:
    row = GateException(
        case=version.case,
        version=version,
        content_sha256=version.content_sha256,
        rule=rule,
        granted=granted,
        reason=reason.strip(),
        decided_by=actor,
    )
    seal_row(row).save(force_insert=True)
    action = "gate_overridden" if granted else "gate_override_withdrawn"
    after = {"rule": rule, "version": version.number, "content_sha256": version.content_sha256}
    record(actor, action, version.claim, after=after, reason=reason, evidence=[version.content_sha256])
    return row


def lock_for_gate(actor: User, version_ids: Iterable[UUID | str]) -> list[ClaimVersion]:
    """Lock versions and all the evidence that the gate looks at, in one order, and return the versions by id.

    Evidence first, as the actions that change evidence do; every group in the order of ids.
    """
    ids = sorted({str(pk) for pk in version_ids})
    items = Item.objects.filter(citations__version__in=ids).order_by("pk").values_list("pk", "source_id")
    pairs = list(items)
    sources = {source for _, source in pairs if source}
    list(Source.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=sources).order_by("pk"))
    wanted = {item for item, _ in pairs}
    list(Item.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk"))
    return [get_version_by_id(actor, pk, for_update=True) for pk in ids]


def outcome(stored: GateEvaluation) -> dict:
    """What the log says of a run."""
    missing = [entry["rule"] for entry in stored.results if entry["blocks"]]
    return {"evaluation": str(stored.pk), "passed": stored.passed, "missing": missing}
