"""Whether sources share an origin: those of a claim when somebody asks, those of a case as the last look found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from cases.listing import page_of
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from claims.actions.repeats import ask_for_origins
from claims.independence import hints
from claims.queries import get_version
from claims.repeats import ROW, decided, drawn, hints_of
from claims.views import parts

MOST_DRAWN = 150
SORTS = {"source": "first__name", "kind": "kind"}


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


@require_GET
def repeats(request: HttpRequest, ref: str) -> HttpResponse:
    """Who repeats whom: the picture of what the last look found, and the list of it with what editors decided."""
    case = get_case(request.user, ref)
    found, rights = hints_of(request.user, case), permissions_of(request.user, case)
    page = page_of(request, found, SORTS, "first__name")
    lines, arcs = drawn(decided(found[:MOST_DRAWN]))
    context = {
        "case": case,
        "nav": "sources",
        "page": page,
        "repeats": decided(page.rows),
        "lines": lines,
        "arcs": arcs,
        "height": len(lines) * ROW,
        "count": found.count(),
        # One look found them all.
        "looked_at": page.rows[0].found_at if page.rows else None,
        "may_look": Permission.JOB_MANAGE in rights,
        "may_group": Permission.ORIGIN_SPLIT in rights,
    }
    return render(request, "claims/repeats.html", context)


@require_POST
def look_for_origins(request: HttpRequest, ref: str) -> HttpResponse:
    """Queue a look at all sources of a case."""
    case = get_case(request.user, ref)
    ask_for_origins(actor=request.user, case=case)
    messages.success(request, gettext("All sources are being compared; the job shows how far it is."))
    return redirect("cases:jobs", case.ref)
