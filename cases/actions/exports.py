"""Taking data out of the house: each export is an event."""

from django.db import transaction

from cases import history, permissions
from cases.models import Case, User
from cases.permissions import Permission


@transaction.atomic
def record_export(*, actor: User, case: Case, what: str, filters: str = "") -> None:
    """Note that `actor` takes `what` ("audit_trail") out of `case`; raises NotAllowed without EXPORT."""
    permissions.check(actor, case, Permission.EXPORT)
    history.record(actor, "case_exported", case, after={"what": what, "filters": filters[:2000]})
