"""Who works on a case: added by exact name, given another role, taken off."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import permissions, queries
from cases.actions.cases import transfer_lead
from cases.actions.exports import record_export
from cases.actions.members import add_member, change_role, end_membership
from cases.csv import csv_response
from cases.exceptions import Conflict, InvalidInput
from cases.forms import LeadForm, MemberFilterForm, MemberForm, RoleForm, show_refusal
from cases.listing import check_filter, page_of, sort_of
from cases.models import Case, Membership
from cases.paging import in_order
from cases.permissions import Permission

SORTS = {"name": "shown_name", "role": "role", "since": "added_at", "by": "added_by__username"}
HEADER = ["username", "name", "role", "lead", "since_utc", "added_by", "account_open"]


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


@require_GET
def members_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The list, narrowed and ordered as on the page, as CSV; taking it out of the house is an event."""
    case = queries.get_case(request.user, ref)
    rows = in_order(_filtered(case, MemberFilterForm(request.GET)), sort_of(request, SORTS, "role"))
    record_export(actor=request.user, case=case, what="members", filters=request.GET.urlencode())
    lines = (_csv_row(case, member) for member in rows)
    return csv_response(f"{case.ref}-members-{timezone.now():%Y%m%d}.csv", HEADER, lines)


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


def _filtered(case: Case, form: MemberFilterForm) -> QuerySet[Membership]:
    wanted, rows = check_filter(form), queries.members_of(case)
    if wanted["q"]:
        rows = rows.filter(Q(user__display_name__icontains=wanted["q"]) | Q(user__username__icontains=wanted["q"]))
    return rows.filter(role=wanted["as_role"]) if wanted["as_role"] else rows


def _csv_row(case: Case, member: Membership) -> list[object]:
    user, leads = member.user, member.user_id == case.lead_id
    since = member.added_at.isoformat()
    return [user.username, user, member.role, leads, since, member.added_by.username, user.is_active]


def _page(request: HttpRequest, case: Case, form: MemberForm, *, status: int = 200) -> HttpResponse:
    rights = permissions.permissions_of(request.user, case)
    may_manage = Permission.MEMBER_MANAGE in rights
    narrowing = MemberFilterForm(request.GET)
    rows = _filtered(case, narrowing)
    context = {
        "case": case,
        "nav": "members",
        "narrowing": narrowing,
        "page": page_of(request, rows, SORTS, "role"),
        "count": rows.count(),
        "may_manage": may_manage,
        "may_export": Permission.EXPORT in rights,
        "is_lead": case.lead_id == request.user.pk,
        "form": form,
        "lead_form": LeadForm(prefix="") if may_manage else None,
        "roles": RoleForm.base_fields["role"].choices,
    }
    return render(request, "cases/members.html", context, status=status)
