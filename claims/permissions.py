"""Who may do what with a claim, on top of the table in `cases.permissions`; what the state allows is `workflow.py`."""

from cases.enums import CaseStatus
from cases.exceptions import Conflict, NotAllowed
from cases.models import Case, User
from cases.permissions import Permission, can, check
from cases.sentences import Sentence
from claims.enums import ReviewStage, Settled, Verdict
from claims.models import ClaimVersion, TraceDecision
from claims.waivers import standing_exceptions


def check_write_claims(actor: User, case: Case) -> None:
    check(actor, case, Permission.CLAIM_WRITE)
    check_case_open(case)


def check_case_open(case: Case) -> None:
    """Nothing new is said in a closed case."""
    if case.status == CaseStatus.CLOSED:
        raise Conflict(Sentence("%(case)s is closed; reopen it first.", case=case.ref))


def check_review(actor: User, version: ClaimVersion) -> None:
    """A reviewer holds the role and wrote no part of what is reviewed (G-70)."""
    check(actor, version.case, Permission.CLAIM_REVIEW)
    if wrote_part_of(actor, version):
        raise NotAllowed("You wrote part of this version: somebody else must review it.")


def can_review(actor: User, version: ClaimVersion) -> bool:
    return can(actor, version.case, Permission.CLAIM_REVIEW) and not wrote_part_of(actor, version)


def check_clear(actor: User, version: ClaimVersion) -> None:
    """The legal sign-off is a lawyer's, whose role in the case is that of an auditor (G-63)."""
    check(actor, version.case, Permission.CLAIM_CLEAR)
    if wrote_part_of(actor, version):
        raise NotAllowed("You wrote part of this version: another lawyer must look at it.")


def can_clear(actor: User, version: ClaimVersion) -> bool:
    return can(actor, version.case, Permission.CLAIM_CLEAR) and not wrote_part_of(actor, version)


def wrote_part_of(actor: User, version: ClaimVersion) -> bool:
    return actor.pk in {version.author_id, version.submitted_by_id, *version.contributors}


def check_publish(actor: User, case: Case) -> None:
    check(actor, case, Permission.CLAIM_PUBLISH)


def can_override(actor: User, version: ClaimVersion) -> bool:
    return can(actor, version.case, Permission.GATE_OVERRIDE) and not wrote_part_of(actor, version)


def check_override(actor: User, version: ClaimVersion) -> None:
    """An override is an editor's, and never of what one wrote a part of or approved."""
    check(actor, version.case, Permission.GATE_OVERRIDE)
    if wrote_part_of(actor, version):
        raise NotAllowed("You wrote part of this version: another editor must decide on the exception.")
    if has_approved(actor, version):
        raise NotAllowed("You approved this version: another editor must decide on the exception.")


def has_approved(actor: User, version: ClaimVersion, stage: str = ReviewStage.EDITOR) -> bool:
    """Whether `actor` gave the approval of `stage` to exactly the content of now."""
    given = version.reviews.filter(stage=stage, verdict=Verdict.APPROVED, reviewed_by=actor)
    return given.filter(content_sha256=version.content_sha256).exclude(content_sha256="").exists()


def check_approve(actor: User, version: ClaimVersion) -> None:
    """Whoever let something stand that the gate asks for, or signed off as a lawyer, does not approve it too (G-70)."""
    if granted_part_of(actor, version):
        raise NotAllowed("You granted an exception for this version: another editor must approve it.")
    if has_approved(actor, version, stage=ReviewStage.LEGAL):
        raise NotAllowed("You signed this version off as a lawyer: an editor must approve it.")


def granted_part_of(actor: User, version: ClaimVersion) -> bool:
    """Whether an exception of `actor` stands for the content of now."""
    if version.single_source_label and version.single_source_by_id == actor.pk:
        return True
    if any(row.decided_by_id == actor.pk for row in standing_exceptions([version])):
        return True
    let_stand = TraceDecision.objects.filter(version=version, decided_by=actor, settled=Settled.WAIVED)
    return let_stand.filter(content_sha256=version.content_sha256).exists()
