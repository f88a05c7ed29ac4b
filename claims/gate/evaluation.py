"""Run the gate over a version, and keep each run: the gate's output is itself evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cases.enums import Policy
from cases.models import User
from claims.gate.facts import ClaimFacts
from claims.gate.loading import load_facts
from claims.gate.registry import BLOCKS, Problem, Rule, registered
from claims.gate.rules import alternatives, exposure, independence, language, media, replies, review, sourcing, subjects
from claims.models import ClaimVersion, GateEvaluation
from evidence.seals import seal_row

GATE_VERSION = "5"
PASSED, FAILED, NOT_APPLICABLE = "passed", "failed", "not_applicable"
# Importing a module of rules registers them; a new module is named here.
RULE_MODULES = (sourcing, independence, subjects, language, media, exposure, review, alternatives, replies)


@dataclass(frozen=True)
class Entry:
    """The verdict of one rule on one version."""

    rule: Rule
    verdict: str
    blocks: bool
    problems: tuple[Problem, ...]

    def as_dict(self) -> dict[str, Any]:
        """As it is stored, shown and sent."""
        return {
            "rule": self.rule.id,
            "level": self.rule.level,
            "title": self.rule.title,
            "basis": self.rule.basis,
            "verdict": self.verdict,
            "blocks": self.blocks,
            "problems": [{"text": problem.text, "target": problem.target} for problem in self.problems],
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
    """Apply every rule to `facts`. Under the strict policy what warns blocks too."""
    return Report(facts, tuple(_apply(rule, facts) for rule in registered()))


def _apply(rule: Rule, facts: ClaimFacts) -> Entry:
    if not rule.applies(facts):
        return Entry(rule, NOT_APPLICABLE, False, ())
    problems = tuple(rule.problems(facts))
    blocks = bool(problems) and (rule.level == BLOCKS or facts.policy == Policy.STRICT)
    return Entry(rule, FAILED if problems else PASSED, blocks, problems)


def evaluate(version: ClaimVersion, *, approving: User | None = None, released_with: Iterable[UUID] = ()) -> Report:
    """Load and judge `version` as it stands now; see `load_facts` for the rest."""
    return judge(load_facts(version, approving=approving, released_with=released_with))


def store(report: Report, *, version: ClaimVersion, actor: User) -> GateEvaluation:
    """Keep a run of the gate, under its seal."""
    run = GateEvaluation(
        case=version.case,
        version=version,
        content_sha256=version.content_sha256,
        gate_version=GATE_VERSION,
        inputs_sha256=report.facts.inputs_sha256(),
        results=report.as_dicts(),
        passed=report.passed,
        evaluated_by=actor,
    )
    seal_row(run).save(force_insert=True)
    return run
