"""Accounts: the list as of a day, one account's timeline, and the forms that record what was seen."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import permissions, queries, subject_lists, subjects
from cases.account_pages import account_page
from cases.actions.accounts import (
    create_account_from_handle,
    record_observation,
    record_reuse_check,
    update_account,
)
from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import InvalidInput
from cases.listing import check_filter, page_of
from cases.moments import parse_moment
from cases.permissions import Permission
from cases.subject_forms import (
    AccountFilterForm,
    AccountForm,
    AsOfForm,
    NewAccountForm,
    ObservationForm,
    ReuseCheckForm,
    moment_of,
)
from cases.views.submitting import form_page, submit

SORTS = {"handle": "handle_then", "status": "status_then", "seen": "seen_then", "created": "created_at"}
HEADER = [
    "platform",
    "platform_user_id",
    "server",
    "handle",
    "display_name",
    "status",
    "status_interval",
    "last_seen_utc",
    "observations",
    "id",
]


@require_GET
def accounts(request: HttpRequest, ref: str) -> HttpResponse:
    """All accounts of the case with what was last seen of each, now or as of a day."""
    case = queries.get_case(request.user, ref)
    form = AccountFilterForm(request.GET)
    rows, moment = _filtered(request, case, form)
    page = page_of(request, rows, SORTS, "-created_at")
    context = {
        "case": case,
        "nav": "accounts",
        "form": form,
        "page": page,
        "rows": subject_lists.rows_of(page.rows, moment),
        "as_of": form.cleaned_data.get("as_of"),
        "count": rows.count(),
        "is_filtered": any(form.cleaned_data.values()),
        "may_write": permissions.can(request.user, case, Permission.SUBJECT_WRITE),
        "may_export": permissions.can(request.user, case, Permission.EXPORT),
    }
    return render(request, "cases/accounts.html", context)


@require_GET
def accounts_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The list, narrowed as on the page, as CSV; taking it out of the house is an event."""
    case = queries.get_case(request.user, ref)
    rows, moment = _filtered(request, case, AccountFilterForm(request.GET))
    record_export(actor=request.user, case=case, what="accounts", filters=request.GET.urlencode())
    lines = (_csv_row(row) for row in subject_lists.rows_of(rows.order_by("created_at"), moment))
    return csv_response(f"{case.ref}-accounts-{timezone.now():%Y%m%d}.csv", HEADER, lines)


@require_GET
def account(request: HttpRequest, ref: str, account_id: UUID) -> HttpResponse:
    """One account: its timeline, what it was as of a day, and what to beware of."""
    case = queries.get_case(request.user, ref)
    shown = subjects.get_account(request.user, case, account_id)
    form = AsOfForm(request.GET)
    if not form.is_valid():
        raise InvalidInput("Choose a day between 1990 and 2100.", field="as_of")
    page = account_page(request.user, shown, as_of_day=form.cleaned_data["as_of"], everything="all" in request.GET)
    return render(request, "cases/account.html", page | {"as_of_form": form, "reuse_form": ReuseCheckForm()})


@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Record an account with its first observation."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    texts = {"nav": "accounts", "title": _("Record an account"), "submit": _("Record it"), "alike": "account"}
    texts["back"] = ("cases:accounts", ref)
    texts["lede"] = _(
        "By the platform's own id where it is known: handles pass from one holder to the next, ids do not."
    )
    if request.method == "GET":
        return form_page(request, case, NewAccountForm(initial=_prefilled(request)), **texts)
    form = NewAccountForm(request.POST)
    done = submit(
        form,
        lambda _: create_account_from_handle(actor=request.user, case=case, seen=form.seen(), **form.account_fields()),
    )
    if not done.done:
        return form_page(request, case, done, **texts)
    messages.success(request, _("The account is recorded."))
    return redirect("cases:account", ref, done.result[0].pk)


@require_http_methods(["GET", "POST"])
def account_edit(request: HttpRequest, ref: str, account_id: UUID) -> HttpResponse:
    """Change what is known of the account itself."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    shown = subjects.get_account(request.user, case, account_id)
    texts = {"nav": "accounts", "title": _("Edit the account"), "back": ("cases:account", ref, account_id)}
    texts["lede"] = _("Handles, names and status are observations and are not edited here: record a new one.")
    if request.method == "GET":
        return form_page(request, case, AccountForm(initial=_initial(shown)), **texts)

    def save(data: dict) -> object:
        version, created = data.pop("version"), data.pop("created_on")
        data["created_at_platform"] = parse_moment(created, field="created_on")[0] if created else None
        return update_account(actor=request.user, account=shown, expected_version=version, **data)

    done = submit(AccountForm(request.POST), save)
    if not done.done:
        return form_page(request, case, done, **texts)
    messages.success(request, _("The account is saved."))
    return redirect("cases:account", ref, account_id)


@require_http_methods(["GET", "POST"])
def observe(request: HttpRequest, ref: str, account_id: UUID) -> HttpResponse:
    """Record what was seen of the account at one moment."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    shown = subjects.get_account(request.user, case, account_id)
    texts = {"nav": "accounts", "title": _("Record an observation"), "back": ("cases:account", ref, account_id)}
    texts |= {
        "submit": _("Record it"),
        "lede": _("An observation cannot be changed afterwards, only followed by another one."),
    }
    if request.method == "GET":
        return form_page(request, case, ObservationForm(initial=_prefilled(request)), **texts)
    form = ObservationForm(request.POST)
    done = submit(form, lambda _: record_observation(actor=request.user, account=shown, seen=form.seen()))
    if not done.done:
        return form_page(request, case, done, **texts)
    messages.success(request, _("The observation is recorded."))
    return redirect("cases:account", ref, account_id)


@require_POST
def reuse_check(request: HttpRequest, ref: str, account_id: UUID) -> HttpResponse:
    """Sign that somebody looked for other holders of the handles."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    shown = subjects.get_account(request.user, case, account_id)
    done = submit(
        ReuseCheckForm(request.POST),
        lambda data: record_reuse_check(actor=request.user, account=shown, note=data["note"]),
    )
    if done.done:
        messages.success(request, _("The check is signed."))
        return redirect("cases:account", ref, account_id)
    page = account_page(request.user, shown, as_of_day=None, everything=False)
    context = page | {"as_of_form": AsOfForm(), "reuse_form": done.form}
    return render(request, "cases/account.html", context, status=done.status)


def _filtered(request: HttpRequest, case, form: AccountFilterForm):
    data = check_filter(form)
    moment = moment_of(data["as_of"])
    wanted = {name: data[name] for name in ("platform", "status", "search")}
    return subject_lists.accounts(request.user, case, moment=moment, **wanted), moment


def _csv_row(row: subject_lists.AccountRow) -> list[object]:
    account, last = row.account, row.last_seen
    when = last.observed_at.isoformat() if last else ""
    known = [account.platform, account.platform_user_id, account.instance]
    return [*known, row.handle, row.display_name, row.status, row.status_words, when, row.observations, account.pk]


def _prefilled(request: HttpRequest) -> dict[str, str]:
    """What a link from another page may fill in: the exhibit that shows the account, and its address."""
    asked = {"evidence_item": request.GET.get("evidence", ""), "handle": request.GET.get("handle", "")}
    return {name: value for name, value in asked.items() if value}


def _initial(shown) -> dict[str, object]:
    names = ("platform_user_id", "id_unknown_reason", "instance", "note", "version")
    created = shown.created_at_platform
    return {name: getattr(shown, name) for name in names} | {"created_on": created.isoformat() if created else ""}
