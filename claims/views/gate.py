"""What the gate said and what it would say: stored runs, repeated as of a day, and the exceptions editors granted."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from cases.exceptions import InvalidInput
from cases.listing import check_filter, page_of
from cases.queries import get_case
from cases.sentences import in_words
from claims.actions.gate import grant_exception, withdraw_exception
from claims.actions.gate_of_case import ask_gate_of_case
from claims.gate.evaluation import EXCEPTED, FAILED, NOT_APPLICABLE, PASSED
from claims.gate.registry import rule_named
from claims.gate.replay import Repeated, replay
from claims.models import GateEvaluation
from claims.queries import exceptions_of, get_version, run_as_of, single_sources_of
from claims.views import parts

MOST_RUNS = 100
ANSWERS = {PASSED: "holds", FAILED: "not met", NOT_APPLICABLE: "does not apply", EXCEPTED: "let stand by an editor"}
SORTS = {"claim": "version__claim__number", "rule": "rule", "at": "decided_at"}


class AsOfForm(forms.Form):
    """The day whose last run is asked for."""

    as_of = forms.DateField(
        required=False, label="As of the end of", widget=forms.DateInput(attrs={"type": "date"}), help_text="UTC."
    )


@require_GET
def claim_runs(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The stored runs of a claim, and the last one as of a day beside what the rules answer to its inputs today."""
    version = get_version(request.user, ref, number)
    form = AsOfForm(request.GET)
    run = run_as_of(version.claim, check_filter(form)["as_of"])
    runs = (
        GateEvaluation.objects.filter(version__claim=version.claim)
        .defer("inputs", "results")
        .select_related("version", "evaluated_by")
    )
    context = {
        "case": version.case,
        "nav": "claims",
        "row": parts.rows([version])[0],
        "form": form,
        "run": run,
        "repeated": _named(replay(run)) if run else None,
        "runs": list(runs.order_by("-evaluated_at", "-id")[:MOST_RUNS]),
    }
    return render(request, "claims/runs.html", context)


def _named(repeated: list[Repeated] | None) -> list[dict] | None:
    """Each answer in words, with the title of its rule."""
    if repeated is None:
        return None
    return [
        {
            "rule": one.rule,
            "title": rule.title if (rule := rule_named(one.rule)) else "A rule that is gone",
            "then": ANSWERS[one.then],
            "now": ANSWERS.get(one.now, "no answer"),
            "is_broken": one.is_broken,
            "same_rule": one.same_rule,
        }
        for one in repeated
    ]


@require_POST
def claim_exception(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Let a warning stand for this content, or ask the rule again."""
    version = get_version(request.user, ref, number)
    act = withdraw_exception if request.POST.get("withdraw") else grant_exception
    rule, reason = request.POST.get("rule", "")[:10], request.POST.get("reason", "")[:4000]
    try:
        act(actor=request.user, version=version, rule=rule, reason=reason)
        messages.success(request, gettext("The decision is recorded."))
    except InvalidInput as error:
        messages.error(request, in_words(error))
    return parts.to_claim(version, "gate")


@require_GET
def exception_list(request: HttpRequest, ref: str) -> HttpResponse:
    """Every exception of a case: warnings that editors let stand, and claims that rest on one origin by decision."""
    case = get_case(request.user, ref)
    context = {
        "case": case,
        "nav": "claims",
        "page": page_of(request, exceptions_of(request.user, case), SORTS, "-decided_at"),
        "single": parts.rows(list(single_sources_of(request.user, case)[:MOST_RUNS])),
    }
    return render(request, "claims/exceptions.html", context)


@require_POST
def gate_of_case(request: HttpRequest, ref: str) -> HttpResponse:
    """Queue a run of the gate over all claims of a case."""
    case = get_case(request.user, ref)
    ask_gate_of_case(actor=request.user, case=case)
    messages.success(request, gettext("The gate is being asked about all claims; the job shows how far it is."))
    return redirect("cases:jobs", case.ref)
