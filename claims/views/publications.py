"""Publications: choosing what leaves the house, the frozen record of what left, and its dossier."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit import keys
from audit.exceptions import AuditError, NotIncluded
from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import InvalidInput
from cases.forms import show_refusal
from cases.listing import check_filter, page_of, sort_of
from cases.models import Case
from cases.paging import in_order
from cases.permissions import Permission, can, permissions_of
from cases.queries import get_case
from cases.sentences import in_words
from claims.actions.publications import publish
from claims.dossier.later import corrections_since, earlier_versions
from claims.dossier.snapshot import thaw
from claims.dossier.vouched import NotVouchedFor, differences
from claims.enums import VersionState
from claims.exceptions import GateRefused
from claims.forms import PublishForm
from claims.models import ClaimVersion, GateEvaluation, Publication
from claims.permissions import check_publish
from claims.phrasing import is_french
from claims.queries import corrections_of, get_publication, publications_of, standing_versions
from claims.serving import dossier_response
from claims.views import parts

MOST_APPROVED = 100
# Corrections beside the publications; all of them have a list of their own.
NEWEST = 10
SORTS = {"number": "number", "title": "title", "published": "published_at", "by": "published_by__username"}
HEADER = ["number", "title", "published_utc", "published_by", "snapshot_sha256", "note"]


class PublicationFilter(forms.Form):
    """The bar above the list of publications."""

    q = forms.CharField(required=False, max_length=200, label="Title or note")
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))


@require_GET
def publication_list(request: HttpRequest, ref: str) -> HttpResponse:
    """All publications of a case, the newest first."""
    case = get_case(request.user, ref)
    rights = permissions_of(request.user, case)
    form = PublicationFilter(request.GET)
    rows = _filtered(publications_of(request.user, case), form)
    context = {
        "case": case,
        "nav": "publications",
        "form": form,
        "page": page_of(request, rows, SORTS, "-number"),
        "count": rows.count(),
        "is_filtered": any(form.cleaned_data.values()),
        "csv_url": reverse("claims:publications_csv", args=[ref]) if Permission.EXPORT in rights else "",
        "corrections": list(corrections_of(request.user, case)[:NEWEST]),
        "approved": standing_versions(case).filter(state=VersionState.APPROVED).count(),
        "may_publish": Permission.CLAIM_PUBLISH in rights,
    }
    return render(request, "claims/publications.html", context)


@require_GET
def publications_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The same publications as CSV; taking the list out of the house is an event."""
    case = get_case(request.user, ref)
    rows = _filtered(publications_of(request.user, case), PublicationFilter(request.GET))
    record_export(actor=request.user, case=case, what="publications", filters=request.GET.urlencode())
    lines = (_csv_row(publication) for publication in in_order(rows, sort_of(request, SORTS, "-number")))
    return csv_response(f"{case.ref}-publications-{timezone.now():%Y%m%d}.csv", HEADER, lines)


def _filtered(rows: QuerySet[Publication], form: PublicationFilter) -> QuerySet[Publication]:
    wanted = check_filter(form)
    if wanted["q"]:
        rows = rows.filter(Q(title__icontains=wanted["q"]) | Q(note__icontains=wanted["q"]))
    if wanted["since"]:
        rows = rows.filter(published_at__date__gte=wanted["since"])
    return rows.filter(published_at__date__lte=wanted["until"]) if wanted["until"] else rows


def _csv_row(publication: Publication) -> list[object]:
    when, by = publication.published_at.isoformat(), publication.published_by.username
    return [publication.number, publication.title, when, by, publication.snapshot_sha256, publication.note]


# Publishing keeps a refused run of the gate and waits for the signed log after its own commit.
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def publish_form(request: HttpRequest, ref: str) -> HttpResponse:
    """Approved claims with what the gate says of each now; the gate is asked again when they leave."""
    case = get_case(request.user, ref)
    check_publish(request.user, case)
    versions = list(
        standing_versions(case).filter(state=VersionState.APPROVED).order_by("claim__number")[:MOST_APPROVED]
    )
    rows = parts.rows(versions)
    choices = [(str(row["number"]), f"C-{row['number']} {row['statement']}") for row in rows]
    language = "fr" if rows and all(is_french(row["version"].language) for row in rows) else "en"
    initial = {"claims": [value for value, _ in choices], "language": language}
    form = PublishForm(request.POST or None, versions=choices, initial=initial)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            chosen = [row["version"] for row in rows if str(row["number"]) in form.cleaned_data["claims"]]
            answer = _publish(request, case, form, chosen)
            if isinstance(answer, HttpResponse):
                return answer
            status = answer
    _attach_findings(rows, permissions_of(request.user, case))
    context = {"case": case, "nav": "publications", "form": form, "rows": rows}
    return render(request, "claims/publish.html", context, status=status)


def _attach_findings(rows: list[dict], rights: frozenset[Permission]) -> None:
    """What the gate said of each claim when it was last asked; it is asked again when they leave."""
    versions = {row["version"].pk: row["version"] for row in rows}
    runs = GateEvaluation.objects.filter(version__in=versions).order_by("version_id", "-evaluated_at", "-id")
    last = {run.version_id: run.results for run in runs.distinct("version_id")}
    for row in rows:
        lines = parts.findings(row["version"], last.get(row["version"].pk, []), rights)
        row["findings"] = [line for line in lines if not line["passed"]]


def _publish(request: HttpRequest, case: Case, form: PublishForm, chosen: list[ClaimVersion]) -> HttpResponse | int:
    """To the new publication; otherwise the status of the form that says why not."""
    frame = {name: form.cleaned_data[name] for name in ("title", "note", "language")}
    try:
        publication = publish(actor=request.user, case=case, versions=chosen, **frame)
    except InvalidInput as error:
        show_refusal(form, error)
        return 400
    except GateRefused as error:
        form.add_error("claims", in_words(error))
        return 409
    except NotIncluded:
        messages.warning(request, gettext("Published. The log has not been signed since; the dossier waits for that."))
        return redirect("claims:publications", case.ref)
    messages.success(request, gettext("Published: %(title)s.") % {"title": publication.title})
    return redirect("claims:publication", case.ref, publication.number)


@require_GET
def publication_page(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """What left the house, as it was frozen; nothing on this page but corrections changes."""
    publication = get_publication(request.user, ref, number)
    case = publication.case
    snapshot = thaw(publication.snapshot)
    current = {
        str(pk): state
        for pk, state in ClaimVersion.objects.filter(published_in__publication=publication).values_list("pk", "state")
    }
    newest = {row["claim"]: row for row in corrections_since(publication)}
    earlier = earlier_versions(publication)
    for claim in snapshot["claims"]:
        claim["earlier"] = earlier.get(claim["number"], [])
        claim["state_now"] = current.get(claim["version_id"], "")
        claim["url"] = reverse("claims:version", args=[case.ref, claim["number"], claim["version"]])
        claim["since"] = newest.get(claim["number"])
    numbers = [claim["number"] for claim in snapshot["claims"]]
    context = {
        "case": case,
        "nav": "publications",
        "publication": publication,
        "claims": snapshot["claims"],
        "differences": differences(publication),
        "exhibits": len(snapshot["exhibits"]),
        "corrections": list(corrections_of(request.user, case).filter(claim__number__in=numbers)),
        "vkey": _vkey(),
        "redactions": list(publication.redactions.select_related("made_by")),
        "may_redact": can(request.user, case, Permission.CLAIM_PUBLISH),
        "size": len(publication.snapshot),
    }
    return render(request, "claims/publication.html", context)


# The seal must be committed before the log can sign it.
@transaction.non_atomic_requests
@require_POST
def publication_dossier(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The dossier as a zip file, the newest redaction where there is one; each download leaves its event."""
    publication = get_publication(request.user, ref, number)
    try:
        return dossier_response(request.user, publication, request.POST.get("redaction"))
    except NotIncluded:
        messages.error(
            request, gettext("The log has not been signed yet since the pages were sealed. Try again in a moment.")
        )
    except NotVouchedFor as error:
        messages.error(request, in_words(error))
    return redirect("claims:publication", publication.case.ref, publication.number)


def _vkey() -> str:
    try:
        return keys.trusted_vkeys()[-1]
    except AuditError:
        return ""
