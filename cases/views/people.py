"""Persons: the list, one person with their names, and the forms."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from cases import permissions, queries, subject_lists, subjects
from cases.account_pages import recent_history
from cases.actions.exports import record_export
from cases.actions.people import create_person, update_person
from cases.csv import csv_response
from cases.history import object_string
from cases.listing import check_filter, page_of
from cases.lookalikes import marks
from cases.permissions import Permission
from cases.subject_forms import NameForm, NewPersonForm, PersonFilterForm, PersonForm, ReasonForm
from cases.views.submitting import form_page, submit

SORTS = {"name": "label", "tier": "subject_tier", "created": "created_at"}
HEADER = ["name", "how_public", "other_names", "distinguished_by", "created_at_utc", "id"]
EDITED = ("label", "subject_tier", "disambiguation", "note", "version")


@require_GET
def people(request: HttpRequest, ref: str) -> HttpResponse:
    """All persons of the case under the name it uses, searched by any of their names."""
    case = queries.get_case(request.user, ref)
    form = PersonFilterForm(request.GET)
    rows = subject_lists.people(request.user, case, **check_filter(form)).prefetch_related("names")
    context = {
        "case": case,
        "nav": "people",
        "form": form,
        "page": page_of(request, rows, SORTS, "label"),
        "count": rows.count(),
        "is_filtered": any(form.cleaned_data.values()),
        "may_write": permissions.can(request.user, case, Permission.SUBJECT_WRITE),
        "may_export": permissions.can(request.user, case, Permission.EXPORT),
    }
    return render(request, "cases/people.html", context)


@require_GET
def people_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The list, narrowed as on the page, as CSV."""
    case = queries.get_case(request.user, ref)
    rows = subject_lists.people(request.user, case, **check_filter(PersonFilterForm(request.GET)))
    record_export(actor=request.user, case=case, what="people", filters=request.GET.urlencode())
    lines = [
        [person.label, person.subject_tier, other_names(person), person.disambiguation, person.created_at, person.pk]
        for person in rows.prefetch_related("names")
    ]
    return csv_response(f"{case.ref}-people-{timezone.now():%Y%m%d}.csv", HEADER, lines)


@require_GET
def person(request: HttpRequest, ref: str, person_id: UUID) -> HttpResponse:
    """One person: names by script and language, namesakes, and what the claims say."""
    case = queries.get_case(request.user, ref)
    shown = subjects.get_person(request.user, case, person_id)
    context = named_page(request, shown) | {"nav": "people", "namesakes": list(subjects.namesakes(shown)[:20])}
    return render(request, "cases/person.html", context)


@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Record a person."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    texts = {"nav": "people", "title": _("Record a person"), "submit": "Record", "back": ("cases:people", ref)}
    texts["alike"] = "person"
    texts["lede"] = _("Two people with one name are two entries; the same person under two spellings is one.")
    if request.method == "GET":
        return form_page(request, case, NewPersonForm(), **texts)
    done = submit(NewPersonForm(request.POST), lambda data: create_person(actor=request.user, case=case, **data))
    if not done.done:
        return form_page(request, case, done, **texts)
    messages.success(request, f"{done.result.label} is recorded.")
    return redirect("cases:person", ref, done.result.pk)


@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, ref: str, person_id: UUID) -> HttpResponse:
    """Change how the case calls a person, how public they are, or what tells them from namesakes."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    shown = subjects.get_person(request.user, case, person_id)
    texts = {"nav": "people", "title": f"Edit {shown.label}", "back": ("cases:person", ref, person_id)}
    texts["lede"] = _("A new name becomes the primary one; the former stays as an alias.")
    if request.method == "GET":
        return form_page(request, case, PersonForm(initial={name: getattr(shown, name) for name in EDITED}), **texts)

    def save(data: dict) -> object:
        return update_person(actor=request.user, person=shown, expected_version=data.pop("version"), **data)

    done = submit(PersonForm(request.POST), save)
    if not done.done:
        return form_page(request, case, done, **texts)
    messages.success(request, f"{done.result.label} is saved.")
    return redirect("cases:person", ref, person_id)


def other_names(person) -> str:
    """The names beside the label that have not ended, for a cell."""
    return "; ".join(name.value for name in person.names.all() if not name.ended_at and name.value != person.label)


def named_page(request: HttpRequest, shown) -> dict[str, object]:
    """What the pages of persons and organisations have in common."""
    names = list(subjects.names_of(shown))
    return {
        "case": shown.case,
        "subject": shown,
        "kind": shown._meta.model_name,
        "names": [{"name": name, "odd": marks(name.value), "is_of_merged": _owner(name) != shown.pk} for name in names],
        "odd": marks(shown.label),
        "merged": list(shown.merged_from.select_related("merged_by")),
        "object": object_string(shown),
        "history": recent_history(request.user, shown),
        "name_form": NameForm(),
        "end_form": ReasonForm(),
        "may_write": permissions.can(request.user, shown.case, Permission.SUBJECT_WRITE),
        "may_merge": permissions.can(request.user, shown.case, Permission.SUBJECT_MERGE),
    }


def _owner(name) -> UUID:
    return name.person_id or name.organisation_id
