"""What every form page of subjects does alike: run the action, and tell refusals beside the fields."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from audit.queries import events_for_object
from cases import audit_trail
from cases.exceptions import Conflict, Duplicate, InvalidInput, StaleVersion
from cases.forms import show_refusal
from cases.history import object_string
from cases.models import Case
from cases.subjects import Subject


@dataclass
class Submission:
    """What became of a form: `result` is the action's when `done`; `context` tells of twins and stale edits."""

    form: Form
    done: bool = False
    result: Any = None
    status: int = 400
    context: dict[str, Any] = field(default_factory=dict)


def submit(form: Form, action: Callable[[dict[str, Any]], Any]) -> Submission:
    """Run `action` on the cleaned data of `form`; refusals of the action become errors of the form."""
    submission = Submission(form)
    if not form.is_valid():
        return submission
    try:
        submission.result = action(dict(form.cleaned_data))
        submission.done = True
    except StaleVersion as error:
        submission.status = 412
        submission.form, submission.context["stale"] = _stale(form, error)
    except (InvalidInput, Conflict) as error:
        if isinstance(error, InvalidInput):
            error.field = getattr(form, "beside", {}).get(error.field, error.field)
        show_refusal(form, error)
        submission.status = 409 if isinstance(error, Conflict) else 400
        if isinstance(error, Duplicate):
            submission.context["existing"] = error.existing
    return submission


def form_page(request: HttpRequest, case: Case, submission: Submission | Form, **context: Any) -> HttpResponse:
    """The page of one form: empty, or with what was wrong."""
    if isinstance(submission, Form):
        submission = Submission(submission, status=200)
    context = {"case": case, "form": submission.form, **submission.context, **context}
    context["rows"] = in_rows(submission.form)
    context["back_url"] = reverse(context["back"][0], args=context["back"][1:])
    if twin := context.get("existing"):
        context["existing_url"] = page_of(twin)
    return render(request, "cases/subject_form.html", context, status=submission.status)


def in_rows(form: Form) -> list[list[BoundField]]:
    """The visible fields as rows: alone, or beside those that the form's `side_by_side` names with them."""
    groups = {name: group for group in getattr(form, "side_by_side", ()) for name in group}
    rows: dict[object, list[BoundField]] = {}
    for bound in form.visible_fields():
        rows.setdefault(groups.get(bound.name, bound.name), []).append(bound)
    return list(rows.values())


def page_of(subject: Subject) -> str:
    """The address of an account, person or organisation; of a name's owner for a name."""
    subject = getattr(subject, "person", None) or getattr(subject, "organisation", None) or subject
    return reverse(f"cases:{subject._meta.model_name}", args=[subject.case.ref, subject.pk])


def _stale(form: Form, error: StaleVersion) -> tuple[Form, dict[str, Any]]:
    """The form bound to the version now saved, and both versions side by side."""
    stored = error.current
    data = form.data.copy()
    data["version"] = str(stored.version)
    form.data = data
    event = events_for_object(object_string(stored)).first()
    who = audit_trail.names_of([event.actor]).get(event.actor, event.actor) if event else "Somebody"
    changes = [
        {"label": bound.label, "theirs": theirs, "yours": yours}
        for bound in form.visible_fields()
        if hasattr(stored, bound.name)
        and (theirs := _shown(getattr(stored, bound.name))) != (yours := _shown(form.cleaned_data.get(bound.name)))
    ]
    return form, {"who": who, "at": event.recorded_at if event else None, "changes": changes}


def _shown(value: object) -> str:
    return "" if value is None else str(value)
