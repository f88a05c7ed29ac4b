"""Deciding on what leads to a person: it may be published, or the published dossier withholds it (G-61)."""

from collections.abc import Sequence

from django.db import transaction

from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import User
from claims.actions.redactions import redact
from claims.canonical import content_of
from claims.dossier.snapshot import thaw
from claims.enums import RedactionKind, Settled, TraceKind, VersionState
from claims.gate.rules.independence import OVERRIDE_REASON
from claims.harm.decisions import decisions_on, found_of, private_names
from claims.harm.names import NAMES, NOBODY
from claims.harm.payload import Found, found_in
from claims.models import ClaimVersion, Publication, Redaction, TraceDecision
from claims.permissions import check_override
from claims.queries import get_version_by_id
from evidence.seals import seal_row


@transaction.atomic
def settle_trace(
    *, actor: User, version: ClaimVersion, kind: str, passage: str, settled: str, reason: str
) -> TraceDecision:
    """Decide on one passage for the content as it is submitted; a later decision on it replaces this one.

    An editor's decision, and never of what one wrote a part of. The reason stays in the house.
    """
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_override(actor, version)
    if version.state not in (VersionState.SUBMITTED, VersionState.APPROVED):
        raise Conflict("A decision is for exactly the content that was submitted: submit it first.")
    _check_input(version, kind, passage, settled, reason)
    row = TraceDecision(
        case=version.case,
        version=version,
        content_sha256=version.content_sha256,
        kind=kind,
        passage=passage,
        settled=settled,
        reason=reason.strip(),
        decided_by=actor,
    )
    seal_row(row).save(force_insert=True)
    after = {"kind": kind, "passage": passage, "settled": settled, "version": version.number}
    record(actor, "trace_settled", version.claim, after=after, reason=reason, evidence=[version.content_sha256])
    return row


def _check_input(version: ClaimVersion, kind: str, passage: str, settled: str, reason: str) -> None:
    if kind not in TraceKind.values:
        raise InvalidInput(f"kind is one of: {', '.join(TraceKind.values)}.", field="kind")
    if settled not in Settled.values:
        raise InvalidInput(f"settled is one of: {', '.join(Settled.values)}.", field="settled")
    if (kind, passage) not in {(one.kind, one.passage) for one in traces_of(version)}:
        raise InvalidInput("That passage does not stand in this claim any more.", field="passage")
    if (kind, settled) == (TraceKind.MINOR, Settled.WAIVED):
        raise InvalidInput("A minor is not named.", field="settled")
    if len(reason.strip()) < OVERRIDE_REASON:
        raise InvalidInput(f"Give the reason in at least {OVERRIDE_REASON} characters.", field="reason")


def traces_of(version: ClaimVersion) -> tuple[Found, ...]:
    """What leads to somebody in the version as it stands now, and in the replies to it."""
    return found_of([version], {version.pk: content_of(version)})[version.pk]


def withhold_as_decided(*, actor: User, publication: Publication, versions: Sequence[ClaimVersion]) -> Redaction | None:
    """Redact a new publication where editors decided so, and wherever it names a private person without a decision to
    name them; in the transaction that publishes. None where nothing is withheld.

    Raises InvalidInput for traces on which nobody decided, such as in the publication's own title and note.
    """
    decisions = [row for found in decisions_on(versions).values() for row in found.values()]
    waived = {row.passage for row in decisions if row.settled == Settled.WAIVED}
    withheld = {row.passage for row in decisions if row.settled == Settled.REDACTED}
    names = private_names([publication.case_id]).get(publication.case_id, NOBODY)
    for one in found_in(thaw(publication.snapshot), names=names):
        if one.kind in NAMES and one.passage not in waived:
            withheld.add(one.passage)
        elif one.passage not in waived | withheld:
            what = TraceKind(one.kind).label
            raise InvalidInput(f"{what} “{one.passage}” stands in {one.places[0]}: cut it out.", field="note")
    if not withheld:
        return None
    reason = "Decided before publication, or the name of a private person, which is withheld by default."
    return redact(
        actor=actor, publication=publication, words=sorted(withheld), kind=RedactionKind.PRIVACY, reason=reason
    )
