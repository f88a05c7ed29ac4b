"""My cases, a new case, its settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases import history, permissions, queries
from cases.actions.cases import create_case, update_case
from cases.exceptions import InvalidInput, StaleVersion
from cases.forms import CaseForm, VersionedSettingsForm, show_refusal
from cases.models import Case
from cases.paging import keyset_page
from cases.permissions import Permission

SORTS = {"ref": "ref", "title": "title", "created_at": "created_at"}


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases one is a member of."""
    cases = queries.cases_of(request.user)
    if words := request.GET.get("q", "").strip()[:200]:
        cases = cases.filter(title__icontains=words) | cases.filter(ref__icontains=words)
    page = keyset_page(cases, order=_order(request), cursor=request.GET.get("cursor", ""))
    context = {
        "nav": "cases",
        "page": page,
        "words": words,
        "may_create": permissions.can_create_case(request.user),
    }
    return render(request, "cases/list.html", context)


def _order(request: HttpRequest) -> str:
    sort = request.GET.get("sort", "ref")
    if sort.removeprefix("-") not in SORTS:
        raise InvalidInput("Cases cannot be sorted by this.", field="sort")
    return sort


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
    messages.success(request, "The settings are saved.")
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


def _settings_page(request: HttpRequest, case: Case, form, *, status: int = 200, merge=None) -> HttpResponse:
    context = {
        "case": case,
        "nav": "settings",
        "form": form,
        "merge": merge,
        "history": history.object_string(case),
        "facts": [
            ("Title", case.title),
            ("Scope", case.scope),
            ("Sharing", case.get_tlp_display()),
            ("Likelihood scale", case.get_likelihood_scale_display()),
            ("Editorial gate", case.get_policy_display()),
            ("Lead", case.lead),
        ],
    }
    return render(request, "cases/settings.html", context, status=status)
