"""How a dossier leaves the house, from its page and over the API alike."""

from django.http import HttpResponse

from cases.models import User
from claims.actions.dossiers import export_dossier
from claims.models import Publication


def dossier_response(actor: User, publication: Publication) -> HttpResponse:
    """The dossier as a zip file to save; each one leaves its event.

    Call it outside a transaction; raises NotIncluded while the log's sequencer has not sealed its pages.
    """
    dossier = export_dossier(actor=actor, publication=publication)
    response = HttpResponse(dossier.zip, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{dossier.name}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
