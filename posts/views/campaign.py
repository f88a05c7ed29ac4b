"""The campaign page: one question to the posts of a case, its figures at once, and what is behind each."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import InvalidInput, NotVisible
from cases.models import Case
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from posts import campaign_tables
from posts.actions.analyses import ask_and_answer
from posts.actions.reading import note_reading
from posts.campaign_rows import LEVELS
from posts.campaigns import Campaign, Page, campaign_of, entry_of, lists_of, part_of, questions_of
from posts.figures import posts_behind, size_of, texts_of
from posts.forms_campaign import CampaignForm, query_of
from posts.graphs import elements
from posts.methods import WHOLE
from posts.models import Analysis, Post
from posts.numbers import Links
from posts.permissions import check_analyse_posts
from posts.pictures import timeline_picture
from posts.queries import analyses_of
from posts.questions import Question
from posts.states import AnalysisMethod, AnalysisState
from posts.views.figures import FOLDS, figures_of, fold_of
from posts.zones import ZONES

TEXTS = 12
BEHIND = 50
BEHIND_WORDS = {
    "edges": _("What two accounts shared"),
    "earlier_tags": _("Posts of these accounts under a hashtag that they used before"),
    "earlier": _("A text that several of these accounts posted before"),
    "locations": _("Posts of the accounts that declare this location"),
    "burst": _("Posts of the accounts created in the busiest stretch"),
    "bios": _("Posts of the accounts with these words in a bio"),
    "network": _("All posts that these pairs of accounts rest on"),
    "top": _("Posts of the ten most active accounts"),
    "profiles": _("Posts of the accounts that are counted here"),
    "months": _("Posts of the accounts created in this month"),
    "created": _("Posts of the accounts that are counted here"),
} | {f"{level}{WHOLE}": _("All posts whose text several accounts share at this level") for level in LEVELS}
# What is told of by its texts too.
OF_TEXTS = (*LEVELS, "edges", "earlier", "earlier_tags", "locations", "burst", "bios")


@require_GET
def campaign(request: HttpRequest, ref: str) -> HttpResponse:
    """The figures of what was asked; without a question, of what was asked last."""
    case = get_case(request.user, ref)
    form = CampaignForm(request.user, case, request.GET)
    found = campaign_of(request.user, case, form.page())
    _note(request, case, form.page())
    query = query_of(found)
    if form.is_valid():
        form = CampaignForm(request.user, case, QueryDict(query))
    context = _shell(request, case, found) | figures_of(found, _links(request, found)) | {"form": form, "query": query}
    return render(request, "posts/campaign.html", context, status=200 if form.is_valid() else 400)


@transaction.non_atomic_requests
@require_POST
def keep(request: HttpRequest, ref: str) -> HttpResponse:
    """Make the page's answers analyses: exhibits whose numbers can be cited and recomputed."""
    case = get_case(request.user, ref)
    check_analyse_posts(request.user, case)
    form = CampaignForm(request.user, case, request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("posts:campaign", ref)
    page = form.page()
    found = campaign_of(request.user, case, page)
    for question in [*questions_of(found.question, page.phrase), *lists_of(found.question)]:
        kept = found.shown.get(question.method)
        if kept is None or kept.analysis is None or kept.is_stale:
            _ask(request, found, question)
    return redirect(f"{reverse('posts:campaign', args=[ref])}?{query_of(found)}")


def _ask(request: HttpRequest, found: Campaign, question: Question) -> None:
    """Ask one question. Why one cannot be answered is told on the next page, beside what could be."""
    chosen = [found.page.dataset] if found.page.dataset else []
    try:
        ask_and_answer(actor=request.user, case=found.case, question=question, datasets=chosen)
    except InvalidInput as error:
        messages.error(request, f"{AnalysisMethod(question.method).label.capitalize()}: {error}")


@require_GET
def waiting(request: HttpRequest, ref: str) -> HttpResponse:
    """The jobs that count; once none is left, the page that watches them loads itself again."""
    case = get_case(request.user, ref)
    jobs = _waiting(request, case)
    response = render(request, "posts/parts/waiting.html", {"case": case, "waiting": jobs})
    if not jobs:
        response["HX-Refresh"] = "true"
    return response


@require_GET
def behind(request: HttpRequest, ref: str, entries: str, place: int) -> HttpResponse:
    """The posts, texts and differences behind one cluster or one pair of accounts."""
    case = get_case(request.user, ref)
    page = CampaignForm(request.user, case, request.GET).page()
    _note(request, case, page)
    entry = entry_of(request.user, case, page, entries, place)
    group = entry.group
    if group is None:
        raise NotVisible("There is no such entry.")
    posts = posts_behind(group).filter(pk__in=Post.objects.visible_to(request.user).filter(case=case).values("pk"))
    begin = _begin(request.GET)
    texts = texts_of(group, TEXTS + 1) if entries in OF_TEXTS else []
    context = {
        "case": case,
        "nav": "posts",
        "group": group,
        "level": LEVELS.get(entries),
        "first_text": group.facts.get("text") or (texts[0][0] if texts else ""),
        "texts": texts[:TEXTS],
        "more_texts": len(texts) > TEXTS,
        "rows": list(posts[begin : begin + BEHIND]),
        "begin": begin,
        "behind_url": reverse("posts:behind", args=[ref, entries, place]),
        "end": min(begin + BEHIND, size_of(group)),
        "count": size_of(group),
        "words": BEHIND_WORDS.get(entries, ""),
        "query": _without_begin(request.GET),
        "list_url": _list_of(case, entry.analysis, entries, place),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "posts/parts/behind.html" if part else "posts/behind.html", context)


def _begin(asked: QueryDict) -> int:
    given = asked.get("begin", "")
    return int(given) if given.isdecimal() and len(given) < 8 else 0


def _without_begin(asked: QueryDict) -> str:
    rest = asked.copy()
    rest.pop("begin", None)
    return rest.urlencode()


@require_GET
def rows(request: HttpRequest, ref: str, entries: str) -> HttpResponse:
    """What a fold of the page holds: it is fetched when it is opened, or read as a page of its own."""
    case = get_case(request.user, ref)
    if entries not in FOLDS:
        raise NotVisible("There is no such list.")
    page = CampaignForm(request.user, case, request.GET).page()
    _note(request, case, page)
    found = part_of(request.user, case, page, entries)
    context = {
        "case": case,
        "nav": "posts",
        "found": found,
        "query": query_of(found),
        "may_track": Permission.SUBJECT_WRITE in permissions_of(request.user, case),
    }
    part = request.headers.get("HX-Request") == "true"
    template = "posts/parts/rows.html" if part else "posts/rows.html"
    return render(request, template, context | fold_of(found, _links(request, found), entries))


@require_GET
def network_json(request: HttpRequest, ref: str) -> JsonResponse:
    """The accounts and pairs of the network as the picture takes them."""
    case = get_case(request.user, ref)
    page = CampaignForm(request.user, case, request.GET).page()
    _note(request, case, page)
    return JsonResponse(elements(part_of(request.user, case, page, "edges")))


@require_GET
def timeline_svg(request: HttpRequest, ref: str) -> HttpResponse:
    """The timeline as a picture with its coverage in it: for the page without scripts, and for print."""
    case = get_case(request.user, ref)
    found, _ = _asked(request, case)
    response = HttpResponse(timeline_picture(found), content_type="image/svg+xml")
    if "download" in request.GET:
        record_export(actor=request.user, case=case, what="timeline", filters=query_of(found))
        name = f"{case.ref}-posts-{found.unit}.svg"
        response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def table_csv(request: HttpRequest, ref: str, table: str) -> HttpResponseBase:
    """One of the page's tables as CSV; taking it out of the house is an event."""
    case = get_case(request.user, ref)
    if table not in campaign_tables.TABLES:
        raise NotVisible("There is no such table.")
    found, form = _asked(request, case)
    _note(request, case, form.page())
    if found.is_quick and table not in campaign_tables.QUICK:
        raise InvalidInput("So many posts are counted in a job first: ask for it on the page.", field="table")
    record_export(actor=request.user, case=case, what=f"posts {table}", filters=query_of(found))
    header, rows = campaign_tables.TABLES[table](found)
    return csv_response(f"{case.ref}-posts-{table}-{timezone.now():%Y%m%d}.csv", header, rows)


# --- parts


def _asked(request: HttpRequest, case: Case) -> tuple[Campaign, CampaignForm]:
    form = CampaignForm(request.user, case, request.GET)
    return campaign_of(request.user, case, form.page()), form


def _note(request: HttpRequest, case: Case, page: Page) -> None:
    note_reading(actor=request.user, case=case, label=page.dataset.label if page.dataset else "")


def _links(request: HttpRequest, found: Campaign) -> Links:
    may_cite = Permission.CLAIM_WRITE in permissions_of(request.user, found.case)
    return Links(found.case, found.question, found.page.dataset, may_cite, query_of(found))


def _list_of(case: Case, kept: Analysis | None, name: str, place: int) -> str:
    """The list of an entry's posts, where the entry is kept; it can be filtered and taken home there."""
    if kept is None:
        return ""
    return f"{reverse('posts:list', args=[case.ref])}?group={kept.label}/{name}/{place}"


def _waiting(request: HttpRequest, case: Case) -> list:
    rows = analyses_of(request.user, case).filter(state=AnalysisState.WAITING, run__isnull=False)
    return [one for one in rows.defer("result")[:5] if not one.run.is_final]


def _shell(request: HttpRequest, case: Case, found: Campaign) -> dict[str, Any]:
    """What stands around the figures."""
    rights = permissions_of(request.user, case)
    analysis = found.analysis
    again = list(analysis.recomputations.select_related("made_by")[:1]) if analysis else []
    shown = [one for one in found.shown.values() if one.analysis]
    asked = len(questions_of(found.question, found.page.phrase)) + len(lists_of(found.question))
    return {
        "case": case,
        "nav": "posts",
        "found": found,
        "zones": ZONES,
        "waiting": _waiting(request, case),
        "kept": analysis,
        "again": again[0] if again else None,
        "is_stale": any(one.is_stale for one in shown),
        "all_kept": len(shown) == asked,
        "coverage": found.coverage,
        "query_fields": list(QueryDict(query_of(found)).lists()),
        "whole_query": query_of(found, start="", end=""),
        "may_ask": Permission.EVIDENCE_LOG in rights,
        "may_recompute": Permission.EVIDENCE_VERIFY in rights,
        "may_track": Permission.SUBJECT_WRITE in rights,
        "may_export": Permission.EXPORT in rights,
    }
