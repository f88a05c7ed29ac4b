"""Advice on a public text while it is written: flagged words in place, and sentences that fit the grade."""

from dataclasses import replace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases.listing import check_filter
from cases.queries import get_case
from claims.enums import Confidence, Likelihood
from claims.gate.loading import load_facts
from claims.gate.rules.grades import grade_of
from claims.ladder import Grade
from claims.permissions import check_write_claims
from claims.queries import get_version
from claims.remarks import advise, segments

NOTHING_CITED = Grade(likelihood="", confidence="", origins=0, best_credibility="", is_record=False)


class WordingForm(forms.Form):
    """What is typed at the moment; nothing of it is stored."""

    public_text = forms.CharField(required=False, max_length=20_000, strip=False)
    language = forms.CharField(required=False, max_length=35)
    likelihood = forms.ChoiceField(required=False, choices=[("", ""), *Likelihood.choices])
    analytic_confidence = forms.ChoiceField(required=False, choices=[("", ""), *Confidence.choices])


@require_POST
def wording(request: HttpRequest, ref: str, number: int | None = None) -> HttpResponse:
    """What the gate would say of the words of a claim, new or stored, as they are typed."""
    case = get_case(request.user, ref)
    check_write_claims(request.user, case)
    typed = check_filter(WordingForm(request.POST))
    grade, cited = NOTHING_CITED, []
    if number is not None:
        facts = load_facts(get_version(request.user, ref, number))
        grade = grade_of(facts)
        cited = [words for one in facts.citations if one.found for words in (one.exact, one.translation) if words]
    advice = advise(
        typed["public_text"],
        scale=case.likelihood_scale,
        language=typed["language"] or "en",
        grade=replace(grade, likelihood=typed["likelihood"], confidence=typed["analytic_confidence"]),
        cited=cited,
    )
    context = {"advice": advice, "segments": segments(typed["public_text"], advice.remarks)}
    return render(request, "claims/wording.html", context)
