"""Who may do what: one table, role by role. What the *state* allows is each package's `workflow.py`."""

from django.db.models import TextChoices

from cases.enums import Role
from cases.exceptions import NotAllowed


class Permission(TextChoices):
    """Every right in the house; the label completes the sentence "You may not ..."."""

    CASE_VIEW = "case_view", "view this case"
    CASE_EDIT = "case_edit", "change this case's settings"
    MEMBER_MANAGE = "member_manage", "manage members"
    AUDIT_VIEW = "audit_view", "read the audit trail"
    SUBJECT_WRITE = "subject_write", "record accounts, persons and organisations"
    SUBJECT_MERGE = "subject_merge", "merge subjects"
    EVIDENCE_LOG = "evidence_log", "log evidence"
    EVIDENCE_READ = "evidence_read", "open evidence files"
    EVIDENCE_READ_SENSITIVE = "evidence_read_sensitive", "open sensitive evidence"
    EVIDENCE_VERIFY = "evidence_verify", "run a fixity check"
    EVIDENCE_WITHDRAW = "evidence_withdraw", "withdraw or supersede evidence"
    SOURCE_GRADE = "source_grade", "grade sources"
    ORIGIN_SPLIT = "origin_split", "join or split origin groups"
    CLAIM_WRITE = "claim_write", "write claims and citations"
    CLAIM_REVIEW = "claim_review", "review claims"
    CLAIM_PUBLISH = "claim_publish", "publish claims"
    GATE_OVERRIDE = "gate_override", "override a warning of the gate"
    EXPORT = "export", "export this case"
    JOB_MANAGE = "job_manage", "retry or cancel jobs"


_READ = frozenset({Permission.CASE_VIEW, Permission.EVIDENCE_READ})
_RESEARCH = _READ | {
    Permission.EVIDENCE_READ_SENSITIVE,
    Permission.SUBJECT_WRITE,
    Permission.EVIDENCE_LOG,
    Permission.EVIDENCE_VERIFY,
    Permission.SOURCE_GRADE,
    Permission.CLAIM_WRITE,
    Permission.JOB_MANAGE,
    Permission.AUDIT_VIEW,
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.INVESTIGATOR: _RESEARCH | {Permission.SUBJECT_MERGE},
    Role.EDITOR: _RESEARCH
    | {
        Permission.SUBJECT_MERGE,
        Permission.CASE_EDIT,
        Permission.MEMBER_MANAGE,
        Permission.EVIDENCE_WITHDRAW,
        Permission.ORIGIN_SPLIT,
        Permission.CLAIM_REVIEW,
        Permission.GATE_OVERRIDE,
        Permission.EXPORT,
    },
    Role.PUBLISHER: _READ
    | {
        Permission.EVIDENCE_READ_SENSITIVE,
        Permission.AUDIT_VIEW,
        Permission.CLAIM_PUBLISH,
        Permission.EXPORT,
    },
    Role.AUDITOR: _READ
    | {
        Permission.EVIDENCE_READ_SENSITIVE,
        Permission.AUDIT_VIEW,
        Permission.EVIDENCE_VERIFY,
        Permission.EXPORT,
    },
    Role.VIEWER: _READ,
}


def permissions_of(actor, case) -> frozenset[Permission]:
    """The union of what all open roles of `actor` in `case` allow; empty for a stranger."""
    roles = case.memberships.filter(user=actor, ended_at__isnull=True).values_list("role", flat=True)
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def can(actor, case, permission: Permission) -> bool:
    return permission in permissions_of(actor, case)


def check(actor, case, permission: Permission) -> None:
    """Raise `NotAllowed` with the reason when no role of `actor` in `case` carries `permission`."""
    if not can(actor, case, permission):
        raise NotAllowed(f"Your role in {case.ref} does not let you {permission.label}.")
