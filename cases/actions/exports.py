"""Taking data out of the house: each export is an event."""

from collections.abc import Sequence

from django.db import transaction

from cases import history, permissions
from cases.models import Case, User
from cases.permissions import Permission


@transaction.atomic
def record_export(*, actor: User, case: Case, what: str, filters: str = "") -> None:
    """Note that `actor` takes `what` ("audit_trail") out of `case`; raises NotAllowed without EXPORT."""
    permissions.check(actor, case, Permission.EXPORT)
    history.record(actor, "case_exported", case, after=_told(what, filters))


@transaction.atomic
def record_export_across(*, actor: User, cases: Sequence[Case], what: str, filters: str = "") -> None:
    """Note that `actor` takes rows of several cases out: an event in each, for each trail must tell of it alone.

    Of no case (a job that belongs to none) the event is about the actor. Raises NotAllowed, and notes nothing, where
    EXPORT is lacking in one of them.
    """
    rights = permissions.permissions_by_case(actor, [case.pk for case in cases])
    for case in cases:
        if Permission.EXPORT not in rights.get(case.pk, ()):
            raise permissions.refusal(actor, case, Permission.EXPORT)
        history.record(actor, "case_exported", case, after=_told(what, filters))
    if not cases:
        history.record(actor, "list_exported", actor, after=_told(what, filters))


def _told(what: str, filters: str) -> dict[str, str]:
    return {"what": what, "filters": filters[:2000]}
