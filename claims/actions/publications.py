"""Publishing: the gate again, under lock, and a frozen snapshot of exactly what was approved."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cases.actions.time_stamps import ask_after
from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import Case, User
from cases.sentences import Sentence
from claims.actions.cascade import claim_changed
from claims.actions.dossiers import ask_for_dossier, renew_dossiers
from claims.actions.gate import lock_for_gate, outcome
from claims.actions.harm import withhold_as_decided
from claims.actions.redactions import commit_to
from claims.canonical import sha256_of
from claims.dossier.snapshot import freeze
from claims.enums import CorrectionKind, VersionState
from claims.exceptions import GateRefused
from claims.gate import evaluation
from claims.gate.circumstances import is_being_signed
from claims.letters import LANGUAGES
from claims.models import ClaimVersion, Correction, GateEvaluation, Publication, PublishedVersion
from claims.permissions import check_publish
from claims.workflow import check_step

MOST_CLAIMS = 500


@dataclass(frozen=True)
class Frame:
    """What stands around the claims of a publication, and the language of its pages."""

    title: str
    note: str
    language: str


def publish(
    *, actor: User, case: Case, versions: Sequence[ClaimVersion], title: str, note: str = "", language: str = "en"
) -> Publication:
    """Publish approved versions together; versions that they supersede become corrected in the same step, and claims
    that rest on those are looked at again. `language` (en or fr) is that of the dossier's pages around the claims.

    Returns only when a signed checkpoint of the audit log covers the publication; the queue makes its dossier. Raises
    GateRefused, after the run of the gate has been stored, when a rule is not met for one of them: then nothing is
    published. Callers with a transaction of their own must commit it in that case.
    """
    publication, refused = _publish(actor, case, versions, Frame(title.strip(), note.strip(), language))
    if refused is not None:
        raise GateRefused(refused)
    return publication


@transaction.atomic
def _publish(
    actor: User, case: Case, versions: Sequence[ClaimVersion], frame: Frame
) -> tuple[Publication | None, GateEvaluation | None]:
    check_publish(actor, case)
    _check_input(case, versions, frame)
    _check_log_is_sealed()
    counter = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    locked = lock_for_gate(actor, [version.pk for version in versions])
    for version in locked:
        check_step(version.state, "publish")
    together = [version.pk for version in locked]
    runs = [_run(actor, version, together) for version in locked]
    if refused := next((run for run in runs if not run.passed), None):
        record(actor, "publication_refused", counter, after=outcome(refused) | {"claim": str(refused.version.claim_id)})
        return None, refused
    return _release(actor, counter, locked, frame), None


def _check_log_is_sealed() -> None:
    """Nothing leaves the house while the audit log is not being signed (F29)."""
    if not is_being_signed(timezone.now()):
        raise Conflict("The audit log has not been signed for minutes: publishing waits until it is again.")


def _run(actor: User, version: ClaimVersion, together: Sequence) -> GateEvaluation:
    report = evaluation.evaluate(version, released_with=together)
    return evaluation.store(report, version=version, actor=actor)


def _release(actor: User, case: Case, versions: Sequence[ClaimVersion], frame: Frame) -> Publication:
    number = (Publication.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0) + 1
    for version in versions:
        _replace_predecessor(actor, version, beside=versions)
    words = {"title": frame.title, "note": frame.note}
    snapshot = freeze(case=case, number=number, versions=versions, language=frame.language, **words)
    publication = Publication.objects.create(
        case=case,
        number=number,
        **words,
        snapshot=snapshot,
        snapshot_sha256=sha256_of(snapshot),
        published_by=actor,
    )
    PublishedVersion.objects.bulk_create(
        PublishedVersion(case=case, publication=publication, version=version, content_sha256=version.content_sha256)
        for version in versions
    )
    for version in versions:
        version.state = VersionState.PUBLISHED
        version.save(update_fields=["state", "edited_at"])
        after = {"publication": number, "version": version.number, "content_sha256": version.content_sha256}
        record(actor, "claim_published", version.claim, after=after, evidence=[version.content_sha256])
    pinned = [{"claim": version.claim.number, "content_sha256": version.content_sha256} for version in versions]
    after = {"number": number, "title": frame.title, "language": frame.language} | {
        "snapshot_sha256": publication.snapshot_sha256,
        "claims": pinned,
    }
    hashes = sorted(version.content_sha256 for version in versions)
    commit_to(actor=actor, publication=publication)
    ask_after(record(actor, "publication_made", publication, after=after, evidence=hashes, wait=True))
    ask_for_dossier(actor=actor, publication=publication)
    withhold_as_decided(actor=actor, publication=publication, versions=versions)
    return publication


def _replace_predecessor(actor: User, version: ClaimVersion, *, beside: Sequence[ClaimVersion]) -> None:
    """The version that stood before becomes corrected, with the public note; it stays readable (G-80).

    What rests on the claim is looked at again, unless it leaves the house `beside` the new version.
    """
    before = (
        ClaimVersion.objects.select_for_update().filter(claim=version.claim_id, state=VersionState.PUBLISHED).first()
    )
    if before is None:
        return
    before.state = check_step(before.state, "correct")
    before.needs_attention = ""
    before.save(update_fields=["state", "needs_attention", "edited_at"])
    Correction.objects.create(
        case=version.case,
        claim=version.claim,
        kind=CorrectionKind.CORRECTION,
        from_version=before,
        to_version=version,
        cause=version.correction_cause,
        public_note=version.correction_note,
        corrected_by=actor,
    )
    after = {"from_version": before.number, "to_version": version.number, "public_note": version.correction_note}
    record(actor, "claim_corrected", version.claim, after=after)
    reason = f"was corrected: {version.correction_cause}"
    claim_changed(actor=actor, claim=version.claim, reason=reason, beside=beside)
    renew_dossiers(actor=actor, version=before)


def _check_input(case: Case, versions: Sequence[ClaimVersion], frame: Frame) -> None:
    if not 0 < len(frame.title) <= 200:
        raise InvalidInput("Give the publication a title of up to 200 characters.", field="title")
    if frame.language not in dict(LANGUAGES):
        raise InvalidInput(f"language is one of: {', '.join(dict(LANGUAGES))}.", field="language")
    if not versions:
        raise InvalidInput("Choose at least one approved claim.", field="claims")
    if len(versions) > MOST_CLAIMS:
        raise InvalidInput(Sentence("Publish at most %(number)s claims at once.", number=MOST_CLAIMS), field="claims")
    if any(version.case_id != case.pk for version in versions):
        raise InvalidInput("There is no such claim in this case.", field="claims")
    if len({version.claim_id for version in versions}) < len(versions):
        raise Conflict("A claim is published in one version at a time.")
