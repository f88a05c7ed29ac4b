"""Set what the editorial gate asks of a case, or of all cases that say nothing else; each change keeps its reason."""

from django.db import transaction

from cases import history, permissions, queries
from cases.exceptions import InvalidInput
from cases.models import Case, CasePolicy, HousePolicy, User
from cases.models.policies import PolicyChange
from cases.permissions import Permission
from cases.policies import NAMES
from cases.validation import check_fields

SHORTEST_REASON = 20


@transaction.atomic
def set_case_policy(*, actor: User, case: Case, reason: str, level: str = "", **thresholds: int | None) -> CasePolicy:
    """Set the strictness of a case (unchanged where "") and its thresholds (the house's where None)."""
    case = queries.get_case(actor, case.ref, for_update=True)
    permissions.check(actor, case, Permission.CASE_EDIT)
    row = _checked(CasePolicy(case=case, level=level or case.policy, reason=reason.strip(), set_by=actor), thresholds)
    last = case.policies.last()
    before = _told(last) if last else {"level": case.policy}
    row.save(force_insert=True)
    if case.policy != row.level:
        case.policy = row.level
        case.version += 1
        case.save(update_fields=["policy", "version"])
    history.record(actor, "case_policy_set", case, before=before, after=_told(row), reason=row.reason)
    return row


@transaction.atomic
def set_house_policy(*, actor: User | None, reason: str, level: str = "", **thresholds: int | None) -> HousePolicy:
    """Set the defaults of the house; None is its operator at the command line.

    New cases begin with `level`; thresholds hold at once in all cases that do not name their own. What is not named
    keeps its last value.
    """
    permissions.check_manage_users(actor)
    last = HousePolicy.objects.last()
    kept = {name: getattr(last, name, None) for name in NAMES}
    said = {name: value for name, value in thresholds.items() if value is not None}
    row = HousePolicy(level=level or getattr(last, "level", ""), reason=reason.strip(), set_by=actor)
    _checked(row, kept | said).save(force_insert=True)
    before = _told(last) if last else {}
    history.record(actor, "house_policy_set", row, before=before, after=_told(row), reason=row.reason)
    return row


def _checked(row: PolicyChange, thresholds: dict[str, int | None]) -> PolicyChange:
    if unknown := sorted(set(thresholds) - set(NAMES)):
        raise InvalidInput("There is no such threshold.", field=unknown[0])
    for name, value in thresholds.items():
        setattr(row, name, value)
    if len(row.reason) < SHORTEST_REASON:
        raise InvalidInput(f"Give the reason in at least {SHORTEST_REASON} characters.", field="reason")
    check_fields(row, exclude={"case", "set_by"})
    return row


def _told(row: PolicyChange) -> dict[str, str | int | None]:
    return {"level": row.level} | {name: getattr(row, name) for name in NAMES}
