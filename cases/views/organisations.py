"""Organisations: the tree, one organisation with its names and parts, and the forms."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from cases import permissions, queries, subject_lists, subjects
from cases.actions.exports import record_export
from cases.actions.organisations import create_organisation, update_organisation
from cases.csv import csv_response
from cases.listing import check_filter, page_of
from cases.models import Case, Organisation
from cases.permissions import Permission
from cases.subject_forms import NewOrganisationForm, OrganisationFilterForm, OrganisationForm
from cases.views.people import named_page, other_names
from cases.views.submitting import form_page, submit

SORTS = {"name": "label", "kind": "kind", "created": "created_at"}
HEADER = ["name", "kind", "belongs_to", "other_names", "created_at_utc", "id"]
EDITED = ("label", "kind", "parent", "note", "version")
IN_TREE = 500


@dataclass
class Branch:
    """An organisation in the tree and how deep it stands."""

    organisation: Organisation
    depth: int


@require_GET
def organisations(request: HttpRequest, ref: str) -> HttpResponse:
    """The organisations of the case as a tree; as a plain list when searched, sorted, or too many for a tree."""
    case = queries.get_case(request.user, ref)
    form = OrganisationFilterForm(request.GET)
    rows = subject_lists.organisations(request.user, case, **check_filter(form))
    rows = rows.select_related("parent").prefetch_related("names")
    is_filtered = any(form.cleaned_data.values())
    plain = is_filtered or "sort" in request.GET or "cursor" in request.GET
    tree = [] if plain else list(rows.order_by("label")[: IN_TREE + 1])
    context = {
        "case": case,
        "nav": "organisations",
        "form": form,
        "count": rows.count(),
        "is_filtered": is_filtered,
        "tree": in_tree(tree) if len(tree) <= IN_TREE else [],
        "page": page_of(request, rows, SORTS, "label"),
        "may_write": permissions.can(request.user, case, Permission.SUBJECT_WRITE),
        "may_export": permissions.can(request.user, case, Permission.EXPORT),
    }
    return render(request, "cases/organisations.html", context)


@require_GET
def organisations_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The list, narrowed as on the page, as CSV."""
    case = queries.get_case(request.user, ref)
    rows = subject_lists.organisations(request.user, case, **check_filter(OrganisationFilterForm(request.GET)))
    record_export(actor=request.user, case=case, what="organisations", filters=request.GET.urlencode())
    lines = [
        [o.label, o.kind, o.parent.label if o.parent else "", other_names(o), o.created_at, o.pk]
        for o in rows.select_related("parent").prefetch_related("names")
    ]
    return csv_response(f"{case.ref}-organisations-{timezone.now():%Y%m%d}.csv", HEADER, lines)


@require_GET
def organisation(request: HttpRequest, ref: str, organisation_id: UUID) -> HttpResponse:
    """One organisation: its names, what it belongs to and what belongs to it, and what the claims say."""
    case = queries.get_case(request.user, ref)
    shown = subjects.get_organisation(request.user, case, organisation_id)
    parts = Organisation.objects.filter(parent__in=subjects.family(shown), merged_into__isnull=True)
    context = named_page(request, shown) | {"nav": "organisations", "parts": list(parts[:200])}
    return render(request, "cases/organisation.html", context)


@require_http_methods(["GET", "POST"])
def organisation_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Record an organisation."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    texts = {"nav": "organisations", "title": _("Record an organisation"), "submit": "Record"}
    texts |= {"alike": "organisation", "back": ("cases:organisations", ref)}
    texts["lede"] = _("Parties, state bodies, newsrooms, NGOs, companies.")
    parents = _parents(request, case)
    if request.method == "GET":
        initial = {"parent": request.GET.get("parent", "")}
        return form_page(request, case, NewOrganisationForm(parents=parents, initial=initial), **texts)
    form = NewOrganisationForm(request.POST, parents=parents)
    done = submit(form, lambda data: create_organisation(actor=request.user, case=case, **data))
    if not done.done:
        return form_page(request, case, done, **texts)
    messages.success(request, f"{done.result.label} is recorded.")
    return redirect("cases:organisation", ref, done.result.pk)


@require_http_methods(["GET", "POST"])
def organisation_edit(request: HttpRequest, ref: str, organisation_id: UUID) -> HttpResponse:
    """Change how the case calls an organisation, its kind, or what it belongs to."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    shown = subjects.get_organisation(request.user, case, organisation_id)
    texts = {"nav": "organisations", "title": f"Edit {shown.label}"}
    texts |= {"back": ("cases:organisation", ref, organisation_id), "lede": _("The former name stays as an alias.")}
    parents = _parents(request, case).exclude(pk=organisation_id)
    if request.method == "GET":
        initial = {name: getattr(shown, name) for name in EDITED}
        return form_page(request, case, OrganisationForm(parents=parents, initial=initial), **texts)

    def save(data: dict) -> object:
        version = data.pop("version")
        return update_organisation(actor=request.user, organisation=shown, expected_version=version, **data)

    done = submit(OrganisationForm(request.POST, parents=parents), save)
    if not done.done:
        return form_page(request, case, done, **texts)
    messages.success(request, f"{done.result.label} is saved.")
    return redirect("cases:organisation", ref, organisation_id)


def in_tree(rows: Iterable[Organisation]) -> list[Branch]:
    """The rows in the order of the tree, each with its depth; what stands under a merged parent comes to the top."""
    rows = list(rows)
    known = {row.pk for row in rows}
    below = defaultdict(list)
    for row in rows:
        parent = row.parent.merged_into_id or row.parent_id if row.parent else None
        below[parent if parent in known else None].append(row)
    return _branches(below, None, 0)


def _branches(below: dict, parent: UUID | None, depth: int) -> list[Branch]:
    made = []
    for row in below.pop(parent, []):
        made += [Branch(row, depth), *_branches(below, row.pk, depth + 1)]
    return made


def _parents(request: HttpRequest, case: Case):
    return subject_lists.organisations(request.user, case).order_by("label")
