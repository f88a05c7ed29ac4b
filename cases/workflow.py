"""What the state of a case allows; who may is `permissions.py`."""

from cases.enums import CaseStatus
from cases.exceptions import Conflict
from cases.models import Case


def check_case_open(case: Case) -> None:
    """Raise Conflict for a closed case: nothing is added to it or changed in it."""
    if case.status == CaseStatus.CLOSED:
        raise Conflict(f"{case.ref} is closed; reopen it first.")
