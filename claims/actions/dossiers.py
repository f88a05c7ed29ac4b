"""Making the dossier of a publication, and handing it out."""

from django.db import transaction

from cases.actions.job_runs import start_job
from cases.exceptions import NotVisible
from cases.history import record
from cases.models import User
from cases.permissions import Permission, check
from claims.dossier.build import Dossier, build, store
from claims.models import ClaimVersion, Publication, Redaction
from claims.permissions import check_publish

MAKE_DOSSIER = "claims.make_dossier"


def ask_for_dossier(*, actor: User, publication: Publication, redaction: Redaction | None = None) -> None:
    """Queue the dossier of what `actor` publishes, in the same transaction: its pages are sealed as they were then."""
    arguments = {"publication_id": str(publication.pk), "actor_id": str(actor.pk)}
    title = f"Dossier of publication {publication.number}"
    if redaction:
        arguments["redaction_id"] = str(redaction.pk)
        title = f"Redacted dossier {redaction.number} of publication {publication.number}"
    start_job(actor=actor, task=MAKE_DOSSIER, title=title, case=publication.case, arguments=arguments)


def renew_dossiers(*, actor: User, version: ClaimVersion) -> None:
    """Queue the dossiers that hold a version which was corrected or retracted: made anew, they say so (G-80)."""
    for publication in Publication.objects.filter(entries__version=version).select_related("case").order_by("number"):
        ask_for_dossier(actor=actor, publication=publication)
        for redaction in Redaction.objects.filter(publication=publication).order_by("number"):
            ask_for_dossier(actor=actor, publication=publication, redaction=redaction)


def make_dossier(*, actor: User, publication: Publication, redaction: Redaction | None = None) -> Dossier:
    """Build and keep the dossier. Done twice, it leaves the same files and one seal.

    Call it outside a transaction; raises NotIncluded while the log's sequencer has not sealed its pages.
    """
    dossier = build(actor=actor, publication=publication, redaction=redaction)
    store(dossier)
    return dossier


def export_dossier(*, actor: User, publication: Publication, number: int | None = None) -> Dossier:
    """Make the dossier, and record that `actor` took a copy. Any member may: it holds what was published.

    `number` is that of a redaction, 0 the whole dossier; None takes the newest redaction where there is one. Once
    something is withheld, the whole dossier is for those who may publish. Call it outside a transaction; raises
    NotIncluded while the log's sequencer has not sealed its pages.
    """
    check(actor, publication.case, Permission.CASE_VIEW)
    redaction = _chosen(actor, publication, number)
    dossier = make_dossier(actor=actor, publication=publication, redaction=redaction)
    with transaction.atomic():
        record(actor, "dossier_exported", publication, after={"digest": dossier.digest})
    return dossier


def _chosen(actor: User, publication: Publication, number: int | None) -> Redaction | None:
    made = list(publication.redactions.order_by("number"))
    if number == 0 and made:
        check_publish(actor, publication.case)
    if not number:
        return made[-1] if made and number is None else None
    found = next((one for one in made if one.number == number), None)
    if found is None:
        raise NotVisible(f"There is no redaction {number} of this publication.")
    return found
