"""What signing in, failing to and signing out leave in the audit log: one event each."""

from django.db import transaction

from audit import log
from cases.history import actor_string
from cases.models import User

UNKNOWN_PERSON = "sign_in:unknown"
ANONYMOUS = "anonymous"


@transaction.atomic
def record_sign_in(user: User) -> None:
    _record(user, "user_signed_in")


@transaction.atomic
def record_sign_out(user: User) -> None:
    _record(user, "user_signed_out")


@transaction.atomic
def record_failure(user: User | None, *, factor: str, locked: bool = False) -> None:
    """A refused sign-in; a name that nobody has is not kept, because people type passwords into the wrong field."""
    obj = f"user:{user.pk}" if user else UNKNOWN_PERSON
    after = {"factor": factor, "locked": bool(locked)}
    log.record(actor=ANONYMOUS, action="sign_in_refused", obj=obj, after=after)


@transaction.atomic
def record_credential_change(user: User, action: str) -> None:
    """A password or second factor was added, replaced or removed."""
    _record(user, action)


def _record(user: User, action: str) -> None:
    log.record(actor=actor_string(user), action=action, obj=f"user:{user.pk}")
