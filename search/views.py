"""The page of results."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.exceptions import InvalidInput
from search.actions.searching import search
from search.facets import FILTERS
from search.kinds import LABELS


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Hits, facets and posts for `?q=`; without a query, how to ask."""
    query = request.GET.get("q", "")
    filters = {name: request.GET[name] for name in FILTERS.values() if request.GET.get(name)}
    context = {"nav": "search", "query": query, "filters": filters, "kinds": LABELS}
    if not (query.strip() or filters):
        return render(request, "search/results.html", context)
    try:
        found = search(actor=request.user, query=query, filters=filters, cursor=request.GET.get("cursor", ""))
    except InvalidInput as refusal:
        return render(request, "search/results.html", context | {"refusal": str(refusal)}, status=400)
    return render(request, "search/results.html", context | {"found": found, "page": found})
