"""Making the dossier of a publication, and handing it out."""

from django.db import transaction

from cases.actions.job_runs import start_job
from cases.history import record
from cases.models import User
from cases.permissions import Permission, check
from claims.dossier.build import Dossier, build, store
from claims.models import Publication

MAKE_DOSSIER = "claims.make_dossier"


def ask_for_dossier(*, actor: User, publication: Publication) -> None:
    """Queue the dossier of what `actor` publishes, in the same transaction: its pages are sealed as they were then."""
    start_job(
        actor=actor,
        task=MAKE_DOSSIER,
        title=f"Dossier of publication {publication.number}",
        case=publication.case,
        arguments={"publication_id": str(publication.pk), "actor_id": str(actor.pk)},
    )


def make_dossier(*, actor: User, publication: Publication) -> Dossier:
    """Build and keep the dossier. Done twice, it leaves the same files and one seal.

    Call it outside a transaction; raises NotIncluded while the log's sequencer has not sealed its pages.
    """
    dossier = build(actor=actor, publication=publication)
    store(dossier)
    return dossier


def export_dossier(*, actor: User, publication: Publication) -> Dossier:
    """Make the dossier, and record that `actor` took a copy. Any member may: it holds what was published.

    Call it outside a transaction; raises NotIncluded while the log's sequencer has not sealed its pages.
    """
    check(actor, publication.case, Permission.CASE_VIEW)
    dossier = make_dossier(actor=actor, publication=publication)
    with transaction.atomic():
        record(actor, "dossier_exported", publication, after={"digest": dossier.digest})
    return dossier
