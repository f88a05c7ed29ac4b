"""My cases, a new case, its settings."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import history, permissions, queries
from cases.actions.cases import create_case, update_case
from cases.actions.exports import record_export_across
from cases.actions.policies import set_case_policy
from cases.csv import csv_response
from cases.exceptions import InvalidInput, NotAllowed, StaleVersion
from cases.forms import CaseFilterForm, CaseForm, PolicyForm, VersionedSettingsForm, show_refusal
from cases.listing import check_filter, page_of, sort_of
from cases.models import Case
from cases.paging import in_order
from cases.permissions import Permission
from cases.policies import NAMES, house_thresholds, thresholds_of

SORTS = {"ref": "ref", "title": "title", "lead": "lead__username", "created_at": "created_at"}
HEADER = ["ref", "title", "your_roles", "lead", "sharing", "status", "likelihood_scale", "opened_utc", "id"]


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases one is a member of."""
    form = CaseFilterForm(request.GET)
    rows = _filtered(request, queries.cases_of(request.user), form)
    may_export = queries.cases_with(request.user, Permission.EXPORT).exists()
    context = {
        "nav": "cases",
        "form": form,
        "page": page_of(request, rows, SORTS, "ref"),
        "count": rows.count(),
        "is_filtered": any(form.cleaned_data.values()),
        "csv_url": reverse("cases:list_csv") if may_export else "",
        "may_create": permissions.can_create_case(request.user),
    }
    return render(request, "cases/list.html", context)


@require_GET
def case_list_csv(request: HttpRequest) -> HttpResponseBase:
    """Those of the cases that one may export, as CSV; each case's trail tells that it was among them."""
    exportable = queries.cases_with(request.user, Permission.EXPORT)
    if not exportable.exists():
        raise NotAllowed("Your roles let you export none of your cases.")
    rows = in_order(_filtered(request, exportable, CaseFilterForm(request.GET)), sort_of(request, SORTS, "ref"))
    record_export_across(actor=request.user, cases=list(rows), what="cases", filters=request.GET.urlencode())
    return csv_response(f"cases-{timezone.now():%Y%m%d}.csv", HEADER, (_csv_row(case) for case in rows))


def _filtered(request: HttpRequest, cases: QuerySet[Case], form: CaseFilterForm) -> QuerySet[Case]:
    wanted = check_filter(form)
    if wanted["q"]:
        cases = cases.filter(Q(title__icontains=wanted["q"]) | Q(ref__icontains=wanted["q"]))
    if wanted["role"]:
        holding = request.user.memberships.filter(ended_at__isnull=True, role=wanted["role"])
        cases = cases.filter(pk__in=holding.values("case"))
    return cases.filter(tlp=wanted["tlp"]) if wanted["tlp"] else cases


def _csv_row(case: Case) -> list[object]:
    roles = " ".join(membership.role for membership in case.memberships.all())
    opened = case.created_at.isoformat()
    told = [case.ref, case.title, roles, case.lead.username]
    return [*told, case.tlp, case.status, case.likelihood_scale, opened, case.pk]


@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    """Open a case and become its lead."""
    permissions.check_create_case(request.user)
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = create_case(actor=request.user, **form.cleaned_data)
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{case.ref} is open. Add the people who work on it.")
            return redirect("cases:members", case.ref)
    return render(request, "cases/new.html", {"nav": "cases", "form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def case_settings(request: HttpRequest, ref: str) -> HttpResponse:
    """What the case is called and which rules it follows; members without the permission read it."""
    case = queries.get_case(request.user, ref)
    if request.method == "POST":
        return _save_settings(request, case)
    may_edit = permissions.can(request.user, case, Permission.CASE_EDIT)
    return _settings_page(request, case, VersionedSettingsForm.of(case) if may_edit else None)


def _save_settings(request: HttpRequest, case: Case) -> HttpResponse:
    permissions.check(request.user, case, Permission.CASE_EDIT)
    form = VersionedSettingsForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, case, form, status=400)
    changes = dict(form.cleaned_data)
    version = changes.pop("version")
    try:
        update_case(actor=request.user, case=case, expected_version=version, **changes)
    except InvalidInput as error:
        show_refusal(form, error)
        return _settings_page(request, case, form, status=400)
    except StaleVersion as error:
        return _merge_page(request, error, changes)
    messages.success(request, _("The settings are saved."))
    return redirect("cases:settings", case.ref)


def _merge_page(request: HttpRequest, error: StaleVersion, mine: dict[str, str]) -> HttpResponse:
    """Both texts side by side, and a form that saves mine over the version that is stored now."""
    theirs: Case = error.current
    who, at = history.last_change(theirs)
    fields = VersionedSettingsForm.base_fields
    changes = [
        {
            "label": fields[name].label or name.replace("_", " ").capitalize(),
            "theirs": getattr(theirs, name),
            "yours": value,
        }
        for name, value in mine.items()
        if getattr(theirs, name) != value
    ]
    form = VersionedSettingsForm(initial=mine | {"version": theirs.version})
    return _settings_page(request, theirs, form, status=412, merge={"changes": changes, "who": who, "at": at})


@require_POST
def case_policy(request: HttpRequest, ref: str) -> HttpResponse:
    """Set what the editorial gate asks of the case, with the reason."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.CASE_EDIT)
    form = PolicyForm(request.POST, house=house_thresholds())
    if form.is_valid():
        try:
            set_case_policy(actor=request.user, case=case, **form.cleaned_data)
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The policy of the gate is set; it holds from now on."))
            return redirect("cases:settings", case.ref)
    return _settings_page(request, case, VersionedSettingsForm.of(case), status=400, policy_form=form)


def _policy(request: HttpRequest, case: Case, form: PolicyForm | None) -> dict:
    """What the gate asks of a case, since when and why, and the form for those who may change it."""
    held, last = thresholds_of([case.pk])[case.pk], case.policies.last()
    if form is None and permissions.can(request.user, case, Permission.CASE_EDIT):
        own = {name: getattr(last, name, None) for name in NAMES}
        form = PolicyForm(initial={"level": case.policy} | own, house=house_thresholds())
    facts = [
        (_("Strictness"), case.get_policy_display()),
        (_("A fixity check is at most"), f"{held.fixity_days} days old"),
        (_("Evidence of a role is at most"), f"{held.role_months} months older than the conduct"),
        (_("To answer an allegation there are at least"), f"{held.reply_hours} hours"),
    ]
    changes = case.policies.select_related("set_by").order_by("-set_at", "-id")[:50]
    return {"policy_form": form, "policy_facts": facts, "policy_changes": changes}


def _settings_page(
    request: HttpRequest, case: Case, form, *, status: int = 200, merge=None, policy_form: PolicyForm | None = None
) -> HttpResponse:
    context = {
        "case": case,
        "nav": "settings",
        "form": form,
        "merge": merge,
        "history": history.object_string(case) if permissions.can(request.user, case, Permission.AUDIT_VIEW) else "",
        **_policy(request, case, policy_form),
        "facts": [
            (_("Title"), case.title),
            (_("Scope"), case.scope),
            (_("Sharing"), case.get_tlp_display()),
            (_("Likelihood scale"), case.get_likelihood_scale_display()),
            (_("Lead"), case.lead),
        ],
    }
    return render(request, "cases/settings.html", context, status=status)
