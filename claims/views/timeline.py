"""The timeline of a case."""

from collections.abc import Iterator

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import InvalidInput
from cases.models import Case
from cases.permissions import Permission, can
from cases.queries import get_case
from claims import timeline
from claims.models import ClaimVersion, Publication, Review
from claims.views.parts import claim_url, url_of
from claims.wording import Labels

HEADER = ["at_utc", "precision", "clock", "kind", "title", "text", "by"]


class TimelineFilter(forms.Form):
    """Which clock, which kind of entry, between which days."""

    clock = forms.ChoiceField(required=False, choices=[("", "All three clocks"), *timeline.CLOCKS.items()])
    kind = forms.ChoiceField(required=False, choices=[("", "Everything"), *timeline.KINDS.items()])
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))


@require_GET
def case_timeline(request: HttpRequest, ref: str) -> HttpResponse:
    """Newest first, a page at a time; a fixed number of queries."""
    case = get_case(request.user, ref)
    form = _checked(request)
    entries, following = timeline.read(case, **form.cleaned_data, cursor=request.GET.get("cursor", ""))
    labels = timeline.labels_of(entries)
    context = {
        "case": case,
        "nav": "timeline",
        "form": form,
        "entries": [_line(case, entry, labels) for entry in entries],
        "page": {"next": following},
        "clocks": timeline.CLOCKS,
        "filtered": any(form.cleaned_data.values()),
        "may_export": can(request.user, case, Permission.EXPORT),
    }
    return render(request, "claims/timeline.html", context)


@require_GET
def case_timeline_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """All entries that match, as CSV, read a page at a time; taking them out of the house is an event."""
    case = get_case(request.user, ref)
    form = _checked(request)
    record_export(actor=request.user, case=case, what="timeline", filters=request.GET.urlencode())
    name = f"{case.ref}-timeline-{timezone.now():%Y%m%d}.csv"
    return csv_response(name, HEADER, _csv_rows(case, form.cleaned_data))


def _checked(request: HttpRequest) -> TimelineFilter:
    form = TimelineFilter(request.GET)
    if not form.is_valid():
        problems = [text for found in form.errors.values() for text in found]
        raise InvalidInput("This filter cannot be used: " + "; ".join(problems))
    return form


def _csv_rows(case: Case, wanted: dict) -> Iterator[list[object]]:
    following = ""
    while True:
        entries, following = timeline.read(case, **wanted, cursor=following)
        labels = timeline.labels_of(entries)
        for entry in entries:
            title, _, text, by = _words(case, entry, labels)
            yield [entry.at.isoformat(), entry.precision, entry.strand.clock, entry.strand.kind, title, text, by]
        if not following:
            return


def _line(case, entry: timeline.Entry, labels: Labels) -> dict:
    title, url, text, by = _words(case, entry, labels)
    return {
        "at": entry.at,
        "precision": entry.precision,
        "clock": entry.strand.clock,
        "clock_label": timeline.CLOCKS[entry.strand.clock],
        "kind": "stop" if getattr(entry.row, "status", "") == "suspended" else entry.strand.kind,
        "label": entry.strand.label,
        "title": title,
        "url": url,
        "text": text,
        "by": by,
    }


def _words(case, entry: timeline.Entry, labels: Labels) -> tuple[str, str, str, str]:
    row = entry.row
    if isinstance(row, ClaimVersion):
        by = str(row.author) if entry.strand.kind == "version" else ""
        return labels.statement(row), claim_url(case, row.claim.number), str(row), by
    if isinstance(row, Review):
        claim = row.version.claim
        return f"{claim}: {row.get_verdict_display().lower()}", claim_url(case, claim.number), "", str(row.reviewed_by)
    if isinstance(row, Publication):
        return (
            row.title,
            url_of("claims:publication", case.ref, row.number),
            f"Publication {row.number}",
            str(row.published_by),
        )
    if entry.strand.kind == "observation":
        name = row.account.called(row.handle) if row.handle else str(row.account)
        url = url_of("cases:account", case.ref, row.account_id)
        return (
            f"{name} seen: {row.get_status_display().lower()}",
            url,
            row.display_name,
            f"Recorded by {row.recorded_by}",
        )
    return f"E-{row.exhibit} {row.title}", url_of("evidence:item", case.ref, row.exhibit), row.publisher, ""
