"""Follow lists: how one comes in, what it says, and what they say of one account of the case."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.exceptions import CaseworkError
from cases.forms import show_refusal
from cases.paging import keyset_page
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from cases.subjects import get_account
from evidence.queries import get_item
from posts.actions.analyses import ask_and_answer
from posts.actions.following import read_list, record_list
from posts.actions.reading import note_reading_of_lists
from posts.following import accounts_named, following_of
from posts.forms import FollowForm, SendForm
from posts.permissions import check_import_posts
from posts.queries import follow_entries_of, follow_lists_of, get_follow_list
from posts.questions import Question
from posts.states import AnalysisMethod

PAGE = 200
SHOWN_ENTRIES = 20


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def follow_lists(request: HttpRequest, ref: str) -> HttpResponse:
    """The follow lists of a case, and the form by which a file of one comes in as an exhibit."""
    case = get_case(request.user, ref)
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm()
    form.fields["file"].help_text = "Pages of the platform's API, lines of profiles, ids one a line, CSV, TSV or XLSX."
    if form.is_bound:
        check_import_posts(request.user, case)
        if form.is_valid():
            return redirect("posts:follow_record", ref, form.log(request.user, case).exhibit)
    context = {
        "case": case,
        "nav": "posts",
        "form": form,
        "rows": follow_lists_of(request.user, case).order_by("-number"),
        "may_record": Permission.EVIDENCE_LOG in permissions_of(request.user, case),
    }
    return render(request, "posts/follow_lists.html", context, status=400 if form.is_bound else 200)


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def follow_record(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """What the list in an exhibit is read as, and whose it is; then keep it."""
    item = get_item(request.user, ref, exhibit)
    check_import_posts(request.user, item.case)
    form = FollowForm(request.POST) if request.method == "POST" else None
    found, problem = None, ""
    try:
        found = read_list(request.user, item)
        if form is not None and form.is_valid():
            kept = record_list(actor=request.user, item=item, said=form.said())
            return redirect("posts:follow_list", ref, kept.number)
    except CaseworkError as error:
        if found is None:
            problem = str(error)
        else:
            show_refusal(form, error)
    context = {
        "case": item.case,
        "nav": "posts",
        "item": item,
        "problem": problem,
        "found": found,
        "first": found["entries"][:SHOWN_ENTRIES] if found else [],
        "form": form if form is not None else FollowForm(initial=_initial(found)),
    }
    return render(request, "posts/follow_record.html", context, status=200 if form is None else 400)


def _initial(found: dict[str, Any] | None) -> dict[str, Any]:
    """What the file says of itself; that it is complete says a person."""
    told = found["told"] if found else {}
    return {name: told.get(name, "") for name in ("platform", "account", "direction", "observed_at")}


@require_GET
def follow_list(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One list: whose, as of when, and who is on it."""
    case = get_case(request.user, ref)
    row = get_follow_list(request.user, case, number)
    note_reading_of_lists(actor=request.user, lists=[row])
    rows = follow_entries_of(request.user, case).filter(list=row)
    page = keyset_page(rows, order="pk", cursor=request.GET.get("cursor", ""), size=PAGE)
    accounts = accounts_named(case, row.platform, [row.account, *(entry.author_id for entry in page.rows)])
    context = {
        "case": case,
        "nav": "posts",
        "row": row,
        "page": page,
        "entries": [(entry, accounts.get(entry.author_id)) for entry in page.rows],
        "owner": accounts.get(row.account),
        "may_ask": Permission.EVIDENCE_LOG in permissions_of(request.user, case),
    }
    return render(request, "posts/follow_list.html", context)


@transaction.non_atomic_requests
@require_POST
def follow_count(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Make an analysis of one list, whose numbers can be cited."""
    case = get_case(request.user, ref)
    row = get_follow_list(request.user, case, number)
    question = Question(AnalysisMethod.FOLLOWS)
    made = ask_and_answer(actor=request.user, case=case, question=question, lists=[row])
    return redirect("posts:analysis", ref, made.number)


@require_GET
def follows_of(request: HttpRequest, ref: str, account_id: UUID) -> HttpResponse:
    """What the lists say of one account, for its page."""
    case = get_case(request.user, ref)
    account = get_account(request.user, case, account_id)
    found = following_of(request.user, account)
    note_reading_of_lists(actor=request.user, lists={*found.own, *found.stands_in})
    return render(request, "posts/parts/follows_of.html", {"case": case, "found": found})
