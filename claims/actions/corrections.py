"""After publication: correct by a new version, retract, or say that a flagged claim stands; nothing is unpublished."""

from uuid import UUID

from django.db import transaction

from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import User
from cases.sentences import Sentence
from claims.actions.cascade import claim_changed
from claims.actions.dossiers import renew_dossiers
from claims.enums import CorrectionKind, VersionState
from claims.gate.evaluation import evaluate
from claims.harm.decisions import check_tells_nobody
from claims.models import Citation, Claim, ClaimLink, ClaimVersion, Correction, EvidenceFit, Hypothesis
from claims.permissions import check_publish, check_review, check_write_claims
from claims.queries import get_claim, get_version_by_id
from claims.workflow import OPEN, check_step

# What the next version does not inherit from the one it corrects.
_OWN = {
    "id", "number", "state", "author", "contributors", "recorded_at", "edited_at", "edit_version", "submitted_at",
    "submitted_by", "content", "content_sha256", "supersedes", "needs_attention", "correction_cause", "correction_note",
    "single_source_label", "single_source_reason", "single_source_by",
}  # fmt: skip


# That something changed since the approval (G-72) is why a claim is flagged; the log (G-81) is not of its evidence.
_NOT_LOST = frozenset({"G-72", "G-81"})


@transaction.atomic
def correct(*, actor: User, claim: Claim, cause: str, public_note: str) -> ClaimVersion:
    """Open a new draft that will replace the published version; the published one stays as it is until then.

    `cause` says what was wrong, `public_note` what readers are told; both are reviewed with the new text.
    """
    claim = get_claim(actor, claim.case.ref, claim.number, for_update=True)
    check_write_claims(actor, claim.case)
    published = _published(actor, claim)
    if claim.versions.filter(state__in=OPEN).exists():
        raise Conflict(Sentence("%(claim)s already has a version in the making.", claim=claim))
    _check_note(cause, public_note)
    version = _copy(actor, published)
    version.correction_cause, version.correction_note = cause.strip(), public_note.strip()
    version.save(force_insert=True)
    _copy_parts(published, version)
    after = {"version": version.number, "corrects": published.number, "cause": cause, "public_note": public_note}
    record(actor, "correction_opened", claim, after=after)
    return version


@transaction.atomic
def retract(*, actor: User, claim: Claim, cause: str, public_note: str) -> Correction:
    """Say publicly that a published claim no longer stands; what was published stays readable with the note.

    Claims that rest on it are returned to their authors, or flagged where they are published. Raises InvalidInput for
    notes that lead to somebody, or name somebody whose name is withheld: older dossiers show them as they stand.
    """
    claim = get_claim(actor, claim.case.ref, claim.number, for_update=True)
    check_publish(actor, claim.case)
    version = _published(actor, claim)
    _check_note(cause, public_note)
    check_tells_nobody(claim.case, cause=cause, public_note=public_note)
    version.state = check_step(version.state, "retract")
    version.needs_attention = ""
    version.save(update_fields=["state", "needs_attention", "edited_at"])
    correction = Correction.objects.create(
        case=claim.case,
        claim=claim,
        kind=CorrectionKind.RETRACTION,
        from_version=version,
        cause=cause.strip(),
        public_note=public_note.strip(),
        corrected_by=actor,
    )
    after = {"version": version.number, "cause": cause, "public_note": public_note}
    record(actor, "claim_retracted", claim, after=after, wait=True)
    claim_changed(actor=actor, claim=claim, reason=f"was retracted: {cause.strip()}")
    renew_dossiers(actor=actor, version=version)
    return correction


@transaction.atomic
def confirm_standing(*, actor: User, version: ClaimVersion, reason: str) -> ClaimVersion:
    """An editor who wrote no part of a flagged published claim says, with the reason, that it stands.

    Raises Conflict, naming the rules, while the gate would not let it pass as it is now.
    """
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_review(actor, version)
    if version.state != VersionState.PUBLISHED or not version.needs_attention:
        raise Conflict("Only a published claim that was flagged can be confirmed.")
    if not reason.strip():
        raise InvalidInput("Say why the claim stands.", field="reason")
    _check_still_passes(version)
    before = {"needs_attention": version.needs_attention}
    version.needs_attention = ""
    version.save(update_fields=["needs_attention", "edited_at"])
    record(actor, "claim_confirmed", version.claim, before=before, after={"needs_attention": ""}, reason=reason.strip())
    return version


def _check_still_passes(version: ClaimVersion) -> None:
    """No word of an editor stands in for what a rule asks: what was lost is mended, or the claim is corrected."""
    lost = [entry.rule for entry in evaluate(version).missing if entry.rule.id not in _NOT_LOST]
    if lost:
        each = {rule.id: Sentence("%(id)s %(title)s", id=rule.id, title=rule.title) for rule in lost}
        rules = Sentence(", ".join(f"%({name})s" for name in each), **each)
        words = "It no longer passes the gate (%(rules)s): mend that, correct the claim or retract it."
        raise Conflict(Sentence(words, rules=rules))


def _published(actor: User, claim: Claim) -> ClaimVersion:
    found = claim.versions.filter(state=VersionState.PUBLISHED).first()
    if found is None:
        raise Conflict(Sentence("%(claim)s has no published version.", claim=claim))
    return get_version_by_id(actor, found.pk, for_update=True)


def _check_note(cause: str, public_note: str) -> None:
    if not cause.strip():
        raise InvalidInput("Say what was wrong.", field="cause")
    if not public_note.strip():
        raise InvalidInput("Write the note that readers will see.", field="public_note")


def _copy(actor: User, published: ClaimVersion) -> ClaimVersion:
    inherited = {
        field.attname: getattr(published, field.attname)
        for field in ClaimVersion._meta.concrete_fields
        if field.name not in _OWN
    }
    last = published.claim.versions.order_by("-number").values_list("number", flat=True).first()
    # Whoever wrote what is corrected wrote most of what corrects it: a new author does not make them its reviewers.
    writers = dict.fromkeys([*published.contributors, published.author_id, published.submitted_by_id, actor.pk])
    return ClaimVersion(
        **inherited,
        number=last + 1,
        author=actor,
        contributors=[pk for pk in writers if pk],
        supersedes=published,
    )


def _copy_parts(published: ClaimVersion, version: ClaimVersion) -> None:
    skipped = {"id", "version", "added_at", "edit_version"}
    names = [field.attname for field in Citation._meta.concrete_fields if field.name not in skipped]
    copies = {
        citation.pk: Citation(version=version, **{name: getattr(citation, name) for name in names})
        for citation in published.citations.all()
    }
    Citation.objects.bulk_create(copies.values())
    _copy_alternatives(published, version, copies)
    ClaimLink.objects.bulk_create(
        ClaimLink(case_id=link.case_id, composite=version, component_id=link.component_id, order=link.order)
        for link in published.component_links.all()
    )


def _copy_alternatives(published: ClaimVersion, version: ClaimVersion, copies: dict[UUID, Citation]) -> None:
    """The alternatives with their ratings, each over the copy of the citation that it was given to."""
    for row in published.hypotheses.prefetch_related("fits"):
        said = {name: getattr(row, name) for name in ("order", "kind", "statement", "disposition", "note")}
        copy = Hypothesis.objects.create(case=version.case, version=version, **said)
        EvidenceFit.objects.bulk_create(
            EvidenceFit(case=version.case, hypothesis=copy, citation=copies[fit.citation_id], fit=fit.fit)
            for fit in row.fits.all()
        )
