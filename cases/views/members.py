"""Who works on a case: added by exact name, given another role, taken off."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases import permissions, queries
from cases.actions.cases import transfer_lead
from cases.actions.members import add_member, change_role, end_membership
from cases.exceptions import Conflict, InvalidInput
from cases.forms import LeadForm, MemberForm, RoleForm, show_refusal
from cases.models import Case
from cases.permissions import Permission


@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, ref: str) -> HttpResponse:
    """Everybody on the case, and the form that adds one person in one role."""
    case = queries.get_case(request.user, ref)
    if request.method == "GET":
        return _page(request, case, MemberForm())
    permissions.check(request.user, case, Permission.MEMBER_MANAGE)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            user = queries.find_user(form.cleaned_data["user"])
            add_member(actor=request.user, case=case, user=user, role=form.cleaned_data["role"])
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{user} works on {case.ref} now.")
            return redirect("cases:members", case.ref)
    return _page(request, case, form, status=400)


@require_POST
def member_role(request: HttpRequest, ref: str, membership_id: UUID) -> HttpResponse:
    """Give one member another role."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.MEMBER_MANAGE)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Choose one of the roles.", field="role")
    new = change_role(actor=request.user, case=case, membership_id=membership_id, role=form.cleaned_data["role"])
    messages.success(request, f"{new.user} is {new.get_role_display().lower()} now.")
    return redirect("cases:members", case.ref)


@require_POST
def member_end(request: HttpRequest, ref: str, membership_id: UUID) -> HttpResponse:
    """Take one role of one member away."""
    case = queries.get_case(request.user, ref)
    ended = end_membership(actor=request.user, case=case, membership_id=membership_id)
    messages.success(request, f"{ended.user} is no longer {ended.get_role_display().lower()} of {case.ref}.")
    return redirect("cases:members", case.ref)


@require_POST
def lead(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand the case over."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.MEMBER_MANAGE)
    form = LeadForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Name the new lead.", field="user")
    case = transfer_lead(actor=request.user, case=case, to=queries.find_user(form.cleaned_data["user"]))
    messages.success(request, f"{case.lead} leads {case.ref} now.")
    return redirect("cases:members", case.ref)


def _page(request: HttpRequest, case: Case, form: MemberForm, *, status: int = 200) -> HttpResponse:
    may_manage = permissions.can(request.user, case, Permission.MEMBER_MANAGE)
    context = {
        "case": case,
        "nav": "members",
        "members": queries.members_of(case),
        "may_manage": may_manage,
        "is_lead": case.lead_id == request.user.pk,
        "form": form,
        "lead_form": LeadForm(prefix="") if may_manage else None,
        "roles": RoleForm.base_fields["role"].choices,
    }
    return render(request, "cases/members.html", context, status=status)
