"""The life of a version up to its approval: submit, reopen, review, judge single citations."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cases.exceptions import Conflict, InvalidInput, StaleVersion
from cases.history import record
from cases.models import User
from cases.sentences import Sentence
from claims.actions.citations import recheck
from claims.actions.drafts import note_writer
from claims.actions.gate import lock_for_gate, outcome
from claims.canonical import cited, content_of, new_salt, sha256_of
from claims.checking import basis
from claims.enums import CitationVerdict, ReviewStage, SentenceVerdict, Verdict, VersionState
from claims.exceptions import GateRefused
from claims.gate import evaluation
from claims.models import Citation, CitationReview, ClaimVersion, GateEvaluation, Review, SentenceCheck
from claims.permissions import check_approve, check_review, check_write_claims
from claims.phrasing import sentences
from claims.queries import get_citation, get_version_by_id
from claims.workflow import check_step
from evidence.seals import seal_row


@transaction.atomic
def submit(*, actor: User, version: ClaimVersion) -> ClaimVersion:
    """Freeze a draft and hand it to the reviewers; `content` and its hash are what they will judge.

    Each submission has its own hash, so that no earlier approval can be taken for one of this text.
    """
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_write_claims(actor, version.case)
    before = version.state
    target = check_step(version.state, "submit")
    recheck(version)
    note_writer(version, actor)
    version.edit_version += 1
    version.submitted_by, version.submitted_at = actor, timezone.now()
    version.needs_attention = ""
    version.content = content_of(version, salt=new_salt())
    version.content_sha256 = sha256_of(version.content)
    version.state = target
    version.save()
    after = _step(version) | {"content": bytes(version.content).decode()}
    named = [version.content_sha256]
    record(actor, "claim_submitted", version.claim, before={"state": before}, after=after, evidence=named)
    return version


@transaction.atomic
def reopen(*, actor: User, version: ClaimVersion, reason: str = "") -> ClaimVersion:
    """Take a submitted or approved version back to write on it; an approval does not survive that."""
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_write_claims(actor, version.case)
    before = version.state
    version.state = check_step(version.state, "reopen")
    version.edit_version += 1
    version.save(update_fields=["state", "edit_version", "edited_at"])
    record(actor, "claim_reopened", version.claim, before={"state": before}, after=_step(version), reason=reason)
    return version


def approve(
    *, actor: User, version: ClaimVersion, content_sha256: str, stage: str = ReviewStage.EDITOR, comment: str = ""
) -> Review:
    """Approve exactly the content that was read, as fact-checker or as editor; the editor's approval asks the gate.

    Raises StaleVersion when `content_sha256` is not what stands there, and GateRefused, after the run of the gate has
    been stored, when a rule is not met. Callers with a transaction of their own must commit it in that case.
    """
    review, refused = _approve(actor, version, content_sha256, stage, comment)
    if refused is not None:
        raise GateRefused(refused)
    return review


@transaction.atomic
def _approve(
    actor: User, version: ClaimVersion, content_sha256: str, stage: str, comment: str
) -> tuple[Review | None, GateEvaluation | None]:
    (version,) = lock_for_gate(actor, [version.pk])
    check_review(actor, version)
    if stage not in dict(ReviewStage.of_editors()):
        raise InvalidInput("There is no such stage of review.", field="stage")
    target = check_step(version.state, "approve")
    check_read(version, content_sha256)
    if stage != ReviewStage.EDITOR:
        return _approval(actor, version, stage, comment, "claim_checked"), None
    check_approve(actor, version)
    run = evaluation.store(evaluation.evaluate(version, approving=actor), version=version, actor=actor)
    if not run.passed:
        record(actor, "approval_refused", version.claim, after=outcome(run))
        return None, run
    review = _approval(actor, version, stage, comment, "claim_approved")
    version.state = target
    version.save(update_fields=["state", "edited_at"])
    return review, None


@transaction.atomic
def request_changes(
    *, actor: User, version: ClaimVersion, comment: str, stage: str = ReviewStage.EDITOR, content_sha256: str = ""
) -> Review:
    """Send a submitted or approved version back to its author, saying what has to change."""
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_review(actor, version)
    if not comment.strip():
        raise InvalidInput("Say what has to change.", field="comment")
    if stage not in dict(ReviewStage.of_editors()):
        raise InvalidInput("There is no such stage of review.", field="stage")
    target = check_step(version.state, "request_changes")
    if content_sha256:
        check_read(version, content_sha256)
    review = add_review(
        actor, version, verdict=Verdict.CHANGES_REQUESTED, stage=stage, comment=comment, action="claim_returned"
    )
    version.state = target
    version.save(update_fields=["state", "edited_at"])
    return review


@transaction.atomic
def judge_citation(*, actor: User, citation: Citation, verdict: str, comment: str = "") -> CitationReview:
    """A reviewer's verdict on one citation of a submitted version, bound to the content that was read."""
    version = get_version_by_id(actor, citation.version_id, for_update=True)
    check_review(actor, version)
    citation = get_citation(actor, citation.pk)
    if version.state not in (VersionState.SUBMITTED, VersionState.APPROVED):
        raise Conflict("Citations are judged while the version is submitted.")
    if verdict not in CitationVerdict.values:
        raise InvalidInput("There is no such verdict.", field="verdict")
    if verdict != CitationVerdict.SUPPORTS_CLAIM and not comment.strip():
        raise InvalidInput("Say what is missing.", field="comment")
    judged = CitationReview(
        case=version.case,
        version=version,
        citation=citation,
        verdict=verdict,
        comment=comment.strip(),
        content_sha256=version.content_sha256,
        reviewed_by=actor,
    )
    seal_row(judged).save(force_insert=True)
    after = {"citation": str(citation.pk), "verdict": verdict, "comment": judged.comment}
    after |= {"content_sha256": version.content_sha256}
    digests = [citation.item.blob_id] if citation.item.blob_id else []
    record(actor, "citation_judged", version.claim, after=after, evidence=digests)
    return judged


@transaction.atomic
def check_sentence(
    *,
    actor: User,
    version: ClaimVersion,
    position: int,
    citations: Collection[UUID],
    content_sha256: str,
    verdict: str = SentenceVerdict.TICKED,
    comment: str = "",
) -> SentenceCheck:
    """A checker's verdict on sentence `position` (from 1) of a submitted public text, held against `citations`.

    Raises StaleVersion when `content_sha256` is not what stands there, InvalidInput for a sentence or a citation that
    is not of this version, a tick without a citation, and a question without words.
    """
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_review(actor, version)
    if version.state not in (VersionState.SUBMITTED, VersionState.APPROVED):
        raise Conflict("Sentences are checked while the version is submitted.")
    check_read(version, content_sha256)
    sentence = _sentence(version, position)
    held = _held_against(version, citations)
    _check_said(verdict, held, comment)
    checked = SentenceCheck(
        case=version.case,
        version=version,
        sentence=sentence,
        citations=sorted(str(citation.pk) for citation in held),
        basis_sha256=basis(sentence, held),
        verdict=verdict,
        comment=comment.strip(),
        content_sha256=version.content_sha256,
        reviewed_by=actor,
    )
    seal_row(checked).save(force_insert=True)
    after = {"sentence": sentence, "verdict": verdict, "citations": checked.citations, "comment": checked.comment}
    after |= {"content_sha256": version.content_sha256}
    digests = sorted({citation.item.blob_id for citation in held if citation.item.blob_id})
    record(actor, "sentence_checked", version.claim, after=after, evidence=digests)
    return checked


def _sentence(version: ClaimVersion, position: int) -> str:
    texts = sentences(version.public_text)
    if not 1 <= position <= len(texts):
        raise InvalidInput(Sentence("The public text has %(number)s sentences.", number=len(texts)), field="position")
    return texts[position - 1]


def _held_against(version: ClaimVersion, citations: Collection[UUID]) -> list[Citation]:
    wanted = set(citations)
    found = [citation for citation in cited(version) if citation.pk in wanted]
    if len(found) != len(wanted):
        raise InvalidInput("One of these is no citation of this version.", field="citations")
    return found


def _check_said(verdict: str, held: list[Citation], comment: str) -> None:
    if verdict not in SentenceVerdict.values:
        raise InvalidInput("There is no such verdict.", field="verdict")
    if verdict == SentenceVerdict.TICKED and not held:
        raise InvalidInput("Choose the citations that show the sentence.", field="citations")
    if verdict == SentenceVerdict.QUESTION and not comment.strip():
        raise InvalidInput("Say what is asked.", field="comment")


def check_read(version: ClaimVersion, content_sha256: str) -> None:
    """Raise StaleVersion unless what was read is what stands there."""
    if content_sha256 != version.content_sha256:
        raise StaleVersion("What you read is not what stands here now: read it again.", current=version)


def _approval(actor: User, version: ClaimVersion, stage: str, comment: str, action: str) -> Review:
    return add_review(actor, version, verdict=Verdict.APPROVED, stage=stage, comment=comment, action=action)


def add_review(
    actor: User,
    version: ClaimVersion,
    *,
    verdict: str,
    stage: str,
    comment: str,
    action: str,
    jurisdictions: Sequence[str] = (),
) -> Review:
    """Keep one verdict on exactly the content of now, with its event; part of the transaction of an action."""
    review = Review(
        case=version.case,
        version=version,
        author_id=version.author_id,
        stage=stage,
        verdict=verdict,
        comment=comment.strip(),
        content_sha256=version.content_sha256,
        reviewed_by=actor,
        jurisdictions=list(jurisdictions),
    )
    seal_row(review).save(force_insert=True)
    after = {"version": version.number, "stage": stage, "content_sha256": version.content_sha256}
    # Not as the reason, which anybody reads who holds the entry: approvals are shown in dossiers, comments are not.
    after |= {"comment": review.comment} if review.comment else {}
    after |= {"jurisdictions": review.jurisdictions} if review.jurisdictions else {}
    record(actor, action, version.claim, after=after, evidence=[review.content_sha256])
    return review


def _step(version: ClaimVersion) -> dict[str, object]:
    return {"state": version.state, "version": version.number, "content_sha256": version.content_sha256}
