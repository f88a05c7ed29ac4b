"""The matrix of a claim: its citations against the claim itself and against other explanations."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from cases.exceptions import InvalidInput, StaleVersion
from cases.models import User
from cases.permissions import Permission, permissions_of
from cases.queries import members_of
from cases.sentences import in_words
from claims.actions.hypotheses import MOST, Alternative, save_alternatives
from claims.alternatives import digest_of, matrix, offered, written_of
from claims.canonical import cited
from claims.enums import Fit
from claims.models import Citation, ClaimVersion
from claims.permissions import check_write_claims
from claims.queries import get_version, rivals_of
from claims.reading import readable
from claims.reply_forms import FITS, AlternativeForm
from claims.views import parts
from claims.workflow import EDITABLE

_SHORT = {Fit.CONSISTENT: "fits", Fit.INCONSISTENT: "speaks against", Fit.NEUTRAL: "neutral"}


@require_http_methods(["GET", "POST"])
def alternatives_page(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Read the matrix; whoever may write the draft fills it in."""
    version = get_version(request.user, ref, number)
    if request.method == "GET":
        return _show(request, version)
    check_write_claims(request.user, version.case)
    citations = list(version.citations.order_by("order", "id"))
    formset = _formset(version, citations, request.POST)
    if not formset.is_valid():
        return _show(request, version, formset, status=400)
    try:
        save_alternatives(
            actor=request.user,
            version=version,
            seen=request.POST.get("seen", ""),
            alternatives=_typed(formset, citations),
            devils_advocate=_advocate(version, request.POST.get("devils_advocate", "")),
        )
    except InvalidInput as error:
        return _show(request, version, formset, problem=in_words(error), status=400)
    except StaleVersion as error:
        return _show(request, version, formset, problem=f"{error} What you wrote is kept below.", status=412)
    messages.success(request, gettext("The alternatives are saved."))
    return parts.to_claim(version, "alternatives")


def _show(
    request: HttpRequest,
    version: ClaimVersion,
    formset: forms.BaseFormSet | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    rights = permissions_of(request.user, version.case)
    citations = readable(request.user, cited(version))
    columns = matrix(version, citations)
    writes = Permission.CLAIM_WRITE in rights and version.state in EDITABLE
    context = {
        "case": version.case,
        "nav": "claims",
        "version": version,
        "row": parts.rows([version])[0],
        "columns": columns,
        "lines": _lines(citations, columns),
        "rivals": parts.rows(list(rivals_of(version)[:10])),
        "may_write": writes,
        "formset": (formset or _formset(version, citations)) if writes else None,
        "members": _members(version),
        "advocate": request.POST.get("devils_advocate") or str(version.devils_advocate_id or ""),
        "seen": request.POST.get("seen") or digest_of(written_of([version])[version.pk]),
        "problem": problem,
    }
    return render(request, "claims/alternatives.html", context, status=status)


def _lines(citations: list[Citation], columns: list) -> list[dict]:
    """The rows of the matrix: a citation and, for each explanation, how it fits."""
    return [
        {
            "citation": citation,
            "cells": [
                {"fit": column.fits.get(citation.pk, ""), "word": _SHORT.get(column.fits.get(citation.pk), "not rated")}
                for column in columns
            ],
        }
        for citation in citations
    ]


def _formset(version: ClaimVersion, citations: list[Citation], data=None) -> forms.BaseFormSet:
    """A form for each alternative, for each of the minimum set that is not tried yet, and for one more."""
    columns = matrix(version, citations)[1:]
    initial = [
        {name: getattr(column.hypothesis, name) for name in ("id", "kind", "statement", "disposition", "note")}
        | {f"fit_{pk}": fit for pk, fit in column.fits.items()}
        for column in columns
    ]
    initial += [{"kind": kind, "statement": statement} for kind, statement in offered(version)]
    fields = {f"fit_{one.pk}": _fit_field(n, one) for n, one in enumerate(citations, start=1)}
    form = type("AlternativeWithFits", (AlternativeForm,), fields)
    made = forms.formset_factory(form, extra=1, max_num=MOST, absolute_max=MOST)
    return made(data, initial=initial, prefix="a")


def _fit_field(position: int, citation: Citation) -> forms.ChoiceField:
    label = f"Citation {position}, E-{citation.item.exhibit}"
    return forms.ChoiceField(choices=FITS, required=False, label=label)


def _typed(formset: forms.BaseFormSet, citations: list[Citation]) -> list[Alternative]:
    """The alternatives that have a statement."""
    found = []
    for form in formset:
        said = form.cleaned_data
        if not said.get("statement"):
            continue
        fits = {one.pk: fit for one in citations if (fit := said.get(f"fit_{one.pk}"))}
        names = ("id", "kind", "statement", "disposition", "note")
        found.append(Alternative(fits=fits, **{name: said[name] for name in names}))
    return found


def _advocate(version: ClaimVersion, key: str) -> User | None:
    if not key:
        return None
    try:
        found = members_of(version.case).filter(user=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput("The devil's advocate is a member of this case.", field="devils_advocate")
    return found.user


def _members(version: ClaimVersion) -> list[tuple[str, str]]:
    """Who can be named: members but the author."""
    people = {str(one.user_id): str(one.user) for one in members_of(version.case).exclude(user=version.author_id)}
    return sorted(people.items(), key=lambda pair: pair[1].casefold())
