"""Say that two entries are one, side by side and with a reason; and take it back. Add and end names."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import permissions, queries, subject_lists, subjects
from cases.account_pages import title_of
from cases.actions.merges import merge, unmerge
from cases.actions.names import Spelling, add_name, end_name
from cases.models import Account, Case, User
from cases.permissions import Permission
from cases.status import in_order, status_in_words
from cases.subject_forms import MergeForm, NameForm, ReasonForm
from cases.views.submitting import Submission, form_page, submit


@dataclass(frozen=True)
class Kind:
    """What merging needs to know of accounts, persons or organisations."""

    nav: str
    page: str
    get: Callable


KINDS = {
    "account": Kind("accounts", "cases:account", subjects.get_account),
    "person": Kind("people", "cases:person", subjects.get_person),
    "organisation": Kind("organisations", "cases:organisation", subjects.get_organisation),
}


@require_http_methods(["GET", "POST"])
def merge_page(request: HttpRequest, ref: str, kind: str, subject_id: UUID) -> HttpResponse:
    """Two entries side by side, and the form that makes one of them point to the other."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_MERGE)
    duplicate = KINDS[kind].get(request.user, case, subject_id)
    candidates = _candidates(request.user, case, duplicate)
    if request.method == "GET":
        # What `?into=` asks for is judged like what the form sends: a stranger's id is no choice.
        form = MergeForm(candidates=candidates, initial={"into": request.GET.get("into", "")})
        return _page(request, KINDS[kind], duplicate, Submission(form, status=200))
    done = submit(
        MergeForm(request.POST, candidates=candidates),
        lambda data: merge(actor=request.user, duplicate=duplicate, into=data["into"], reason=data["reason"]),
    )
    if not done.done:
        return _page(request, KINDS[kind], duplicate, done)
    messages.success(request, "Merged. Both entries and their histories stay readable.")
    return redirect(KINDS[kind].page, ref, done.result.merged_into_id)


@require_POST
def unmerge_step(request: HttpRequest, ref: str, kind: str, subject_id: UUID) -> HttpResponse:
    """Undo a merge."""
    case = queries.get_case(request.user, ref)
    duplicate = KINDS[kind].get(request.user, case, subject_id)
    unmerge(actor=request.user, duplicate=duplicate, reason=request.POST.get("reason", ""))
    messages.success(request, "The merge is undone; both steps stay in the audit trail.")
    return redirect(KINDS[kind].page, ref, subject_id)


@require_POST
def name_add(request: HttpRequest, ref: str, kind: str, subject_id: UUID) -> HttpResponse:
    """Add a spelling to a person or organisation."""
    case = queries.get_case(request.user, ref)
    shown = KINDS[kind].get(request.user, case, subject_id)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    done = submit(
        NameForm(request.POST), lambda data: add_name(actor=request.user, subject=shown, spelling=Spelling(**data))
    )
    if not done.done:
        texts = {"nav": KINDS[kind].nav, "title": f"Add a name of {shown.label}", "submit": _("Add the name")}
        return form_page(request, case, done, back=(KINDS[kind].page, ref, subject_id), **texts)
    messages.success(request, f"{done.result.value} is added.")
    return redirect(KINDS[kind].page, ref, subject_id)


@require_http_methods(["GET", "POST"])
def name_end(request: HttpRequest, ref: str, name_id: UUID) -> HttpResponse:
    """Say that a name is not, or no longer, the subject's."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.SUBJECT_WRITE)
    name = subjects.get_name(request.user, case, name_id)
    kind = KINDS["person" if name.person_id else "organisation"]
    back = (kind.page, ref, name.person_id or name.organisation_id)
    done = Submission(ReasonForm(), status=200)
    if request.method == "POST":
        done = submit(
            ReasonForm(request.POST), lambda data: end_name(actor=request.user, name=name, reason=data["reason"])
        )
        if done.done:
            messages.success(request, f"{name.value} has ended; it stays readable.")
            return redirect(*back)
    texts = {"nav": kind.nav, "title": f"End the name {name.value}", "submit": _("End it")}
    texts["lede"] = _("It stays on the page as a name that was wrong or is no longer used.")
    return form_page(request, case, done, back=back, **texts)


def _candidates(actor: User, case: Case, duplicate) -> QuerySet:
    if isinstance(duplicate, Account):
        rows = subject_lists.accounts(actor, case, moment=timezone.now(), platform=duplicate.platform)
        return rows.filter(instance=duplicate.instance).exclude(pk=duplicate.pk).order_by("handle_then")
    listed = subject_lists.organisations if duplicate._meta.model_name == "organisation" else subject_lists.people
    return listed(actor, case).exclude(pk=duplicate.pk).order_by("label")


def _page(request: HttpRequest, kind: Kind, duplicate, submission: Submission) -> HttpResponse:
    form = submission.form
    form.fields["into"].label_from_instance = _label
    wanted = str(form["into"].value() or "")
    into = next((row for row in form.fields["into"].queryset if str(row.pk) == wanted), None)
    context = {
        "case": duplicate.case,
        "nav": kind.nav,
        "back_url": reverse(kind.page, args=[duplicate.case.ref, duplicate.pk]),
        "duplicate": _side(duplicate),
        "into": _side(into) if into else None,
        "form": form,
    }
    return render(request, "cases/subject_merge.html", context, status=submission.status)


def _label(row) -> str:
    if isinstance(row, Account):
        name = f"@{row.handle_then}" if row.handle_then else "no handle"
        return f"{name}, {f'id {row.platform_user_id}' if row.platform_user_id else 'id unknown'}"
    told_apart = getattr(row, "disambiguation", "")
    return f"{row.label} ({told_apart[:60]})" if told_apart else row.label


def _side(row) -> dict[str, object]:
    """One of the two entries, as a title and facts."""
    if isinstance(row, Account):
        seen = in_order(subjects.observations_of(row))
        facts = [
            (_("Platform"), row.get_platform_display()),
            (_("Platform's id"), row.platform_user_id or f"unknown: {row.id_unknown_reason}"),
            (_("Handles seen"), ", ".join(sorted({f"@{s.handle}" for s in seen if s.handle}))),
            (_("Names seen"), ", ".join(sorted({s.display_name for s in seen if s.display_name}))),
            (_("Status"), status_in_words(seen)),
            (_("Observations"), str(len(seen))),
        ]
        return {"row": row, "title": title_of(seen), "facts": facts}
    names = ", ".join(dict.fromkeys(name.value for name in subjects.names_of(row)))
    public = getattr(row, "get_subject_tier_display", None)
    facts = [
        (_("Names"), names),
        (_("How public"), public()) if public else (_("Kind"), row.get_kind_display()),
        (_("Told apart by"), row.disambiguation) if public else (_("Belongs to"), str(row.parent or "")),
        (_("Note"), row.note),
    ]
    return {"row": row, "title": row.label, "facts": facts}
