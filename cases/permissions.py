"""Who may do what: one table, role by role. What the *state* allows is each package's `workflow.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import TextChoices

from cases.enums import Role, TokenScope
from cases.exceptions import NotAllowed
from cases.row_security import holds_role
from cases.sentences import Sentence


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
    MEDIA_MATCH = "media_match", "look pictures up and judge matches"
    EVIDENCE_OPEN = "evidence_open", "lower the sensitivity of evidence"
    SOURCE_GRADE = "source_grade", "grade sources"
    ORIGIN_SPLIT = "origin_split", "join or split origin groups"
    CLAIM_WRITE = "claim_write", "write claims and citations"
    CLAIM_REVIEW = "claim_review", "review claims"
    CLAIM_CLEAR = "claim_clear", "give the legal sign-off"
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
    Permission.MEDIA_MATCH,
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
        Permission.EVIDENCE_OPEN,
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
        Permission.CLAIM_CLEAR,
        Permission.EXPORT,
    },
    Role.VIEWER: _READ,
}


SECOND_FACTOR_ROLES = (Role.EDITOR, Role.PUBLISHER, Role.AUDITOR)

# What a token of each scope may do at most; its owner's roles bound it further.
SCOPE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    TokenScope.READ: _READ | {Permission.EVIDENCE_READ_SENSITIVE, Permission.AUDIT_VIEW, Permission.EXPORT},
    TokenScope.EVIDENCE: frozenset(
        {
            Permission.SUBJECT_WRITE,
            Permission.SUBJECT_MERGE,
            Permission.EVIDENCE_LOG,
            Permission.EVIDENCE_VERIFY,
            Permission.EVIDENCE_WITHDRAW,
            Permission.MEDIA_MATCH,
            Permission.EVIDENCE_OPEN,
            Permission.SOURCE_GRADE,
            Permission.ORIGIN_SPLIT,
            Permission.JOB_MANAGE,
        }
    ),
    TokenScope.CLAIMS: frozenset({Permission.CLAIM_WRITE}),
    TokenScope.REVIEW: frozenset({Permission.CLAIM_REVIEW, Permission.GATE_OVERRIDE, Permission.CLAIM_CLEAR}),
    TokenScope.PUBLISH: frozenset({Permission.CLAIM_PUBLISH}),
    TokenScope.MANAGE: frozenset({Permission.CASE_EDIT, Permission.MEMBER_MANAGE}),
}


# By person and case, while a request is served that changes nothing.
_granted: ContextVar[dict | None] = ContextVar("granted", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """What roles allow is asked once per case: for requests that only read, whose pages ask dozens of times."""
    token = _granted.set({})
    try:
        yield
    finally:
        _granted.reset(token)


def permissions_of(actor, case) -> frozenset[Permission]:
    """What the open roles of `actor` in `case` allow together, within the scopes of a token; empty for a stranger."""
    asked, key = _granted.get(), (actor.pk, case.pk)
    granted = {} if asked is None else asked
    if key not in granted:
        roles = case.memberships.filter(user=actor, ended_at__isnull=True).values_list("role", flat=True)
        granted[key] = frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))
    return _bounded(actor, granted[key])


def permissions_by_case(actor, case_ids) -> dict:
    """The same for several cases in one query, by the case's id; those in which `actor` holds no role are left out."""
    memberships = actor.memberships.filter(case__in=case_ids, ended_at__isnull=True).values_list("case", "role")
    granted: dict = {}
    for case_id, role in memberships:
        granted[case_id] = granted.get(case_id, frozenset()) | ROLE_PERMISSIONS[role]
    return {case_id: _bounded(actor, rights) for case_id, rights in granted.items()}


def _bounded(actor, granted: frozenset[Permission]) -> frozenset[Permission]:
    if actor.token_scopes is None:
        return granted
    return granted & frozenset().union(*(SCOPE_PERMISSIONS[scope] for scope in actor.token_scopes))


def can(actor, case, permission: Permission) -> bool:
    return permission in permissions_of(actor, case)


def check(actor, case, permission: Permission) -> None:
    """Raise `NotAllowed` with the reason when `actor` lacks `permission` in `case`."""
    if not can(actor, case, permission):
        raise refusal(actor, case, permission)


def refusal(actor, case, permission: Permission) -> NotAllowed:
    """The reason, for whoever looked at the rights of `actor` already."""
    values = {"case": case.ref, "right": permission.label}
    if actor.token_scopes is None:
        return NotAllowed(Sentence("Your role in %(case)s does not let you %(right)s.", **values))
    return NotAllowed(
        Sentence("Your role, or the scope of this token, in %(case)s does not let you %(right)s.", **values)
    )


def roles_with(actor, permission: Permission) -> list[str]:
    """The roles in which `actor` has `permission`; none if the scopes of a token rule it out."""
    if not _bounded(actor, frozenset({permission})):
        return []
    return [role for role, granted in ROLE_PERMISSIONS.items() if permission in granted]


def check_scope(actor, scope: TokenScope) -> None:
    """Raise `NotAllowed` when `actor` came with a token that lacks `scope`; people who signed in have all."""
    if actor.token_scopes is not None and scope not in actor.token_scopes:
        raise NotAllowed(f"This token lacks the scope '{scope.value}'.")


def check_signed_in(actor) -> None:
    """Raise `NotAllowed` for tokens: some things a person does at the screen or not at all."""
    if actor.token_scopes is not None:
        raise NotAllowed("This cannot be done with a token: sign in.")


def can_create_case(actor) -> bool:
    return actor.is_active and actor.can_create_cases


def check_create_case(actor) -> None:
    if not can_create_case(actor):
        raise NotAllowed("Your account may not open cases: ask an administrator.")
    check_scope(actor, TokenScope.MANAGE)


def check_not_self(actor, user) -> None:
    """Nobody gives or takes their own rights, whatever their role."""
    if actor.pk == user.pk:
        raise NotAllowed("Nobody changes their own role: ask another editor of this case.")


def check_lead(actor, case) -> None:
    if case.lead_id != actor.pk:
        raise NotAllowed("Only the lead of this case can do this.")


def check_manage_users(actor) -> None:
    """Accounts are managed by superusers, and by the operator at the command line (None)."""
    if actor is None:
        return
    if not (actor.is_active and actor.is_superuser):
        raise NotAllowed("Only an administrator manages accounts.")
    check_signed_in(actor)


def requires_second_factor(actor) -> bool:
    """Staff and those whose word lets a claim out (editors, publishers, and lawyers as auditors) need more than a
    password."""
    if actor.is_staff or actor.is_superuser:
        return True
    return holds_role(actor, SECOND_FACTOR_ROLES)


def can_manage_job(actor, run) -> bool:
    """Whether `actor`, who sees the job, may retry or cancel it: jobs without a case belong to whoever started them."""
    if run.case is not None:
        return can(actor, run.case, Permission.JOB_MANAGE)
    return actor.token_scopes is None and (run.started_by_id == actor.pk or actor.is_staff)


def check_manage_job(actor, run) -> None:
    """Raise `NotAllowed` with the reason unless `actor` may retry or cancel `run`."""
    if run.case is not None:
        check(actor, run.case, Permission.JOB_MANAGE)
    elif not can_manage_job(actor, run):
        raise NotAllowed("Whoever started this job manages it.")
