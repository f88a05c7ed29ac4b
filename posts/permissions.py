"""Who may do what with posts, on top of the table in `cases.permissions`."""

from cases.models import Case, User
from cases.permissions import Permission, can, check


def check_import_posts(actor: User, case: Case) -> None:
    """A file of posts is an exhibit like any other."""
    check(actor, case, Permission.EVIDENCE_LOG)


def check_analyse_posts(actor: User, case: Case) -> None:
    """So is the answer of an analysis."""
    check(actor, case, Permission.EVIDENCE_LOG)


def check_recompute(actor: User, case: Case) -> None:
    """Making an analysis again only verifies it: for auditors as well."""
    check(actor, case, Permission.EVIDENCE_VERIFY)


def check_read_posts(actor: User, case: Case) -> None:
    """Raise `NotAllowed` for who may not open evidence files; sensitive datasets are left out by the queries."""
    check(actor, case, Permission.EVIDENCE_READ)


def check_export_posts(actor: User, case: Case) -> None:
    check(actor, case, Permission.EXPORT)


def reads_sensitive(actor: User, case: Case) -> bool:
    """Whether datasets from sensitive exhibits exist for `actor`."""
    return can(actor, case, Permission.EVIDENCE_READ_SENSITIVE)
