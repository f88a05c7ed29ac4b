"""Who may be the same: a part of a subject's page, a warning beside a name that is being typed, and the decision."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from cases.exceptions import Conflict, InvalidInput
from cases.permissions import Permission, can, check
from cases.queries import get_case
from cases.reasons import MAX_TEXT, MIN_REASON
from cases.subjects import Subject
from cases.views.submitting import page_of
from claims.views.parts import is_fragment
from search.actions.deciding import decide
from search.enums import Verdict
from search.likeness import OTHERS, alike, alike_named, get_subject, kind_of

SHORTEST = 3  # characters, from which a name is looked for while it is typed
NAVS = {"account": "accounts", "person": "people", "organisation": "organisations"}


class DecisionForm(forms.Form):
    """A decision about two entries, and how one knows."""

    other_kind = forms.ChoiceField(choices=[(kind, kind) for kind in OTHERS])
    other_id = forms.UUIDField()
    verdict = forms.ChoiceField(choices=Verdict.choices)
    note = forms.CharField(max_length=MAX_TEXT, min_length=MIN_REASON)


@require_GET
def subject_alike(request: HttpRequest, ref: str, kind: str, subject_id: UUID) -> HttpResponse:
    """Entries that may be the same, and what was decided: a part of the subject's page, or a page of its own."""
    case = get_case(request.user, ref)
    return _show(request, get_subject(request.user, case, kind, subject_id))


@require_POST
def subject_decide(request: HttpRequest, ref: str, kind: str, subject_id: UUID) -> HttpResponse:
    """Keep a decision; "same" leads on to where the two can be merged, or the claim be written."""
    case = get_case(request.user, ref)
    subject = get_subject(request.user, case, kind, subject_id)
    check(request.user, case, Permission.SUBJECT_WRITE)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        problem = " ".join(error for errors in form.errors.values() for error in errors)
        return _show(request, subject, problem=problem, status=400)
    data = form.cleaned_data
    other = get_subject(request.user, case, data["other_kind"], data["other_id"])
    try:
        decide(actor=request.user, subject=subject, other=other, verdict=data["verdict"], note=data["note"])
    except (InvalidInput, Conflict) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 400
        return _show(request, subject, problem=str(refusal), status=status)
    messages.success(request, _("Your decision is kept, with your note."))
    step = next((one.step for one in alike(request.user, subject) if one.id == other.pk), "")
    return redirect(step if data["verdict"] == Verdict.SAME and step else page_of(subject))


@require_GET
def named_alike(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """A warning for the form of a new entry: who is called like what is being typed (`label`, or `handle`); without
    scripts a page of its own, which asks for the name.
    """
    case = get_case(request.user, ref)
    check(request.user, case, Permission.SUBJECT_WRITE)
    name = request.GET.get("label", "") or request.GET.get("handle", "")
    found = alike_named(request.user, case, kind, name) if len(name.strip()) >= SHORTEST else []
    context = {"case": case, "nav": NAVS.get(kind, ""), "found": found, "kind": kind, "name": name}
    return render(request, f"search/alike_named{'' if is_fragment(request) else '_page'}.html", context)


def _show(request: HttpRequest, subject: Subject, *, problem: str = "", status: int = 200) -> HttpResponse:
    found = alike(request.user, subject)
    kind = kind_of(subject)
    context = {
        "case": subject.case,
        "nav": NAVS[kind],
        "subject": subject,
        "kind": kind,
        "open": [one for one in found if not one.is_settled],
        "settled": [one for one in found if one.is_settled],
        "verdicts": Verdict.choices,
        "back_url": page_of(subject),
        "problem": problem,
        "may_decide": can(request.user, subject.case, Permission.SUBJECT_WRITE),
        "may_merge": can(request.user, subject.case, Permission.SUBJECT_MERGE),
    }
    template = "search/alike.html" if is_fragment(request) else "search/alike_page.html"
    return render(request, template, context, status=status)
