"""The audit trail of a case and of one object, with proofs for readers who trust nobody."""

import io
import zipfile
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.queries import delays, latest_checkpoint
from cases import audit_trail, permissions, queries
from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import InvalidInput, NotVisible
from cases.forms import AuditFilterForm
from cases.models import Case
from cases.paging import keyset_page
from cases.permissions import Permission

NEWEST_FIRST = "-pk"
HEADER = ["recorded_at_utc", "actor", "actor_name", "action", "object", "object_seq", "reason", "place", "event_id"]


@require_GET
def audit_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything that was done in the case, newest first."""
    case = queries.get_case(request.user, ref)
    form = AuditFilterForm(request.GET)
    page = keyset_page(_filtered(request, case, form), order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    context = {
        "case": case,
        "nav": "audit",
        "form": form,
        "page": page,
        "lines": audit_trail.lines(request.user, case, page.rows),
        "checkpoint": latest_checkpoint(),
        "delays": delays(),
        "may_export": permissions.can(request.user, case, Permission.EXPORT),
    }
    return render(request, "cases/audit.html", context)


@require_GET
def object_audit(request: HttpRequest, ref: str, obj: str) -> HttpResponse:
    """The history of one object."""
    case = queries.get_case(request.user, ref)
    events = audit_trail.events_of_object(request.user, case, obj)
    page = keyset_page(events, order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    lines = audit_trail.lines(request.user, case, page.rows)
    context = {"case": case, "nav": "audit", "object": obj, "page": page, "lines": lines}
    return render(request, "cases/object_audit.html", context)


@require_GET
def audit_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The trail, narrowed as on the page, as CSV; taking it out of the house is an event of its own."""
    case = queries.get_case(request.user, ref)
    events = _filtered(request, case, AuditFilterForm(request.GET))
    record_export(actor=request.user, case=case, what="audit_trail", filters=request.GET.urlencode())
    names = audit_trail.names_of(events.order_by().values_list("actor", flat=True).distinct())
    rows = (_csv_row(event, names) for event in events.iterator(chunk_size=1000))
    return csv_response(f"{case.ref}-audit-{timezone.now():%Y%m%d}.csv", HEADER, rows)


@require_GET
def audit_proof(request: HttpRequest, ref: str, event_id: UUID) -> HttpResponse:
    """One entry with its inclusion proof and checkpoint, as a zip that `audit/offline.py` verifies alone."""
    case = queries.get_case(request.user, ref)
    event = audit_trail.get_event(request.user, case, event_id)
    proof = audit_trail.proof_of(request.user, case, event)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (proof.files() | {"checkpoint.txt": proof.checkpoint}).items():
            archive.writestr(name, content)
    return _download(buffer.getvalue(), f"proof-{event_id}.zip", "application/zip")


@require_GET
def audit_checkpoint(request: HttpRequest, ref: str) -> HttpResponse:
    """The newest signed checkpoint, to be kept where this server cannot reach it."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.AUDIT_VIEW)
    checkpoint = latest_checkpoint()
    if checkpoint is None:
        raise NotVisible
    return _download(checkpoint.note.encode(), f"checkpoint-{checkpoint.size}.txt", "text/plain; charset=utf-8")


def _filtered(request: HttpRequest, case: Case, form: AuditFilterForm):
    if not form.is_valid():
        field = next(iter(form.errors))
        raise InvalidInput(form.errors[field][0], field=field)
    data = form.cleaned_data
    return audit_trail.events_of(
        request.user,
        case,
        who=data["actor"],
        action=data["action"],
        obj=data["object"],
        since=data["since"],
        until=data["until"],
    )


def _csv_row(event, names: dict[str, str]) -> list[object]:
    who = names.get(event.actor, event.actor)
    reason = event.fields["reason"]
    when = event.fields["recorded_at"]
    place = "" if event.place is None else event.place
    return [when, event.actor, who, event.action, event.object, event.object_seq, reason, place, event.event_id]


def _download(content: bytes, filename: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response
