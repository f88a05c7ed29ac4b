"""Run the gate over a version, and keep each run: the gate's output is itself evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from cases.enums import Policy
from cases.models import User
from claims.gate.facts import ClaimFacts, ExceptionFacts
from claims.gate.loading import load_facts, load_many
from claims.gate.registry import BLOCKS, WARNS, Problem, Rule, registered
from claims.gate.rules import (
    alternatives,
    campaigns,
    disclosure,
    exposure,
    grades,
    harm,
    identity,
    independence,
    language,
    law,
    media,
    release,
    replies,
    review,
    sourcing,
    subjects,
)
from claims.models import ClaimVersion, GateEvaluation
from evidence.seals import seal_row

GATE_VERSION = "12"
PASSED, FAILED, NOT_APPLICABLE, EXCEPTED = "passed", "failed", "not_applicable", "excepted"
# Importing a module of rules registers them; a new module is named here.
RULE_MODULES = (
    sourcing,
    independence,
    identity,
    subjects,
    campaigns,
    language,
    grades,
    disclosure,
    media,
    exposure,
    harm,
    law,
    review,
    alternatives,
    replies,
    release,
)


@dataclass(frozen=True)
class Entry:
    """The verdict of one rule on one version."""

    rule: Rule
    verdict: str
    blocks: bool
    problems: tuple[Problem, ...]
    exception: ExceptionFacts | None = None

    def as_dict(self) -> dict[str, Any]:
        """As it is stored, shown and sent."""
        return {
            "rule": self.rule.id,
            "version": self.rule.version,
            "level": self.rule.level,
            "title": self.rule.title,
            "basis": self.rule.basis,
            "verdict": self.verdict,
            "blocks": self.blocks,
            "problems": [problem.as_dict() for problem in self.problems],
            "exception": self.exception.reason if self.exception else "",
        }


@dataclass(frozen=True)
class Report:
    """All verdicts on one version."""

    facts: ClaimFacts
    entries: tuple[Entry, ...]

    @property
    def passed(self) -> bool:
        return not any(entry.blocks for entry in self.entries)

    @property
    def missing(self) -> tuple[Entry, ...]:
        """The rules that block."""
        return tuple(entry for entry in self.entries if entry.blocks)

    @property
    def warnings(self) -> tuple[Entry, ...]:
        """The rules that are not met and do not block."""
        return tuple(entry for entry in self.entries if entry.verdict == FAILED and not entry.blocks)

    def as_dicts(self) -> list[dict[str, Any]]:
        return [entry.as_dict() for entry in self.entries]


def judge(facts: ClaimFacts) -> Report:
    """Apply every rule to `facts`. Under the strict policy what warns blocks too, unless an editor excepted it."""
    return Report(facts, tuple(_apply(rule, facts) for rule in registered()))


def _apply(rule: Rule, facts: ClaimFacts) -> Entry:
    if not rule.applies(facts):
        return Entry(rule, NOT_APPLICABLE, False, ())
    problems = tuple(rule.problems(facts))
    if problems and rule.level == WARNS and (exception := facts.exception_for(rule.id)):
        return Entry(rule, EXCEPTED, False, problems, exception)
    blocks = bool(problems) and (rule.level == BLOCKS or facts.policy == Policy.STRICT)
    return Entry(rule, FAILED if problems else PASSED, blocks, problems)


def evaluate(version: ClaimVersion, *, approving: User | None = None, released_with: Iterable[UUID] = ()) -> Report:
    """Load and judge `version` as it stands now; see `load_facts` for the rest."""
    return judge(load_facts(version, approving=approving, released_with=released_with))


def evaluate_many(versions: Sequence[ClaimVersion]) -> list[Report]:
    """Judge many versions of one case, in their order, on facts that are loaded together."""
    return [judge(facts) for facts in load_many(versions)]


def store(report: Report, *, version: ClaimVersion, actor: User) -> GateEvaluation:
    """Keep a run of the gate, under its seal."""
    run = _run(report, version, actor)
    run.save(force_insert=True)
    return run


def store_many(reports: Sequence[Report], *, versions: Sequence[ClaimVersion], actor: User) -> list[GateEvaluation]:
    """Keep many runs at once, each under its seal."""
    runs = [_run(report, version, actor) for report, version in zip(reports, versions, strict=True)]
    return GateEvaluation.objects.bulk_create(runs)


def _run(report: Report, version: ClaimVersion, actor: User) -> GateEvaluation:
    inputs = report.facts.inputs()
    run = GateEvaluation(
        case=version.case,
        version=version,
        content_sha256=version.content_sha256,
        gate_version=GATE_VERSION,
        inputs=inputs,
        inputs_sha256=sha256(inputs).hexdigest(),
        results=report.as_dicts(),
        passed=report.passed,
        evaluated_by=actor,
    )
    return seal_row(run)
