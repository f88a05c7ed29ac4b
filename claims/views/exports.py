"""Exports: what each format is for, and taking it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from cases.permissions import Permission, can
from cases.queries import get_case
from claims.enums import VersionState
from claims.exports.formats import FORMATS
from claims.models import ClaimVersion
from claims.queries import standing_versions
from claims.serving import export_response


@require_GET
def export_list(request: HttpRequest, ref: str) -> HttpResponse:
    """The formats with what each is for; working claims only for those who may take them."""
    case = get_case(request.user, ref)
    may_export = can(request.user, case, Permission.EXPORT)
    context = {
        "case": case,
        "nav": "publications",
        "formats": FORMATS,
        "published": ClaimVersion.objects.filter(case=case, state=VersionState.PUBLISHED).count(),
        "standing": standing_versions(case).count() if may_export else 0,
        "may_export": may_export,
    }
    return render(request, "claims/exports.html", context)


@require_POST
def export_take(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """One export as a file; each leaves its event."""
    case = get_case(request.user, ref)
    return export_response(request.user, case, name, request.POST.get("claims", ""))
