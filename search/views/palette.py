"""What the palette (Ctrl-K) shows while one types: cases, and the first entries that fit. Pages it knows by itself."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.exceptions import InvalidInput
from cases.models import User
from cases.queries import cases_of
from search.actions.searching import Found, search
from search.hits import Hit
from search.kinds import NAMED

LONGEST = 200  # characters
MOST_CASES, MOST_HITS = 5, 7
SHORTEST = 3  # letters of which a beginning has to be
# What has a page of its own. No passages of evidence: reading those is a look that is put on record.
PLACES = "account,person,organisation,claim,exhibit,source,publication"


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Options for `?q=`; a fixed number of queries, whatever is found."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    context: dict[str, object] = {"query": query}
    if query:
        wanted = Q(ref__icontains=query) | Q(title__icontains=query)
        context["cases"] = cases_of(request.user).filter(wanted).order_by("ref")[:MOST_CASES]
        context["hits"] = _hits(request.user, query)
    return render(request, "search/palette.html", context)


def _hits(actor: User, query: str) -> list[Hit]:
    """What the words find; else what a word that is not finished yet begins; else what is close."""
    found = _found(actor, query)
    begun = None
    if not found or not found.hits or found.is_close:
        begun = _found(actor, f"{query}*") if query[-SHORTEST:].isalnum() and len(query) >= SHORTEST else None
    hits = next((one.hits for one in (begun, found) if one and one.hits), [])
    # Who is called so, before the claims about them.
    return sorted(hits, key=lambda hit: hit.document.kind not in NAMED)[:MOST_HITS]


def _found(actor: User, query: str) -> Found | None:
    """None for what cannot be asked: a query that is being typed seldom can."""
    try:
        return search(actor=actor, query=query, filters={"type": PLACES}, facets=False)
    except InvalidInput:
        return None
