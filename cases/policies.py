"""Which thresholds the editorial gate holds a case to: its own, else the house's, else those of the specification."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from uuid import UUID

from cases.enums import Policy
from cases.models import CasePolicy, HousePolicy
from cases.models.policies import PolicyChange


@dataclass(frozen=True)
class Thresholds:
    """Numbers that rules compare with; the defaults are those of the gate's specification."""

    fixity_days: int = 30
    role_months: int = 12
    reply_hours: int = 48


NAMES = tuple(field.name for field in fields(Thresholds))


def house_thresholds() -> Thresholds:
    """What the house asks of cases that say nothing else."""
    return _over(Thresholds(), HousePolicy.objects.last())


def house_level() -> str:
    """The strictness with which a new case begins."""
    last = HousePolicy.objects.exclude(level="").last()
    return last.level if last else Policy.STANDARD


def thresholds_of(cases: Iterable[UUID]) -> dict[UUID, Thresholds]:
    """The thresholds of cases by their ids; two queries, however many."""
    house, ids = house_thresholds(), set(cases)
    rows = CasePolicy.objects.filter(case__in=ids).order_by("case_id", "-set_at", "-id").distinct("case_id")
    newest = {row.case_id: row for row in rows}
    return {case: _over(house, newest.get(case)) for case in ids}


def _over(base: Thresholds, row: PolicyChange | None) -> Thresholds:
    """`base` with what `row` names."""
    said = {name: value for name in NAMES if (value := getattr(row, name, None)) is not None}
    return replace(base, **said)
