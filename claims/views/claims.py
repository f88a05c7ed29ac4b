"""The list of claims, the page of one, and the forms that write them."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from audit.queries import events_for_object
from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import Conflict, InvalidInput, StaleVersion
from cases.history import object_string, words_of
from cases.listing import check_filter, page_of
from cases.models import Case, User
from cases.permissions import Permission, can, permissions_of
from cases.queries import get_case
from claims import workflow
from claims.actions.drafts import create_claim, edit_version
from claims.alternatives import matrix
from claims.canonical import cited
from claims.chains import chains_with
from claims.claim_form import ClaimForm
from claims.enums import Predicate, Stance, VersionState
from claims.forms import ClaimFilter, LinksForm, PredicateForm, ReasonForm
from claims.gate.evaluation import EXCEPTED, FAILED
from claims.gate.registry import WARNS
from claims.models import Citation, ClaimVersion, GateEvaluation
from claims.parties import parties_of
from claims.permissions import can_review, check_write_claims, has_approved, wrote_part_of
from claims.queries import (
    gate_report,
    get_version,
    latest_evaluation,
    requests_about,
    rivals_of,
    standing_versions,
    versions_of,
)
from claims.reading import readable
from claims.shapes import SHAPES
from claims.telling import readable_replies, told_of_claims
from claims.views import parts
from claims.wording import Labels
from claims.workflow import EDITABLE, check_editable

SORTS = {"number": "claim__number", "state": "state", "link": "predicate", "changed": "edited_at"}
MOST_CSV = 20_000
MOST_CHAINS = 20


# --- the list


@require_GET
def claim_list(request: HttpRequest, ref: str) -> HttpResponse:
    """The newest version of each claim, filtered, sorted, in pages."""
    case = get_case(request.user, ref)
    form = ClaimFilter(request.GET, case=case)
    versions = _filtered(versions_of(request.user, case), form)
    page = page_of(request, versions.order_by(), SORTS, "claim__number")
    context = {
        "case": case,
        "nav": "claims",
        "form": form,
        "page": page,
        "rows": _rows(page.rows),
        "count": versions.count(),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "may_write": can(request.user, case, Permission.CLAIM_WRITE),
        "may_ask": bool(page.rows) and can(request.user, case, Permission.JOB_MANAGE),
        "csv_url": reverse("claims:export", args=[case.ref]) if can(request.user, case, Permission.EXPORT) else "",
    }
    return render(request, "claims/list.html", context)


@require_GET
def claim_export(request: HttpRequest, ref: str) -> HttpResponse:
    """The filtered list as CSV, in the order of numbers; taking it out of the house is an event."""
    case = get_case(request.user, ref)
    versions = _filtered(versions_of(request.user, case), ClaimFilter(request.GET, case=case))
    record_export(actor=request.user, case=case, what="claims", filters=request.GET.urlencode())
    rows = _rows(list(versions[:MOST_CSV]))
    head = ["claim", "version", "state", "link", "statement", "likelihood", "confidence", "citations", "public_text"]
    body = [
        [
            str(row["version"].claim),
            row["version"].number,
            row["version"].state,
            row["version"].predicate,
            row["statement"],
            row["likelihood"],
            row["version"].analytic_confidence,
            row["citations"],
            row["version"].public_text,
        ]
        for row in rows
    ]
    return csv_response(f"{case.ref}-claims.csv", head, body)


def _filtered(versions: QuerySet[ClaimVersion], form: ClaimFilter) -> QuerySet[ClaimVersion]:
    wanted = check_filter(form)
    for name in ("state", "predicate", "author"):
        if wanted[name]:
            versions = versions.filter(**{name: wanted[name]})
    if wanted["subject"]:
        kind, _, key = wanted["subject"].partition(":")
        versions = versions.filter(Q(**{f"subject_{kind}": key}) | Q(**{f"object_{kind}": key}))
    if wanted["gate"]:
        last_run = GateEvaluation.objects.filter(version=OuterRef("pk")).order_by("-evaluated_at", "-id")
        versions = versions.annotate(gate_passed=Subquery(last_run.values("passed")[:1]))
        versions = versions.filter(gate_passed={"passed": True, "blocked": False}.get(wanted["gate"]))
    if wanted["q"]:
        fields = ("public_text", "subject_text", "object_text", "role_title", "scope_note", *_NAMES)
        words = Q()
        for name in fields:
            words |= Q(**{f"{name}__icontains": wanted["q"]})
        versions = versions.filter(words)
    return versions


def _rows(versions: list[ClaimVersion]) -> list[dict]:
    """The lines of the list, each with its number of citations and how the gate last answered; two more queries."""
    cited = Citation.objects.filter(version__in=versions).order_by().values_list("version")
    citations = dict(cited.annotate(number=Count("pk")))
    runs = GateEvaluation.objects.filter(version__in=versions).order_by("version_id", "-evaluated_at", "-id")
    passed = dict(runs.distinct("version_id").values_list("version_id", "passed"))
    return [
        row | {"citations": citations.get(row["version"].pk, 0), "gate_passed": passed.get(row["version"].pk)}
        for row in parts.rows(versions)
    ]


_NAMES = [f"{side}_{kind}__label" for side in ("subject", "object") for kind in ("person", "organisation")]


# --- one claim


@require_GET
def claim_page(request: HttpRequest, ref: str, number: int, version_number: int | None = None) -> HttpResponse:
    """One claim in its newest (or a named) version, with everything that belongs to it."""
    version = get_version(request.user, ref, number, version_number)
    case, rights = version.case, permissions_of(request.user, version.case)
    versions = list(version.claim.versions.select_related("author").order_by("-number"))
    citations = readable(request.user, cited(version).select_related("added_by", "graded_by"))
    parts.attach_verdicts(version, citations)
    parts.attach_stale(case, citations)
    by_stance = {stance: [one for one in citations if one.stance == stance] for stance in Stance.values}
    results = gate_report(version).as_dicts() if version.state in workflow.OPEN else _stored(version)
    context = {
        "case": case,
        "nav": "claims",
        "version": version,
        "row": parts.rows([version])[0],
        "versions": versions,
        "newest": versions[0],
        "changes": _changes(version, versions),
        "supporting": by_stance[Stance.SUPPORTS],
        "contradicting": by_stance[Stance.CONTRADICTS],
        "context_citations": by_stance[Stance.CONTEXT],
        "origins": parts.origin_words(citations),
        "besides": parts.besides(version),
        "findings": parts.findings(version, results, rights),
        "blocked": any(entry["blocks"] for entry in results),
        "rivals": parts.rows(list(rivals_of(version)[:10])),
        "chains": _chains_of(version),
        "rests_on": parts.rows(list(_components(version))),
        **_both_sides(request.user, version, citations),
        "reviews": list(version.reviews.select_related("reviewed_by").order_by("reviewed_at")),
        "corrections": list(version.claim.corrections.select_related("from_version", "to_version", "corrected_by")),
        "published_in": list(version.published_in.select_related("publication").defer("publication__snapshot")),
        "history": _history(version) if Permission.AUDIT_VIEW in rights else [],
        "steps": _steps(request, version, rights),
        "may_ask": Permission.CLAIM_WRITE in rights,
        "warned": [entry for entry in results if entry["level"] == WARNS and entry["verdict"] == FAILED],
        "excepted": [entry for entry in results if entry["verdict"] == EXCEPTED],
        "links_form": _links_form(version) if version.state in EDITABLE and Permission.CLAIM_WRITE in rights else None,
        "reason_form": ReasonForm(),
    }
    return render(request, "claims/claim.html", context)


def _both_sides(actor: User, version: ClaimVersion, citations: list[Citation]) -> dict:
    """What those named say, whom somebody still has to ask, and what else would explain the evidence."""
    told = told_of_claims([version.claim_id]).get(version.claim_id, [])
    asked = set(requests_about(version))
    return {
        "replies": readable_replies(actor, version.case, told),
        "to_ask": [
            {"party": party, "query": urlencode({"claim": version.claim.number, "party": party.key})}
            for party in parties_of(version)
            if party.key not in asked
        ],
        "columns": matrix(version, citations),
    }


def _stored(version: ClaimVersion) -> list[dict]:
    found = latest_evaluation(version)
    return found.results if found else []


def _components(version: ClaimVersion) -> QuerySet[ClaimVersion]:
    linked = version.component_links.values("component")
    return standing_versions(version.case).filter(claim__in=linked).order_by("claim__number")


def _links_form(version: ClaimVersion) -> LinksForm:
    others = list(standing_versions(version.case).exclude(claim=version.claim_id).order_by("claim__number")[:200])
    choices = [(str(row["number"]), f"C-{row['number']} {row['statement']}") for row in parts.rows(others)]
    chosen = [str(number) for number in version.component_links.values_list("component__number", flat=True)]
    return LinksForm(claims=choices, initial={"components": chosen})


def _chains_of(version: ClaimVersion) -> list[dict]:
    """The chains in which this claim is a link."""
    found = chains_with(version, most=MOST_CHAINS)
    labels = Labels([link for chain in found for link in chain.links])
    return [parts.chain_row(version.case, chain, labels) for chain in found]


def _history(version: ClaimVersion) -> list[dict]:
    events = list(events_for_object(object_string(version.claim))[:30])
    people = parts.people_of(event.actor for event in events)
    return [
        {
            "at": event.recorded_at,
            "precision": "second",
            "title": gettext(words_of(event.action)),
            "by": people.get(event.actor, event.actor),
        }
        for event in events
    ]


def _changes(version: ClaimVersion, versions: list[ClaimVersion]) -> list[dict]:
    """What this version says differently from the one before it."""
    before = next((one for one in versions if one.number == version.number - 1), None)
    return differences(before, version) if before else []


def differences(one: ClaimVersion, other: ClaimVersion) -> list[dict]:
    """The fields in which two versions differ, as the form shows them."""
    left, right = ClaimForm.initial_of(one), ClaimForm.initial_of(other)
    names = [name for name in {**left, **right} if name != "edit_version"]
    return [
        {"field": label_of(name), "before": str(left.get(name) or ""), "after": str(right.get(name) or "")}
        for name in names
        if (left.get(name) or "") != (right.get(name) or "")
    ]


def label_of(name: str) -> str:
    """What a field of the form is called."""
    field = ClaimForm.base_fields.get(name)
    return str(field.label) if field and field.label else name.replace("_", " ").capitalize()


def _steps(request: HttpRequest, version: ClaimVersion, rights: frozenset[Permission]) -> dict[str, bool]:
    """Which buttons this person gets; the actions themselves check again."""
    allowed = workflow.allowed(version.state)
    newest = not version.claim.versions.filter(number__gt=version.number).exists()
    writes = Permission.CLAIM_WRITE in rights and newest
    return {
        "edit": writes and version.state in EDITABLE,
        "cite": writes and version.state in EDITABLE,
        "submit": writes and "submit" in allowed,
        "reopen": writes and "reopen" in allowed,
        "review": newest and "approve" in allowed and can_review(request.user, version),
        "publish": newest and "publish" in allowed and Permission.CLAIM_PUBLISH in rights,
        "correct": writes and version.state == VersionState.PUBLISHED,
        "retract": version.state == VersionState.PUBLISHED and Permission.CLAIM_PUBLISH in rights,
        "confirm": bool(version.needs_attention)
        and version.state == VersionState.PUBLISHED
        and can_review(request.user, version),
        "single_source": version.state in EDITABLE
        and Permission.GATE_OVERRIDE in rights
        and not wrote_part_of(request.user, version),
        "exception": newest
        and version.state in (VersionState.SUBMITTED, VersionState.APPROVED)
        and Permission.GATE_OVERRIDE in rights
        and not (wrote_part_of(request.user, version) or has_approved(request.user, version)),
        "ask_gate": newest,
    }


# --- writing


@require_http_methods(["GET", "POST"])
def claim_create(request: HttpRequest, ref: str) -> HttpResponse:
    """First what kind of link, then its fields."""
    case = get_case(request.user, ref)
    check_write_claims(request.user, case)
    predicate = request.POST.get("predicate") or request.GET.get("predicate", "")
    context = {"case": case, "nav": "claims", "predicate_form": PredicateForm(initial={"predicate": predicate})}
    context["wording_url"] = reverse("claims:wording_new", args=[ref])
    if predicate not in SHAPES:
        return render(request, "claims/create.html", context)
    initial = {name: request.GET[name] for name in ("subject", "object") if name in request.GET}
    form = ClaimForm(request.POST or None, case=case, predicate=predicate, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            claim = create_claim(actor=request.user, case=case, predicate=predicate, **form.values())
            return redirect(parts.claim_url(case, claim.number))
        except InvalidInput as error:
            form.refuse(error)
    context |= {
        "form": form,
        "predicate": predicate,
        "predicate_label": Predicate(predicate).label,
        "hint": form.shape.hint,
    }
    return render(request, "claims/create.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
def claim_edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Change a draft; who saves second sees both texts and loses nothing."""
    version = get_version(request.user, ref, number)
    check_write_claims(request.user, version.case)
    if request.method == "GET":
        check_editable(version.state)
    case = version.case
    form = ClaimForm(
        request.POST or None, case=case, predicate=version.predicate, initial=ClaimForm.initial_of(version)
    )
    context = {"case": case, "nav": "claims", "version": version, "row": parts.rows([version])[0], "form": form}
    context["wording_url"] = reverse("claims:wording", args=[ref, number])
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["edit_version"] or 0
        try:
            edit_version(actor=request.user, version=version, expected_version=seen, changes=form.values())
            return parts.to_claim(version)
        except InvalidInput as error:
            form.refuse(error)
        except StaleVersion as error:
            return render(request, "claims/edit.html", context | _merge(error.current, form, case), status=412)
        except Conflict as error:
            # Somebody submitted it while this was typed: what was typed stays on the page.
            form.add_error(None, f"{error} What you wrote is kept below.")
            return render(request, "claims/edit.html", context, status=409)
    return render(request, "claims/edit.html", context, status=_status(form))


def _merge(stored: ClaimVersion, form: ClaimForm, case: Case) -> dict:
    """Both texts: what is stored now, and what was typed, bound to the stored version so that it can be saved."""
    theirs = ClaimForm.initial_of(stored)
    yours = {name: form.data.get(name, "") for name in form.fields if name != "edit_version"}
    yours["adverse"] = "adverse" in form.data
    data = form.data.copy()
    data["edit_version"] = str(stored.edit_version)
    changes = [
        {"label": label_of(name), "theirs": _shown(form, name, theirs.get(name)), "yours": _shown(form, name, value)}
        for name, value in yours.items()
        if _plain(theirs.get(name)) != _plain(value)
    ]
    return {
        "form": ClaimForm(data, case=case, predicate=stored.predicate),
        "merge": {"changes": changes, "who": _last_writer(stored), "at": stored.edited_at},
    }


def _last_writer(version: ClaimVersion) -> str:
    event = events_for_object(object_string(version.claim)).first()
    return parts.people_of([event.actor]).get(event.actor, "Somebody") if event else "Somebody"


def _plain(value: object) -> str:
    return "\n".join(str("" if value is None else value).split("\r\n"))


def _shown(form: ClaimForm, name: str, value: object) -> str:
    """A value in the words that the form shows for it."""
    choices = getattr(form.fields[name], "choices", None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if choices is None:
        return _plain(value)
    flat = [pair for entry in choices for pair in (entry[1] if isinstance(entry[1], list | tuple) else [entry])]
    return {str(key): str(label) for key, label in flat}.get(str(value or ""), _plain(value))


def _status(form: ClaimForm) -> int:
    return 400 if form.is_bound and form.errors else 200
