"""The page of results."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.exceptions import InvalidInput
from search.actions.searching import Found, search
from search.alerts import alerts_of
from search.facets import FILTERS, chosen_of
from search.kinds import KINDS
from search.models import SavedSearch
from search.snippets import Snippet, snippet


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Hits, facets and posts for `?q=`; without a query, how to ask."""
    query = request.GET.get("q", "")
    filters = {name: request.GET[name] for name in FILTERS.values() if request.GET.get(name)}
    context = {"nav": "search", "query": query, "filters": filters, "kinds": KINDS}
    if not (query.strip() or filters):
        return render(request, "search/results.html", context | {"alerts": alerts_of(request.user)})
    context["chosen"] = chosen_of(query, filters)
    cursor = request.GET.get("cursor", "")
    try:
        found = search(actor=request.user, query=query, filters=filters, cursor=cursor, since=_since(request))
    except InvalidInput as refusal:
        return render(request, "search/results.html", context | {"refusal": str(refusal)}, status=400)
    context |= {"found": found, "page": found, "posts": _posts(found)}
    context["all_posts"] = urlencode({"q": query} | filters | {"type": "post"})
    context["name_query"] = f"name:({query})" if query.replace(" ", "").isalpha() else ""
    return render(request, "search/results.html", context)


def _since(request: HttpRequest) -> int | None:
    """`?new=` names a saved search of one's own, of which only what was new at the last look is shown."""
    asked = request.GET.get("new", "")
    if not asked:
        return None
    try:
        row = SavedSearch.objects.visible_to(request.user).filter(pk=UUID(asked)).first()
    except ValueError:
        row = None
    if row is None:
        raise InvalidInput("You have no such saved search.", field="new")
    return row.new_since


def _posts(found: Found) -> list[tuple[object, Snippet]]:
    """The posts, each with the part of its text that was looked for."""
    return [(post, snippet(post.text, found.marked)) for post in found.posts.rows]
