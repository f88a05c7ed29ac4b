"""How a dossier or an export leaves the house, from its page and over the API alike."""

from django.http import HttpResponse

from cases.exceptions import InvalidInput
from cases.models import Case, User
from claims.actions.dossiers import export_dossier
from claims.actions.exports import export_claims
from claims.exports.formats import get_format
from claims.exports.material import Scope
from claims.models import Publication


def dossier_response(actor: User, publication: Publication, number: str | None = None) -> HttpResponse:
    """The dossier as a zip file to save, or its redaction of that number; each one leaves its event.

    Call it outside a transaction; raises NotIncluded while the log's sequencer has not sealed its pages.
    """
    if number is not None and not (number.isascii() and number.isdigit() and len(number) < 6):
        raise InvalidInput("redaction is a number; 0 is the whole dossier.", field="redaction")
    wanted = None if number is None else int(number)
    dossier = export_dossier(actor=actor, publication=publication, number=wanted)
    return _download(dossier.zip, f"{dossier.name}.zip", "application/zip")


def export_response(actor: User, case: Case, name: str, scope: str) -> HttpResponse:
    """The claims of `scope` in the format of that name as a file to save; each one leaves its event."""
    if scope not in Scope.values:
        raise InvalidInput(f"claims is one of: {', '.join(Scope.values)}.", field="claims")
    exported = export_claims(actor=actor, case=case, wanted=get_format(name), scope=scope)
    return _download(exported.content, exported.name, exported.media_type)


def _download(content: bytes, filename: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
