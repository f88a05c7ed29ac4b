"""Whether the sources of a claim share an origin, looked for when somebody asks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.permissions import Permission, permissions_of
from claims.independence import hints
from claims.queries import get_version
from claims.views import parts


@require_GET
def shared_origins(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """What suggests that two sources of the newest version are one; a part of the desk, or a page of its own."""
    version = get_version(request.user, ref, number)
    rights = permissions_of(request.user, version.case)
    context = {
        "case": version.case,
        "nav": "claims",
        "number": number,
        "hints": hints(request.user, version),
        "may_group": Permission.ORIGIN_SPLIT in rights,
    }
    template = "claims/shared_origins.html" if parts.is_fragment(request) else "claims/shared_origins_page.html"
    return render(request, template, context)
