"""Adding evidence: files, pasted text, links."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.exceptions import Conflict, InvalidInput
from cases.forms import show_refusal
from cases.models import Case
from cases.queries import get_case
from evidence.actions import items
from evidence.actions.uploads import cancel_upload
from evidence.exceptions import VaultError
from evidence.filenames import shown
from evidence.forms import DetailsForm, LinkForm, PasteForm, UploadForm
from evidence.intake import details_from
from evidence.models import Item
from evidence.permissions import check_log_evidence
from evidence.queries import get_upload, open_uploads_of

REFUSALS = (InvalidInput, Conflict, VaultError)


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, ref: str) -> HttpResponse:
    """Drop files here. Without JavaScript the form sends them at once, which suits small files only."""
    case = _open_case(request, ref)
    form = UploadForm(_sent(request), case=case)
    if request.method == "POST" and form.is_valid():
        logged = _log_files(request, case, form)
        if logged and form.is_valid():
            messages.success(request, f"{len(logged)} file{'s' if len(logged) > 1 else ''} preserved.")
            return redirect("evidence:list", ref)
    context = {
        "case": case,
        "nav": "evidence",
        "form": form,
        "create_url": reverse("upload-list", args=[ref]),
        "max_bytes": settings.MAX_EVIDENCE_BYTES,
        "unfinished": open_uploads_of(request.user, case)[:20],
    }
    return render(
        request, "evidence/upload.html", context, status=400 if form.is_bound and not form.is_valid() else 200
    )


def _log_files(request: HttpRequest, case: Case, form: UploadForm) -> list[Item]:
    files = request.FILES.getlist("files")
    logged = []
    if not files:
        form.add_error(None, _("Choose at least one file."))
    for file in files:
        try:
            details = details_from(request.user, case, form.details())
            logged.append(
                items.log_file(actor=request.user, case=case, stream=file, file_name=file.name or "", details=details)
            )
        except REFUSALS as error:
            show_refusal(form, type(error)(f"{file.name}: {error}") if type(error) is Conflict else error)
    return logged


@require_POST
def cancel(request: HttpRequest, ref: str, upload_id: UUID) -> HttpResponse:
    """Give up one of one's unfinished uploads."""
    _open_case(request, ref)
    upload = cancel_upload(actor=request.user, upload=get_upload(request.user, upload_id))
    messages.success(request, f"The upload of {shown(upload.file_name)} was given up.")
    return redirect("evidence:upload", ref)


@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest, ref: str) -> HttpResponse:
    """Preserve a text that somebody copied."""
    case = _open_case(request, ref)
    form = PasteForm(_sent(request), case=case)

    def log() -> Item:
        details = details_from(request.user, case, form.details())
        return items.log_text(actor=request.user, case=case, text=form.cleaned_data["text"], details=details)

    lede = _("The text is preserved as it is and can be cited at once.")
    return _add(request, case, form, log, _("Paste a text"), lede)


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, ref: str) -> HttpResponse:
    """Note an address without a copy."""
    case = _open_case(request, ref)
    form = LinkForm(_sent(request), case=case)

    def log() -> Item:
        details = details_from(request.user, case, form.details())
        return items.log_link(actor=request.user, case=case, details=details)

    lede = _("Only the address is noted; nothing is fetched. A link proves nothing until a copy of it is preserved.")
    return _add(request, case, form, log, _("Note a link"), lede)


def _add(request: HttpRequest, case: Case, form: DetailsForm, log: Callable[[], Item], *words: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            item = log()
        except REFUSALS as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Logged as E-{item.exhibit}.")
            return redirect("evidence:item", case.ref, item.exhibit)
    context = {"case": case, "nav": "evidence", "form": form, "heading": words[0], "lede": words[1]}
    context |= {"submit": _("Preserve"), "cancel_url": reverse("evidence:list", args=[case.ref])}
    return render(request, "evidence/form.html", context, status=400 if form.errors else 200)


def _open_case(request: HttpRequest, ref: str) -> Case:
    case = get_case(request.user, ref)
    check_log_evidence(request.user, case)
    return case


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, even when that is nothing; None for a page that is only asked for."""
    return request.POST if request.method == "POST" else None
