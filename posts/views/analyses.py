"""Questions to the posts, and their answers."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.exceptions import CaseworkError
from cases.forms import show_refusal
from cases.models import Case
from cases.paging import keyset_page
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from posts import exporting
from posts.actions.analyses import ask_and_answer, is_quick, recompute, start_recomputing
from posts.actions.reading import note_reading, note_reading_of_lists
from posts.campaigns import Page, asked_of
from posts.figures import groups_of
from posts.forms import AskForm
from posts.forms_campaign import query_of
from posts.models import Analysis, Dataset
from posts.numbers import Links, Number
from posts.permissions import check_analyse_posts
from posts.queries import analyses_of, datasets_of, follow_lists_of, get_analysis, stale_ids
from posts.questions import Question, asked_by
from posts.states import AnalysisMethod, AnalysisState

PAGE = 50
SHOWN_GROUPS = 20


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def analyses(request: HttpRequest, ref: str) -> HttpResponse:
    """What was asked, newest first, and the form that asks."""
    case = get_case(request.user, ref)
    ready = datasets_of(request.user, case).ready().order_by("number")
    lists = follow_lists_of(request.user, case).order_by("number")
    form = AskForm(request.POST if request.method == "POST" else None, datasets=ready, lists=lists)
    if request.method == "POST":
        check_analyse_posts(request.user, case)
        if form.is_valid():
            try:
                method = form.cleaned_data["method"]
                question = Question.of(method, form.settings(asked_by(method)))
                made = ask_and_answer(actor=request.user, case=case, question=question, **form.chosen())
            except CaseworkError as error:
                show_refusal(form, error)
            else:
                return redirect("posts:analysis", ref, made.number)
    page = keyset_page(
        analyses_of(request.user, case), order="-number", cursor=request.GET.get("cursor", ""), size=PAGE
    )
    context = {
        "case": case,
        "nav": "posts",
        "form": form,
        "page": page,
        "stale": stale_ids(case, page.rows),
        "may_ask": any(form.sources.values()) and Permission.EVIDENCE_LOG in permissions_of(request.user, case),
    }
    return render(request, "posts/analyses.html", context, status=400 if form.errors else 200)


@require_GET
def analysis(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One answer: its figures, what they rest on, and the posts behind them."""
    case = get_case(request.user, ref)
    row = get_analysis(request.user, case, number)
    note_reading(actor=request.user, case=case, among=row.datasets)
    lists = follow_lists_of(request.user, case).filter(pk__in=row.lists)
    note_reading_of_lists(actor=request.user, lists=lists)
    rights = permissions_of(request.user, case)
    links = Links(case, Question(row.method), may_cite=Permission.CLAIM_WRITE in rights)
    context = {
        "case": case,
        "nav": "posts",
        "row": row,
        "figures": [_figure(name, value, links, row) for name, value in _told(row.result or {})],
        "campaign_url": _campaign_url(request, case, row),
        "groups": [
            (name, groups_of(row, name)[:SHOWN_GROUPS])
            for name in ("L0", "L1", "L2", "L3", "earlier", "alike", "edges")
        ],
        "is_stale": bool(stale_ids(case, [row])),
        "again": row.recomputations.select_related("made_by"),
        "may_recompute": row.state == AnalysisState.READY and Permission.EVIDENCE_VERIFY in rights,
        "files": list(exporting.NETWORK_FILES) if Permission.EXPORT in rights and _has_network(row) else [],
    }
    return render(request, "posts/analysis.html", context)


def _has_network(row: Analysis) -> bool:
    return row.state == AnalysisState.READY and bool(row.parameters.get("coshare"))


def _told(result: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every figure with its JSON pointer: single values of their own, those within a map too; a list is one."""
    for name, value in result.items():
        if isinstance(value, dict) and value:
            yield from _told(value, f"{above}/{name}")
        else:
            yield f"{above}/{name}", value


def _figure(pointer: str, value: Any, links: Links, row: Analysis) -> dict[str, Any]:
    """A figure as one cell, a number with the mark that cites it; lists as their text."""
    name = pointer[1:].replace("/", ", ").replace("_", " ")
    if isinstance(value, list):
        text = json.dumps(value, ensure_ascii=False, indent=1)
        return {"name": name, "text": text[:20_000], "entries": len(value)}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"name": name, "number": Number(value, "", links.cite(row, pointer))}
    return {"name": name, "value": value}


def _campaign_url(request: HttpRequest, case: Case, row: Analysis) -> str:
    """The page on which each number of a campaign leads to its posts; "" for what no page shows."""
    named = [] if row.of_whole_case else list(Dataset.objects.filter(pk__in=row.datasets))
    if row.method != AnalysisMethod.CAMPAIGN or len(named) > 1:
        return ""
    page = Page(Question.of(row.method, row.parameters), next(iter(named), None))
    return f"{reverse('posts:campaign', args=[case.ref])}?{query_of(asked_of(request.user, case, page))}"


@transaction.non_atomic_requests
@require_POST
def again(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Make an analysis once more, and say whether the same came out."""
    case = get_case(request.user, ref)
    row = get_analysis(request.user, case, number)
    if is_quick(row):
        made = recompute(actor=request.user, analysis=row)
        if made.same:
            messages.success(request, "Made again: the same, byte for byte.")
        else:
            messages.error(request, "Made again: something else came out.")
    else:
        start_recomputing(actor=request.user, analysis=row)
        messages.success(request, "It is being made again; see Jobs.")
    return redirect("posts:analysis", ref, number)


@require_GET
def network(request: HttpRequest, ref: str, number: int, name: str) -> HttpResponseBase:
    """The network of an analysis as a file for other programs."""
    case = get_case(request.user, ref)
    return exporting.network_response(request.user, get_analysis(request.user, case, number), name)
