"""Corrections and retractions of a case: every public note, who wrote it, and why."""

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.listing import check_filter, page_of, sort_of
from cases.paging import in_order
from cases.permissions import Permission, can
from cases.queries import get_case
from claims.enums import CorrectionKind
from claims.models import Correction
from claims.queries import corrections_of
from claims.views.publications import PublicationFilter

SORTS = {"claim": "claim__number", "kind": "kind", "at": "corrected_at", "by": "corrected_by__username"}
NEWEST_FIRST = "-corrected_at"
HEADER = ["kind", "claim", "from_version", "to_version", "public_note", "cause", "corrected_utc", "corrected_by"]


class CorrectionFilter(PublicationFilter):
    """The bar above the list of corrections."""

    q = forms.CharField(required=False, max_length=200, label="Note or cause")
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *CorrectionKind.choices])
    field_order = ["q", "kind", "since", "until"]


@require_GET
def correction_list(request: HttpRequest, ref: str) -> HttpResponse:
    """All corrections and retractions of a case, the newest first."""
    case = get_case(request.user, ref)
    form = CorrectionFilter(request.GET)
    rows = _filtered(corrections_of(request.user, case), form)
    context = {
        "case": case,
        "nav": "publications",
        "form": form,
        "page": page_of(request, rows, SORTS, NEWEST_FIRST),
        "count": rows.count(),
        "is_filtered": any(form.cleaned_data.values()),
        "csv_url": reverse("claims:corrections_csv", args=[ref]) if can(request.user, case, Permission.EXPORT) else "",
    }
    return render(request, "claims/correction_list.html", context)


@require_GET
def corrections_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The same corrections as CSV; taking the list out of the house is an event."""
    case = get_case(request.user, ref)
    rows = _filtered(corrections_of(request.user, case), CorrectionFilter(request.GET))
    record_export(actor=request.user, case=case, what="corrections", filters=request.GET.urlencode())
    lines = (_csv_row(correction) for correction in in_order(rows, sort_of(request, SORTS, NEWEST_FIRST)))
    return csv_response(f"{case.ref}-corrections-{timezone.now():%Y%m%d}.csv", HEADER, lines)


def _filtered(rows: QuerySet[Correction], form: CorrectionFilter) -> QuerySet[Correction]:
    wanted = check_filter(form)
    if wanted["q"]:
        rows = rows.filter(Q(public_note__icontains=wanted["q"]) | Q(cause__icontains=wanted["q"]))
    if wanted["kind"]:
        rows = rows.filter(kind=wanted["kind"])
    if wanted["since"]:
        rows = rows.filter(corrected_at__date__gte=wanted["since"])
    return rows.filter(corrected_at__date__lte=wanted["until"]) if wanted["until"] else rows


def _csv_row(correction: Correction) -> list[object]:
    before, after = correction.from_version.number, correction.to_version.number if correction.to_version else ""
    said = [correction.kind, str(correction.claim), before, after, correction.public_note, correction.cause]
    return [*said, correction.corrected_at.isoformat(), correction.corrected_by.username]
