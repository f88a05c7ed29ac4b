"""The lawyer's sign-off on a claim, and the records of why a case handles data about people."""

from uuid import UUID

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.exceptions import Conflict, InvalidInput, StaleVersion
from cases.forms import show_refusal
from cases.models import Case, Person
from cases.permissions import Permission, can, check
from cases.queries import get_case
from cases.subjects import get_person
from claims.actions.data_protection import write_record
from claims.actions.legal import sign_off
from claims.canonical import cited
from claims.enums import ReviewStage, VersionState
from claims.legal_forms import RecordForm, SignOffForm
from claims.models import ClaimVersion, DataProtectionRecord
from claims.permissions import can_clear
from claims.queries import get_version, records_of
from claims.reading import readable
from claims.views import parts


@require_http_methods(["GET", "POST"])
def claim_legal(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """What a lawyer reads of a claim, and their word on exactly that."""
    version = get_version(request.user, ref, number)
    if request.method == "GET":
        return _show(request, version, SignOffForm(initial={"content_sha256": version.content_sha256}))
    check(request.user, version.case, Permission.CLAIM_CLEAR)
    form = SignOffForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            sign_off(actor=request.user, version=version, **form.cleaned_data)
            messages.success(request, _("Your word is on record, for exactly this content."))
            return redirect("claims:legal", ref, number)
        except (Conflict, InvalidInput, StaleVersion) as error:
            show_refusal(form, error)
            status = 400 if isinstance(error, InvalidInput) else 409
    return _show(request, get_version(request.user, ref, number), form, status)


def _show(request: HttpRequest, version: ClaimVersion, form: SignOffForm, status: int = 200) -> HttpResponse:
    said = version.reviews.filter(stage=ReviewStage.LEGAL).select_related("reviewed_by").order_by("-reviewed_at")
    context = {
        "case": version.case,
        "nav": "claims",
        "version": version,
        "row": parts.rows([version])[0],
        "citations": readable(request.user, cited(version)),
        "besides": parts.besides(version),
        "said": said,
        "record": records_of(request.user, version.case).filter(person=None).last(),
        "may_clear": version.state == VersionState.SUBMITTED and can_clear(request.user, version),
        "form": form,
    }
    return render(request, "claims/legal.html", context, status=status)


@require_http_methods(["GET", "POST"])
def data_protection(request: HttpRequest, ref: str) -> HttpResponse:
    """The records of a case, the newest first; POST writes the next one for everybody in it."""
    return _records(request, get_case(request.user, ref), None)


@require_http_methods(["GET", "POST"])
def data_protection_of(request: HttpRequest, ref: str, person_id: UUID) -> HttpResponse:
    """The same for one person, whom claims can then name."""
    case = get_case(request.user, ref)
    return _records(request, case, get_person(request.user, case, person_id))


def _records(request: HttpRequest, case: Case, person: Person | None) -> HttpResponse:
    every = records_of(request.user, case).order_by("-number")
    own = [row for row in every if row.person_id == (person.pk if person else None)]
    standing = own[0] if own else next((row for row in every if row.person_id is None), None)
    form = RecordForm(request.POST or None, initial=_copied(standing), is_of_person=person is not None)
    if request.method == "POST":
        check(request.user, case, Permission.CLAIM_WRITE)
        if form.is_valid():
            try:
                write_record(actor=request.user, case=case, person=person, **form.cleaned_data)
                messages.success(request, _("The record is kept; the ones before it stay readable."))
                return redirect(request.path)
            except (Conflict, InvalidInput) as error:
                show_refusal(form, error)
    context = {
        "case": case,
        "nav": "claims",
        "person": person,
        "records": own,
        "of_people": [row for row in every if row.person_id and person is None],
        "may_write": can(request.user, case, Permission.CLAIM_WRITE),
        "form": form,
    }
    return render(request, "claims/data_protection.html", context, status=400 if form.errors else 200)


def _copied(row: DataProtectionRecord | None) -> dict:
    """What the next record begins with: the words of the last one, but for the day, which is to be thought of anew."""
    return model_to_dict(row, exclude=["review_at"]) if row else {}
