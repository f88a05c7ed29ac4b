"""Files of posts: their list, how one comes in, and what became of it."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import CaseworkError, InvalidInput
from cases.forms import show_refusal
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from evidence.enums import ItemKind, ItemState
from evidence.models import Item
from evidence.queries import get_item, items_of
from posts import exporting
from posts.actions.importing import READER_VERSION, How, start_import
from posts.actions.reading import note_reading
from posts.actions.rereading import is_outdated, start_rereading, successor_of
from posts.forms import PARTS, HowForm, RereadForm, SendForm
from posts.looking import Look, look_at
from posts.permissions import check_import_posts
from posts.queries import datasets_of, get_dataset, rejected_of

MOST_OFFERED = 100
SHOWN_REJECTED = 50
# What cannot be a file of posts by its kind is not offered; the API takes any exhibit.
OFFERED = (ItemKind.DATASET, ItemKind.DOCUMENT, ItemKind.OTHER)


@require_GET
def datasets(request: HttpRequest, ref: str) -> HttpResponse:
    """The files of posts of a case."""
    case = get_case(request.user, ref)
    context = {
        "case": case,
        "nav": "posts",
        "rows": datasets_of(request.user, case).with_successors().order_by("-number"),
        "reader": READER_VERSION,
        "may_import": Permission.EVIDENCE_LOG in permissions_of(request.user, case),
    }
    return render(request, "posts/datasets.html", context)


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def import_(request: HttpRequest, ref: str) -> HttpResponse:
    """Send a file, which becomes an exhibit, or choose one that is there."""
    case = get_case(request.user, ref)
    check_import_posts(request.user, case)
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm()
    if form.is_bound and form.is_valid():
        return redirect("posts:import_how", ref, form.log(request.user, case).exhibit)
    offered = items_of(request.user, case).filter(state=ItemState.ACTIVE, blob__isnull=False, kind__in=OFFERED)
    context = {"case": case, "nav": "posts", "form": form, "offered": offered.order_by("-exhibit")[:MOST_OFFERED]}
    return render(request, "posts/import.html", context, status=400 if form.is_bound else 200)


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def import_how(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """What a file would be read as: its first rows, the zone, the columns, and what is lost; then read it."""
    item = get_item(request.user, ref, exhibit)
    check_import_posts(request.user, item.case)
    if item.blob_id is None:
        raise InvalidInput("A link has no preserved file to read.", field="exhibit")
    look, problem = _look(request, item, How())
    columns = look.columns if look else []
    if request.method == "GET":
        return _screen(request, item, HowForm(initial=_initial(item, look), columns=columns), (look, problem))
    form = HowForm(request.POST, columns=columns)
    if not form.is_valid():
        return _screen(request, item, form, (look, problem), status=400)
    try:
        how = form.how()
        found = _look(request, item, how)
        if _is_order_missing(how, found[0]):
            form.add_error("day_order", _("Say which comes first: no reading of these dates is taken without a word."))
            return _screen(request, item, form, found, status=400)
        if request.POST.get("step") == "import":
            dataset = start_import(actor=request.user, item=item, how=how, about=form.about())
            return redirect("posts:dataset", ref, dataset.number)
    except CaseworkError as error:
        show_refusal(form, error)
        return _screen(request, item, form, (look, problem), status=400)
    return _screen(request, item, form, found)


def _is_order_missing(how: How, look: Look | None) -> bool:
    return bool(how.mapping and not how.mapping.day_order and look and look.dates)


def _look(request: HttpRequest, item: Item, how: How) -> tuple[Look | None, str]:
    try:
        return look_at(request.user, item, how), ""
    except InvalidInput as error:
        return None, str(error)


def _initial(item: Item, look: Look | None) -> dict[str, Any]:
    """What the file itself suggests, to be confirmed by a person."""
    initial: dict[str, Any] = {"title": item.title, "format": "auto" if look is None or look.is_known else "mapping"}
    if look and not look.is_known:
        initial |= {f"column_{part}": look.proposal.get(part, "") for part in PARTS}
        initial["day_order"] = look.proposal.get("day_order", "")
    return initial


def _screen(
    request: HttpRequest, item: Item, form: HowForm, found: tuple[Look | None, str], status: int = 200
) -> HttpResponse:
    look, problem = found
    context = {
        "case": item.case,
        "nav": "posts",
        "item": item,
        "form": form,
        "look": look,
        "problem": problem,
        "table": [list(row.values()) for row in look.rows] if look else [],
        "header": list(look.rows[0]) if look and look.rows else [],
    }
    return render(request, "posts/import_how.html", context, status=status)


@require_GET
def dataset(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """What became of a file: its counts, the rows that were refused, what it covers and cannot show."""
    case = get_case(request.user, ref)
    row = get_dataset(request.user, case, number)
    note_reading(actor=request.user, case=case, among=[row.pk])
    rights = permissions_of(request.user, case)
    later = successor_of(row)
    is_waiting = row.run is not None and not row.run.is_final and not row.run.cancel_requested
    context = {
        "case": case,
        "nav": "posts",
        "row": row,
        "may_cancel": is_waiting and Permission.EVIDENCE_LOG in rights,
        "later": later,
        "is_outdated": is_outdated(row),
        "reader": READER_VERSION,
        "reread_form": RereadForm() if is_outdated(row) and not later and Permission.EVIDENCE_LOG in rights else None,
        "rejected": rejected_of(request.user, case).filter(dataset=row).order_by("pk")[:SHOWN_REJECTED],
        "may_export": Permission.EXPORT in rights,
    }
    return render(request, "posts/dataset.html", context)


@require_POST
def read_again(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Queue another reading of the preserved file, by the present reader."""
    case = get_case(request.user, ref)
    check_import_posts(request.user, case)
    form = RereadForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("A server is a domain name such as mastodon.social.", field="server")
    row = get_dataset(request.user, case, number)
    made = start_rereading(actor=request.user, dataset=row, server=form.cleaned_data["server"])
    return redirect("posts:dataset", ref, made.number)


@require_GET
def rejected(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    """All refused rows as CSV, with line and reason."""
    case = get_case(request.user, ref)
    row = get_dataset(request.user, case, number)
    record_export(actor=request.user, case=case, what=f"rejected records of {row.label}")
    lines = exporting.rejected_lines(rejected_of(request.user, case).filter(dataset=row))
    return csv_response(exporting.name_of(case, f"{row.label}-rejected"), exporting.REJECTED_HEADER, lines)
