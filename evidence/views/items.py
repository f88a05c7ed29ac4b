"""One exhibit: its preserved copy, what is known of it, and its chain of custody.

Views that read originals run outside the request's transaction: the record of a damaged one must outlive the refusal,
and a long reading must not hold a transaction open. The actions they call have transactions of their own.
"""

from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.exceptions import Conflict, InvalidInput, StaleVersion
from cases.forms import show_refusal
from cases.permissions import Permission, check, permissions_of
from evidence import queries
from evidence.actions import items
from evidence.actions.derivatives import read_again as start_reading
from evidence.actions.fixity import verify_item
from evidence.actions.reading import issue_ticket, note_look, redeem_ticket
from evidence.enums import DerivativeOperation, ItemState
from evidence.filenames import shown, suspicious
from evidence.forms import ItemForm, ReadAgainForm, ReasonForm, SupersedeForm, date_text
from evidence.intake import changes_from
from evidence.models import Item, TextLayer
from evidence.permissions import can_read_item
from evidence.serving import original_response, picture_response
from evidence.views import apart
from evidence.views.page_source import MARKUP

WINDOW = 200_000
# What static/js fills from a selection, and the page of claims reads.
CITE_FIELDS = ("item", "selector_type", "exact", "prefix", "suffix", "start", "end", "page", "region")


@require_GET
def item(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """The exhibit's page. Looking at a sensitive one is on record."""
    found = queries.get_item(request.user, ref, exhibit)
    readable = can_read_item(request.user, found)
    if readable:
        note_look(actor=request.user, item=found)
    rights = permissions_of(request.user, found.case)
    context = {
        "case": found.case,
        "nav": "evidence",
        "item": found,
        "job": queries.job_on(found),
        "readable": readable,
        "damaged": bool(found.blob) and found.blob.fixity in queries.DAMAGED,
        "has_source": bool(found.blob) and found.blob.media_type in MARKUP,
        "in_use": found.state == ItemState.ACTIVE,
        "custody": queries.custody_of(found),
        "file_name": shown(found.file_name),
        "file_name_suspicious": suspicious(found.file_name),
        "published": date_text(found) or (f"n.d. ({found.no_date_reason})" if found.no_date_reason else ""),
        "may_log": Permission.EVIDENCE_LOG in rights,
        "may_cite": Permission.CLAIM_WRITE in rights and found.state == ItemState.ACTIVE,
        "may_withdraw": Permission.EVIDENCE_WITHDRAW in rights,
        "may_verify": Permission.EVIDENCE_VERIFY in rights,
        "read_again_form": ReadAgainForm(),
        "cite_fields": CITE_FIELDS,
    }
    return render(request, "evidence/item.html", context | (_content(request, found) if readable else {}))


def _content(request: HttpRequest, found: Item) -> dict[str, Any]:
    layers = queries.text_layers(found)
    layer = next((layer for layer in layers if str(layer.pk) == request.GET.get("layer")), next(iter(layers), None))
    rendition = queries.derivative_of(found, DerivativeOperation.RENDITION)
    address = [found.case.ref, found.exhibit]
    about = found.exif.get("about", {})
    return {
        "layers": layers,
        "layer": layer,
        "window": _window(layer, request.GET.get("from", "")) if layer else None,
        "rendition": rendition,
        "rendition_url": reverse("evidence:rendition", args=address) if rendition else "",
        "about": [(key.replace("_", " ").capitalize(), value) for key, value in about.items()],
        "exif": sorted(found.exif.get("exif", {}).items()),
        "gps": found.exif.get("gps", {}),
        "derivatives": list(filter(None, (rendition, queries.derivative_of(found, DerivativeOperation.THUMBNAIL)))),
    }


def _window(layer: TextLayer, start: str) -> dict[str, Any]:
    """The part of a text that is shown at once, as pages whose texts follow on each other without a gap."""
    begin = min(int(start), len(layer.text)) if start.isdigit() and len(start) < 9 else 0
    begin -= begin % WINDOW
    end = min(len(layer.text), begin + WINDOW)
    starts = [first for first, _ in layer.pages if begin < first < end]
    bounds = [begin, *starts, end]
    numbers = {first: number for number, (first, _) in enumerate(layer.pages, 1)}
    opened = max((number for first, number in numbers.items() if first <= begin), default=1)
    pages = [
        {"number": numbers.get(first, opened), "start": first, "text": layer.text[first:last]}
        for first, last in pairwise(bounds)
    ]
    following = end if end < len(layer.text) else None
    return {"pages": pages, "previous": begin - WINDOW if begin else None, "next": following, "total": len(layer.text)}


@require_GET
def picture(request: HttpRequest, ref: str, exhibit: int, operation: str) -> HttpResponseBase:
    """A rendition or thumbnail; never the original."""
    if operation not in DerivativeOperation.values:
        raise Http404
    found = queries.get_item(request.user, ref, exhibit)
    response = picture_response(request.user, found, operation)
    if response is None:
        raise Http404
    return response


@require_POST
def download(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Hand out an address that fetches the original once, within a minute, from this session."""
    found = queries.get_item(request.user, ref, exhibit)
    if settings.EVIDENCE_ORIGIN:
        token = issue_ticket(actor=request.user, item=found, holder=apart.holder())
        return redirect(apart.address_of(token))
    token = issue_ticket(actor=request.user, item=found, holder=request.session.session_key or "")
    return redirect("evidence:fetch", token)


@transaction.non_atomic_requests
@require_GET
def fetch(request: HttpRequest, token: str) -> HttpResponseBase:
    """The original, once."""
    if request.method != "GET":
        raise Http404
    found = redeem_ticket(actor=request.user, token=token, holder=request.session.session_key or "")
    return original_response(request.user, found)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Correct what is said of an exhibit; when somebody saved first, both versions are shown and nothing is lost."""
    found = queries.get_item(request.user, ref, exhibit)
    items.check_log_evidence(request.user, found.case)
    if request.method == "GET":
        return _edit_page(request, found, ItemForm(item=found, initial=ItemForm.initial_of(found)))
    form = ItemForm(request.POST, item=found)
    if not form.is_valid():
        return _edit_page(request, found, form, 400)
    reason, version = form.cleaned_data["reason"], form.cleaned_data["version"]
    try:
        changes = changes_from(request.user, found.case, form.details())
        items.change_item(actor=request.user, item=found, version=version, changes=changes, reason=reason)
    except StaleVersion as stale:
        return _edit_page(request, stale.current, _rebound(form, stale.current), 412, stale=_both(form, stale.current))
    except (InvalidInput, Conflict) as error:
        show_refusal(form, error)
        return _edit_page(request, found, form, 400)
    messages.success(request, f"E-{exhibit} saved.")
    return redirect("evidence:item", ref, exhibit)


def _rebound(form: ItemForm, stored: Item) -> ItemForm:
    """The person's own words, bound to the version that is stored now."""
    data = form.data.copy()
    data["version"] = str(stored.version)
    return ItemForm(data, item=stored)


def _both(form: ItemForm, stored: Item) -> dict[str, Any]:
    theirs = ItemForm.initial_of(stored)
    changes = [
        {"label": bound.label, "theirs": str(theirs[bound.name]), "yours": str(form.cleaned_data[bound.name])}
        for bound in form.visible_fields()
        if bound.name in theirs and str(theirs[bound.name]) != str(form.cleaned_data[bound.name])
    ]
    return {"changes": changes, "who": "Somebody", "version": stored.version}


def _edit_page(
    request: HttpRequest, found: Item, form: ItemForm, status: int = 200, *, stale: dict | None = None
) -> HttpResponse:
    context = {
        "case": found.case,
        "nav": "evidence",
        "form": form,
        "stale": stale,
        "heading": f"Describe E-{found.exhibit}",
        "lede": _("What was preserved, and how, never changes; what is said of it may be corrected."),
        "submit": _("Save"),
        "cancel_url": reverse("evidence:item", args=[found.case.ref, found.exhibit]),
    }
    return render(request, "evidence/form.html", context, status=status)


# --- steps


@transaction.non_atomic_requests
@require_POST
def verify(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Read the original again now."""
    found = queries.get_item(request.user, ref, exhibit)
    check = verify_item(actor=request.user, item=found)
    if check.state == "ok":
        messages.success(request, _("The original is unchanged."))
    else:
        messages.error(request, _("The original is not what was preserved."))
    return redirect("evidence:item", ref, exhibit)


@require_POST
def withdraw(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Take the exhibit out of use."""
    found = queries.get_item(request.user, ref, exhibit)
    check(request.user, found.case, Permission.EVIDENCE_WITHDRAW)
    items.withdraw_item(actor=request.user, item=found, reason=_reason(request))
    return redirect("evidence:item", ref, exhibit)


@require_POST
def restore(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Put the exhibit back into use."""
    found = queries.get_item(request.user, ref, exhibit)
    check(request.user, found.case, Permission.EVIDENCE_WITHDRAW)
    items.restore_item(actor=request.user, item=found, reason=_reason(request))
    return redirect("evidence:item", ref, exhibit)


@require_POST
def supersede(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Replace the exhibit by a better one."""
    found = queries.get_item(request.user, ref, exhibit)
    check(request.user, found.case, Permission.EVIDENCE_WITHDRAW)
    form = SupersedeForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Name the better exhibit and say why.", field="by")
    better = queries.get_item(request.user, ref, form.cleaned_data["by"])
    items.supersede_item(actor=request.user, item=found, by=better, reason=form.cleaned_data["reason"])
    return redirect("evidence:item", ref, exhibit)


@require_POST
def read_again(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Queue the reading of the text in an encoding that a person declares."""
    found = queries.get_item(request.user, ref, exhibit)
    check(request.user, found.case, Permission.EVIDENCE_LOG)
    form = ReadAgainForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Name the encoding.", field="charset")
    start_reading(actor=request.user, item=found, charset=form.cleaned_data["charset"])
    return redirect("evidence:item", ref, exhibit)


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Say why.", field="reason")
    return form.cleaned_data["reason"]
