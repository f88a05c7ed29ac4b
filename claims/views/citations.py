"""Citing: from a preserved copy or an image to a claim, then grading, mending and removing."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from cases.exceptions import Conflict, InvalidInput, StaleVersion
from cases.forms import show_refusal
from cases.models import Case
from claims.actions.citations import cite, edit_citation, grade_citation, remove_citation
from claims.forms import CitationForm
from claims.models import Citation
from claims.permissions import check_write_claims
from claims.queries import get_citation, get_version, standing_versions
from claims.views import parts
from claims.workflow import EDITABLE, check_editable
from evidence.actions.reading import note_look
from evidence.models import Item
from evidence.permissions import check_read_item
from evidence.queries import derivative_of, get_item, readable_text
from posts.passages import number_words, passage

MOST_CLAIMS = 300
HANDED_OVER = ("exact", "prefix", "suffix", "start", "region")


@require_http_methods(["GET", "POST"])
def cite_item(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """The preserved copy on the left, the citation on the right: select or draw, choose the claim, save."""
    item = get_item(request.user, ref, exhibit)
    check_write_claims(request.user, item.case)
    check_read_item(request.user, item)
    layer = readable_text(request.user, item)
    choices = _open_claims(item.case)
    # The exhibit's own page hands a selection over: a form without a claim is a beginning, not a mistake.
    sent = request.POST if "claim" in request.POST else None
    initial = {"claim": request.GET.get("claim", "")} | {name: request.POST.get(name, "") for name in HANDED_OVER}
    initial |= _number(request, item)
    form = CitationForm(sent, claims=choices, has_text=layer is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _added(request, item, form)
        except InvalidInput as error:
            show_refusal(form, error)
    note_look(actor=request.user, item=item)
    context = {
        "case": item.case,
        "nav": "evidence",
        "item": item,
        "form": form,
        "has_claims": bool(choices),
        "cited": list(
            Citation.objects.filter(item=item).select_related("version__claim").order_by("start", "id")[:200]
        ),
        **_copy(item, layer, request.GET.get("picture", "")),
    }
    return render(request, "claims/cite.html", context, status=400 if form.is_bound else 200)


def _number(request: HttpRequest, item: Item) -> dict[str, str | int]:
    """The number of an analysis that a page of posts hands over by its pointer, as the passage to cite."""
    pointer = request.GET.get("number", "")
    analysis = item.analyses.first() if pointer else None
    if analysis is None:
        return {}
    found = passage(request.user, analysis, pointer)
    return {"exact": found.exact, "start": found.start, "descriptor": number_words(analysis, pointer)}


@require_http_methods(["GET", "POST"])
def citation_edit(request: HttpRequest, ref: str, citation_id: UUID) -> HttpResponse:
    """Mend one citation: its place, its stance, its grade."""
    citation = _citation(request, ref, citation_id)
    version = citation.version
    check_write_claims(request.user, citation.case)
    if request.method == "GET":
        check_editable(version.state)
    layer = readable_text(request.user, citation.item)
    form = CitationForm(request.POST or None, has_text=layer is not None, initial=_initial(citation))
    context = {"case": citation.case, "nav": "claims", "citation": citation, "version": version, "form": form}
    context |= {"item": citation.item, "row": parts.rows([version])[0]}
    context |= _copy(citation.item, layer, request.GET.get("picture", citation.part))
    if request.method == "POST" and form.is_valid():
        try:
            changed = _save(request, citation, form)
            return _answer(request, changed)
        except InvalidInput as error:
            show_refusal(form, error)
        except StaleVersion as error:
            stored = error.current
            data = form.data.copy()
            data["edit_version"] = str(stored.edit_version)
            context["form"] = CitationForm(data, has_text=layer is not None)
            context["merge"] = _merge(stored, form)
            return _citation_page(request, context, 412)
        except Conflict as error:
            form.add_error(None, f"{error} What you wrote is kept below.")
            return _citation_page(request, context, 409)
    return _citation_page(request, context, 400 if form.is_bound else 200)


def _citation_page(request: HttpRequest, context: dict, status: int) -> HttpResponse:
    """The quote in its preserved copy: a look at the exhibit, like the page that cites it."""
    note_look(actor=request.user, item=context["item"], purpose="Read in citations")
    return render(request, "claims/citation.html", context, status=status)


@require_POST
def citation_nearest(request: HttpRequest, ref: str, citation_id: UUID) -> HttpResponse:
    """Take the passage that stands in the copy in place of the words that do not."""
    citation = _citation(request, ref, citation_id)
    check_write_claims(request.user, citation.case)
    if not citation.nearest:
        raise InvalidInput("There is no nearest passage to take.", field="exact")
    changes = {"exact": citation.nearest}
    sent = request.POST.get("edit_version") or str(citation.edit_version)
    if not (sent.isascii() and sent.isdigit()):
        raise InvalidInput("edit_version is a number.", field="edit_version")
    seen = int(sent[:9])
    changed = edit_citation(actor=request.user, citation=citation, expected_version=seen, changes=changes)
    return _answer(request, changed)


@require_POST
def citation_remove(request: HttpRequest, ref: str, citation_id: UUID) -> HttpResponse:
    citation = _citation(request, ref, citation_id)
    version = citation.version
    remove_citation(actor=request.user, citation=citation, reason=request.POST.get("reason", "")[:2000])
    messages.success(request, gettext("The citation is removed from this draft; the record keeps what it said."))
    return parts.to_claim(version, "citations")


def _citation(request: HttpRequest, ref: str, citation_id: UUID) -> Citation:
    citation = get_citation(request.user, citation_id)
    # The case in the address must be the citation's own: a foreign one is answered as unknown.
    get_version(request.user, ref, citation.version.claim.number)
    return citation


def _open_claims(case: Case) -> list[tuple[str, str]]:
    versions = list(standing_versions(case).filter(state__in=EDITABLE).order_by("-edited_at")[:MOST_CLAIMS])
    return [(str(row["number"]), f"C-{row['number']} {row['statement']}") for row in parts.rows(versions)]


@transaction.atomic
def _added(request: HttpRequest, item: Item, form: CitationForm) -> HttpResponse:
    version = get_version(request.user, item.case.ref, int(form.cleaned_data["claim"]))
    citation = cite(actor=request.user, version=version, item=item, **form.passage(), **form.parts())
    if form.cleaned_data["credibility"]:
        citation = _graded(request, citation, form)
    return _answer(request, citation)


def _graded(request: HttpRequest, citation: Citation, form: CitationForm) -> Citation:
    cleaned = form.cleaned_data
    return grade_citation(
        actor=request.user, citation=citation, credibility=cleaned["credibility"], rationale=cleaned["rationale"]
    )


@transaction.atomic
def _save(request: HttpRequest, citation: Citation, form: CitationForm) -> Citation:
    changes = form.parts()
    passage = form.passage()
    if passage.get("exact", "") != citation.exact or passage.get("region", "") != citation.region:
        changes |= passage
    seen = form.cleaned_data["edit_version"] or 0
    changed = edit_citation(actor=request.user, citation=citation, expected_version=seen, changes=changes)
    grade = (form.cleaned_data["credibility"], form.cleaned_data["rationale"])
    if grade[0] and grade != (changed.credibility, changed.credibility_rationale):
        changed = _graded(request, changed, form)
    return changed


def _answer(request: HttpRequest, citation: Citation) -> HttpResponse:
    """To the claim when the passage was found; otherwise to the page that offers the nearest one."""
    claim = citation.version.claim
    if citation.verified:
        messages.success(
            request,
            gettext("%(claim)s cites E-%(exhibit)s: the passage stands in the preserved copy.")
            % {"claim": claim, "exhibit": citation.item.exhibit},
        )
        return parts.to_claim(citation.version, "citations")
    messages.warning(
        request, gettext("Saved, but these words are not in the preserved copy: the citation does not count yet.")
    )
    return redirect(reverse("claims:citation", args=[citation.case.ref, citation.pk]))


def _initial(citation: Citation) -> dict:
    names = [*CitationForm.PARTS, "exact", "prefix", "suffix", "start", "region", "credibility", "edit_version"]
    return {name: getattr(citation, name) for name in names} | {"rationale": citation.credibility_rationale}


def _merge(stored: Citation, form: CitationForm) -> dict:
    theirs = _initial(stored)
    changes = [
        {
            "label": str(field.label or name.capitalize()),
            "theirs": str(theirs[name] or ""),
            "yours": form.data.get(name, ""),
        }
        for name, field in form.fields.items()
        if name in theirs and not field.widget.is_hidden and str(theirs[name] or "") != form.data.get(name, "")
    ]
    return {"changes": changes, "who": "Somebody else", "at": stored.version.edited_at}


def _copy(item: Item, layer, wanted: str) -> dict:
    """What there is to select from: text in pages, a safe picture, or the `wanted` one of the pictures in a file."""
    rendition = derivative_of(item, "rendition")
    pictures = parts.pictures_in(item)
    pages = []
    if layer is not None and len(layer.pages) > 1:
        pages = [
            {"number": number, "start": start, "text": layer.text[start:end]}
            for number, (start, end) in enumerate(layer.pages, 1)
        ]
    return {
        "layer": layer,
        "pages": pages,
        "rendition": rendition,
        "rendition_url": parts.url_of("evidence:rendition", item.case.ref, item.exhibit) if rendition else "",
        "pictures": pictures,
        "picture": next((one for one in pictures if one["part"] == wanted), None),
    }
