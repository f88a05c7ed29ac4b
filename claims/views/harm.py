"""What in a claim leads to a person: each passage with where it stands, and an editor's decision on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from cases.exceptions import Conflict, InvalidInput
from cases.permissions import Permission, check
from cases.sentences import in_words
from claims.actions.harm import settle_trace, traces_of
from claims.enums import Settled, TraceKind, VersionState
from claims.forms import TraceForm
from claims.harm.decisions import decisions_on
from claims.harm.names import NAMES
from claims.permissions import can_override
from claims.queries import get_version
from claims.views import parts


@require_http_methods(["GET", "POST"])
def claim_traces(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Every passage that leads to somebody; POST decides on one."""
    version = get_version(request.user, ref, number)
    if request.method == "POST":
        check(request.user, version.case, Permission.GATE_OVERRIDE)
        return _settle(request, ref, number)
    decided = decisions_on([version]).get(version.pk, {})
    found = [
        {
            "of": one,
            "label": TraceKind(one.kind).label,
            "decision": decided.get((one.kind, one.passage)),
            "is_name": one.kind in NAMES,
        }
        for one in traces_of(version)
    ]
    context = {
        "case": version.case,
        "nav": "claims",
        "version": version,
        "row": parts.rows([version])[0],
        "found": found,
        "choices": Settled.choices,
        "is_submitted": version.state in (VersionState.SUBMITTED, VersionState.APPROVED),
        "may_settle": can_override(request.user, version),
    }
    return render(request, "claims/traces.html", context)


def _settle(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    form = TraceForm(request.POST)
    try:
        if form.is_valid():
            settle_trace(actor=request.user, version=get_version(request.user, ref, number), **form.cleaned_data)
            messages.success(request, gettext("The decision is recorded."))
        else:
            messages.error(request, form.in_one_line())
    except (Conflict, InvalidInput) as error:
        messages.error(request, in_words(error))
    return redirect("claims:traces", ref, number)
