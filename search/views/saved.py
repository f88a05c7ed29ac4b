"""Saved searches: keep the one on the page, look at what is new, let one go; and what My turn tells of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from cases.exceptions import Conflict, InvalidInput
from search.actions.saving import delete_search, look, save_search
from search.alerts import address_of, alerts_of
from search.facets import FILTERS


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the query of the page of results that sent this form."""
    filters = {name: request.POST[name] for name in FILTERS.values() if request.POST.get(name)}
    try:
        row = save_search(
            actor=request.user, name=request.POST.get("name", ""), query=request.POST.get("q", ""), filters=filters
        )
    except (InvalidInput, Conflict) as refusal:
        messages.error(request, str(refusal))
        return redirect("search:search")
    messages.success(request, f"“{row.name}” is saved: My turn tells you of new hits.")
    return redirect(f"{reverse('search:search')}?{address_of(row)}")


@require_POST
def look_at(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """What is new since one last looked; from now on it is no longer new."""
    row = look(actor=request.user, search_id=search_id)
    return redirect(f"{reverse('search:search')}?{address_of(row, new=row.pk)}")


@require_POST
def delete(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Let a saved search go."""
    delete_search(actor=request.user, search_id=search_id)
    messages.success(request, _("The saved search is gone."))
    return redirect("search:search")


@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """For My turn: the saved searches that have something new, or nothing at all."""
    alerts = [one for one in alerts_of(request.user) if one.new]
    return render(request, "search/saved.html", {"alerts": alerts, "only_new": True})
