"""Handing out the dossier of a publication."""

from django.db import transaction

from cases.history import record
from cases.models import User
from cases.permissions import Permission, check
from claims.dossier.build import Dossier, build, store
from claims.models import Publication


def export_dossier(*, actor: User, publication: Publication) -> Dossier:
    """Build and keep the dossier, and record that `actor` took a copy. Any member may: it holds what was published.

    Call it outside a transaction; raises NotIncluded while the log's sequencer has not sealed its pages.
    """
    check(actor, publication.case, Permission.CASE_VIEW)
    dossier = build(actor=actor, publication=publication)
    store(dossier)
    with transaction.atomic():
        record(actor, "dossier_exported", publication, after={"digest": dossier.digest})
    return dossier
