"""Looking a picture up without logging it, and the aids of an exhibit."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.exceptions import InvalidInput
from cases.forms import show_refusal
from cases.models import Case
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from evidence import queries, reuse
from evidence.actions.aids import has_aids, start_aids
from evidence.actions.judging import note_finding
from evidence.actions.looking_up import start_look_up
from evidence.elsewhere import PLACES
from evidence.enums import DerivativeOperation
from evidence.hints import hints_of, seams_of
from evidence.media_forms import FindingForm, LookUpForm
from evidence.models import Frame, LookUp
from evidence.permissions import check_match_media, check_read_item
from evidence.serving import made_response
from evidence.views.outlines import TONES, corners, points


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest, ref: str) -> HttpResponse:
    """The form that takes a picture; its bytes are gone when the answer is sent."""
    case = get_case(request.user, ref)
    check_match_media(request.user, case)
    form = LookUpForm(request.POST, request.FILES) if request.method == "POST" else LookUpForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = start_look_up(actor=request.user, case=case, stream=file, size=file.size)
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            return redirect("evidence:looked_up", ref, row.pk)
    recent = LookUp.objects.visible_to(request.user).filter(case=case, actor=request.user)[:20]
    context = {"case": case, "nav": "media", "form": form, "recent": recent, "places": PLACES}
    return render(request, "evidence/look_up.html", context, status=400 if form.is_bound else 200)


@require_GET
def looked_up(request: HttpRequest, ref: str, look_up_id: UUID) -> HttpResponse:
    """What was found, as soon as it is known."""
    case = get_case(request.user, ref)
    row = reuse.get_look_up(request.user, case, look_up_id)
    context = {"case": case, "nav": "media", "row": row, "places": PLACES} | _results(request, case, row)
    name = "evidence/parts/looked_up.html" if request.headers.get("HX-Request") else "evidence/looked_up.html"
    return render(request, name, context)


def _results(request: HttpRequest, case: Case, row: LookUp) -> dict[str, Any]:
    if row.result is None:
        return {"found": None}
    frames = Frame.objects.in_bulk([one["frame"] for one in row.result["matches"]])
    others = Case.objects.visible_to(request.user).exclude(pk=case.pk)
    pictures = reuse.shown(request.user, case, frames.values(), others)
    found = [
        {
            "number": number,
            "tone": (number - 1) % TONES + 1,
            "picture": pictures[one["frame"]],
            "kind": one["kind"],
            "mirrored": one["mirrored"],
            "score": one["score"],
            "query_points": [points(region["query_polygon"]) for region in one["regions"]],
            "stored_outlines": [
                {"points": points(region["stored_polygon"]), "tone": (number - 1) % TONES + 1}
                for region in one["regions"]
            ],
        }
        for number, one in enumerate((one for one in row.result["matches"] if one["frame"] in pictures), 1)
    ]
    without = [points(corners(region)) for region in row.result["unexplained"]] if found else []
    return {"found": found, "without": without}


# --- aids


@require_GET
def aids(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """What may hint at changes of an exhibit's picture; each with what it cannot tell."""
    item = queries.get_item(request.user, ref, exhibit)
    check_read_item(request.user, item)
    report = reuse.report_of(item)
    seams = seams_of(reuse.frames_of(item))
    context = {
        "case": item.case,
        "nav": "evidence",
        "item": item,
        "report": report,
        "hints": hints_of(item, report, seams) if report and "problem" not in report.facts else [],
        "problem": report.facts.get("problem", "") if report else "",
        "seams": [{"points": points(corners(one)), "tone": n % TONES + 1} for n, one in enumerate(seams)],
        "rendition": queries.derivative_of(item, DerivativeOperation.RENDITION),
        "error_level": dict(zip(("sha256", "width", "height"), report.facts["error_level"], strict=True))
        if report and "error_level" in report.facts
        else None,
        "possible": has_aids(item),
        "findings": item.media_findings.select_related("found_by"),
        "finding_form": FindingForm(),
        "may_match": Permission.MEDIA_MATCH in permissions_of(request.user, item.case),
    }
    return render(request, "evidence/aids.html", context)


@require_GET
def error_level(request: HttpRequest, ref: str, exhibit: int) -> HttpResponseBase:
    """The picture of the error level."""
    item = queries.get_item(request.user, ref, exhibit)
    report = reuse.report_of(item)
    response = made_response(request.user, item, report.facts.get("error_level", [""])[0] if report else "")
    if response is None:
        raise Http404
    return response


@require_POST
def finding(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Write down what was found out about the picture."""
    item = queries.get_item(request.user, ref, exhibit)
    check_match_media(request.user, item.case)
    form = FindingForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Say what kind of picture it is, and where you looked, in ten characters.", field="note")
    note_finding(actor=request.user, item=item, **form.cleaned_data)
    messages.success(request, _("Written down."))
    return redirect("evidence:aids", ref, exhibit)


@require_POST
def aids_make(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """Queue the making of the aids."""
    item = queries.get_item(request.user, ref, exhibit)
    start_aids(actor=request.user, item=item)
    messages.success(request, _("The hints are being made; load the page again in a moment."))
    return redirect("evidence:aids", ref, exhibit)
