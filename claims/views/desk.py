"""The editor's desk: the public text, its citations with the quote marked in the preserved copy, the gate's list."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from cases.exceptions import InvalidInput, NotAllowed, StaleVersion
from cases.forms import show_refusal
from cases.models import Case
from cases.permissions import Permission, check, permissions_of
from cases.queries import get_case
from cases.sentences import in_words
from claims.actions.reviews import approve, check_sentence, judge_citation, request_changes
from claims.checking import Sentence, near, progress
from claims.desk_forms import ReviewForm, SentenceForm, VerdictForm
from claims.enums import CitationVerdict, VersionState
from claims.exceptions import GateRefused
from claims.models import Citation, ClaimVersion
from claims.permissions import can_review
from claims.queries import gate_report, get_citation, get_version, rivals_of, versions_of
from claims.reading import readable, readable_text
from claims.views import parts
from evidence.models import Item
from evidence.queries import get_item, text_layers

QUEUE = 200
AROUND = 900


@require_GET
def desk(request: HttpRequest, ref: str) -> HttpResponse:
    """The first claim in the queue; an empty desk says so."""
    case = get_case(request.user, ref)
    queue = _queue(request, case)
    if queue:
        return redirect("claims:desk_claim", case.ref, queue[0])
    return render(request, "claims/desk_empty.html", {"case": case, "nav": "desk"})


@require_GET
def desk_claim(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One claim on the desk; a fixed number of queries."""
    return _show(request, get_version(request.user, ref, number), ReviewForm())


def _show(request: HttpRequest, version: ClaimVersion, form: ReviewForm, status: int = 200) -> HttpResponse:
    case = version.case
    rights = permissions_of(request.user, case)
    lines, citations = readable_text(request.user, version)
    parts.attach_verdicts(version, citations)
    parts.attach_stale(case, citations)
    may_review = can_review(request.user, version) and version.state == VersionState.SUBMITTED
    first = next((one for one in citations if not one.closed), None)
    context = {
        "case": case,
        "nav": "desk",
        "version": version,
        "row": parts.rows([version])[0],
        "sentences": _sentences(lines, citations),
        "progress": progress(lines),
        "citations": citations,
        "origins": parts.origin_words(citations),
        "besides": parts.besides(version),
        **_gate(version, rights),
        "rivals": parts.rows(list(rivals_of(version)[:5])),
        "reviews": list(version.reviews.select_related("reviewed_by").order_by("reviewed_at")),
        "form": form if form.is_bound else ReviewForm(initial={"content_sha256": version.content_sha256}),
        "verdicts": CitationVerdict.choices,
        "may_review": may_review,
        "why_not": "" if may_review else _why_not(request, version, rights),
        "copy": _copy(request, first) if first else None,
        **_neighbours(request, case, version.claim.number),
    }
    return render(request, "claims/desk.html", context, status=status)


@require_GET
def desk_copy(request: HttpRequest, ref: str, citation_id: UUID) -> HttpResponse:
    """The part of the preserved copy in which one citation's quote stands."""
    [citation] = readable(request.user, [_citation(request, ref, citation_id)])
    if citation.closed:
        raise NotAllowed("Your role does not let you open this exhibit.")
    return render(request, "claims/desk_copy.html", {"case": citation.case, "copy": _copy(request, citation)})


@require_POST
def desk_judge(request: HttpRequest, ref: str, citation_id: UUID) -> HttpResponse:
    """A verdict on one citation."""
    citation = _citation(request, ref, citation_id)
    check(request.user, citation.case, Permission.CLAIM_REVIEW)
    form = VerdictForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            judge_citation(actor=request.user, citation=citation, **form.cleaned_data)
        except InvalidInput as error:
            problem = in_words(error)
    else:
        problem = "Choose a verdict."
    if not parts.is_fragment(request):
        if problem:
            messages.error(request, problem)
        return redirect(_desk_url(citation.version) + f"#citation-{citation.pk}")
    parts.attach_verdicts(citation.version, readable(request.user, [citation]))
    context = {"case": citation.case, "citation": citation, "verdicts": CitationVerdict.choices, "problem": problem}
    return render(request, "claims/desk_verdict.html", context | {"may_review": True})


@require_POST
def desk_sentence(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Tick one sentence against citations, or ask the author about it."""
    version = get_version(request.user, ref, number)
    check(request.user, version.case, Permission.CLAIM_REVIEW)
    form = SentenceForm(request.POST)
    problem = form.in_one_line()
    try:
        if not problem:
            check_sentence(actor=request.user, version=version, **form.cleaned_data)
    except (InvalidInput, StaleVersion) as error:
        problem = in_words(error)
    if parts.is_fragment(request):
        return _sentence_fragment(request, version, form, problem)
    if problem:
        messages.error(request, problem)
    return redirect(_desk_url(version) + f"#sentence-{form.cleaned_data.get('position', 1)}")


def _sentence_fragment(request: HttpRequest, version: ClaimVersion, form: SentenceForm, problem: str) -> HttpResponse:
    lines, citations = readable_text(request.user, version)
    position = form.cleaned_data.get("position", 0)
    if form.cleaned_data.get("content_sha256") != version.content_sha256 or not 1 <= position <= len(lines):
        # No form: it would be one for a sentence that the page above it does not show.
        context = {"case": version.case, "version": version, "problem": problem}
        return render(request, "claims/desk_sentence.html", context)
    context = {
        "case": version.case,
        "version": version,
        "sentence": _sentence(lines[position - 1], citations),
        "citations": citations,
        "progress": progress(lines),
        "may_review": True,
        "problem": problem,
        "is_answer": True,
        **_gate(version, permissions_of(request.user, version.case)),
    }
    return render(request, "claims/desk_sentence.html", context)


# A refusal by the gate is kept: the action commits for itself.
@transaction.non_atomic_requests
@require_POST
def desk_review(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Approve exactly what was read, or return it with a comment."""
    version = get_version(request.user, ref, number)
    check(request.user, version.case, Permission.CLAIM_REVIEW)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, version, form, 400)
    queue = [one for one in _queue(request, version.case) if one != number]
    try:
        if request.POST.get("verdict") == "approve":
            approve(actor=request.user, version=version, **form.cleaned_data)
            messages.success(
                request, gettext("%(claim)s is approved in exactly this wording.") % {"claim": version.claim}
            )
        else:
            request_changes(actor=request.user, version=version, **form.cleaned_data)
            messages.success(request, gettext("%(claim)s went back to its author.") % {"claim": version.claim})
    except InvalidInput as error:
        show_refusal(form, error)
        return _show(request, version, form, 400)
    except GateRefused as error:
        form.add_error(None, in_words(error))
        return _show(request, version, form, 409)
    except StaleVersion as error:
        form.add_error(None, in_words(error))
        return _show(request, get_version(request.user, ref, number), form, 412)
    if queue and form.cleaned_data["stage"] == "editor":
        return redirect("claims:desk_claim", ref, queue[0])
    return redirect(_desk_url(version))


def _citation(request: HttpRequest, ref: str, citation_id: UUID) -> Citation:
    citation = get_citation(request.user, citation_id)
    get_version(request.user, ref, citation.version.claim.number)
    return citation


def _desk_url(version: ClaimVersion) -> str:
    return reverse("claims:desk_claim", args=[version.case.ref, version.claim.number])


def _queue(request: HttpRequest, case: Case) -> list[int]:
    """Numbers of the claims that wait for a review, the longest waiting first."""
    waiting = versions_of(request.user, case).filter(state=VersionState.SUBMITTED)
    return list(waiting.order_by("submitted_at", "pk").values_list("claim__number", flat=True)[:QUEUE])


def _gate(version: ClaimVersion, rights: frozenset[Permission]) -> dict:
    report = gate_report(version)
    found = parts.findings(version, report.as_dicts(), rights)
    return {"findings": found, "blocked": not report.passed}


def _neighbours(request: HttpRequest, case: Case, number: int) -> dict:
    queue = _queue(request, case)
    at = queue.index(number) if number in queue else -1
    return {
        "queue_length": len(queue),
        "place": at + 1,
        "previous": queue[at - 1] if at > 0 else None,
        "following": queue[at + 1] if at + 1 < len(queue) else None,
    }


def _sentences(lines: list[Sentence], citations: list[Citation]) -> list[dict]:
    """Each sentence with its check, the citations to look at, and those that a tick would name."""
    return [_sentence(line, citations) for line in lines]


def _sentence(line: Sentence, citations: list[Citation]) -> dict:
    looked_at = [str(one.pk) for one in near(line.text, citations)]
    # A question names none.
    named = (line.check.citations if line.check else []) or looked_at
    return {"line": line, "citations": " ".join(looked_at), "named": named}


def _why_not(request: HttpRequest, version: ClaimVersion, rights: frozenset[Permission]) -> str:
    if version.state != VersionState.SUBMITTED:
        return gettext("This version is %(state)s; only submitted ones are reviewed.") % {
            "state": gettext(version.get_state_display()).lower()
        }
    if Permission.CLAIM_REVIEW not in rights:
        return gettext("Your role reads here; reviewing is an editor's.")
    return gettext("You wrote part of this version: somebody else must review it.")


def _copy(request: HttpRequest, citation: Citation) -> dict:
    """The passage of a readable citation with what stands around it, from the preserved copy's own text."""
    item = get_item(request.user, citation.case.ref, citation.item.exhibit)
    layers = text_layers(item)
    shown = {"citation": citation, "item": item, "before": "", "exact": "", "after": "", "found": False}
    for layer in layers:
        start, end = citation.start, citation.end
        if start is not None and end is not None and layer.text[start:end] == citation.exact:
            before, after = layer.text[max(0, start - AROUND) : start], layer.text[end : end + AROUND]
            cut = {"cut_before": start > AROUND, "cut_after": end + AROUND < len(layer.text)}
            return shown | cut | {"before": before, "exact": citation.exact, "after": after, "found": True}
    if citation.region:
        shown |= _picture(item, citation.part)
    elif layers:
        shown["after"] = layers[0].text[: 2 * AROUND]
    return shown


def _picture(item: Item, part: str) -> dict:
    """What the cited region is drawn on."""
    if not part:
        return {"part": "", "picture_url": reverse("evidence:rendition", args=[item.case.ref, item.exhibit])}
    urls = {one["part"]: one["url"] for one in parts.pictures_in(item)}
    return {"part": part, "picture_url": urls.get(part, "")}
