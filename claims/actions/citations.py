"""Citing evidence: where the passage stands, what it says, and how much it is worth. The server looks for itself."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.exceptions import InvalidInput, StaleVersion
from cases.history import record
from cases.models import User
from cases.sentences import Sentence
from cases.validation import check_fields
from claims import selectors
from claims.actions.drafts import touch
from claims.enums import Credibility, SelectorType
from claims.models import Citation, ClaimVersion
from claims.permissions import check_write_claims
from claims.queries import get_citation, get_version_by_id
from claims.shapes import SHAPES
from claims.workflow import check_editable
from evidence.enums import ItemState
from evidence.models import Item
from evidence.permissions import check_read_item
from evidence.queries import text_layers
from evidence.regions import region_sha256
from posts.models import Analysis
from posts.passages import number_words, passage

LOCATORS = ("exact", "prefix", "suffix", "start", "region")
DESCRIPTIONS = (
    "stance",
    "access",
    "indicator",
    "translation",
    "translator",
    "descriptor",
    "disposition",
    "disposition_note",
    "order",
)
FIELDS = LOCATORS + DESCRIPTIONS
_LOGGED = ("exact", "start", "end", "page", "region", "verified", "credibility", *DESCRIPTIONS)
# A grade is of exactly these words or this region, in this place.
_GRADED = ("exact", "start", "region")


@transaction.atomic
def cite(*, actor: User, version: ClaimVersion, item: Item, **fields: Any) -> Citation:
    """Cite a passage (`exact`, `prefix`, `suffix`, `start`) or a `region` of an exhibit; `fields` are those of FIELDS.

    The quote is looked up in the preserved copy: `verified` says whether it stands there, and `nearest` holds the
    passage most like it where it does not. An unverified citation is kept, and does not count.
    """
    item = _locked_item(item)
    version = _editable(actor, version)
    if item.case_id != version.case_id:
        raise InvalidInput("There is no such exhibit in this case.", field="item")
    check_read_item(actor, item)
    if item.state != ItemState.ACTIVE:
        raise InvalidInput(
            Sentence(
                "E-%(exhibit)s is %(state)s: cite other evidence.",
                exhibit=item.exhibit,
                state=item.get_state_display().lower(),
            ),
            field="item",
        )
    last = version.citations.order_by("-order").values_list("order", flat=True).first()
    citation = Citation(case=version.case, version=version, item=item, added_by=actor)
    citation.order = 0 if last is None else last + 1
    _assign(citation, fields)
    locate(citation)
    citation.save(force_insert=True)
    touch(version, actor)
    _log(actor, "citation_added", citation, after=_facts(citation))
    return citation


@transaction.atomic
def cite_number(*, actor: User, version: ClaimVersion, analysis: Analysis, pointer: str, **fields: Any) -> Citation:
    """Cite one number of an analysis of posts, "/peak_day/posts" of N-3: the place where it stands in its exhibit."""
    if analysis.case_id != version.case_id:
        raise InvalidInput("There is no such analysis in this case.", field="analysis")
    found = passage(actor, analysis, pointer)
    fields.setdefault("descriptor", number_words(analysis, pointer))
    return cite(actor=actor, version=version, item=analysis.item, exact=found.exact, start=found.start, **fields)


@transaction.atomic
def edit_citation(*, actor: User, citation: Citation, expected_version: int, changes: Mapping[str, Any]) -> Citation:
    """Change a citation, based on the `edit_version` that `actor` saw; a changed place is looked up and graded again.

    Raises StaleVersion, carrying the stored citation, when somebody saved first.
    """
    version = _editable(actor, citation.version)
    citation = get_citation(actor, citation.pk)
    if citation.edit_version != expected_version:
        raise StaleVersion("Somebody changed this citation in the meantime.", current=citation)
    check_read_item(actor, citation.item)
    before = _facts(citation)
    _assign(citation, changes)
    if set(changes) & set(LOCATORS):
        locate(citation)
    after = _facts(citation)
    if any(after[name] != before[name] for name in _GRADED):
        citation.credibility, citation.credibility_rationale, citation.graded_by = "", "", None
        after = _facts(citation)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        citation.edit_version += 1
        citation.save()
        touch(version, actor)
        changes_only = [{name: facts[name] for name in changed} for facts in (before, after)]
        _log(actor, "citation_changed", citation, before=changes_only[0], after=changes_only[1])
    return citation


@transaction.atomic
def grade_citation(*, actor: User, citation: Citation, credibility: str, rationale: str) -> Citation:
    """Rate the information from 1 (confirmed) to 6 (cannot be judged); there is no grade without its reason."""
    version = _editable(actor, citation.version)
    citation = get_citation(actor, citation.pk)
    if credibility not in Credibility.values:
        raise InvalidInput("Credibility is a digit from 1 to 6.", field="credibility")
    if not rationale.strip():
        raise InvalidInput("Say why: a grade without a rationale is worth nothing.", field="rationale")
    before = {"credibility": citation.credibility, "rationale": citation.credibility_rationale}
    citation.credibility, citation.credibility_rationale = credibility, rationale.strip()
    citation.graded_by = actor
    citation.edit_version += 1
    _check(citation)
    citation.save(update_fields=["credibility", "credibility_rationale", "graded_by", "edit_version"])
    touch(version, actor)
    _log(actor, "citation_graded", citation, before=before, after={"credibility": credibility, "rationale": rationale})
    return citation


@transaction.atomic
def translate_citation(*, actor: User, citation: Citation, translation: str, translator: str) -> Citation:
    """Say what a quote means in the readers' language, and who says so."""
    if not translation.strip() or not translator.strip():
        raise InvalidInput("A translation needs its text and its translator.", field="translation")
    changes = {"translation": translation, "translator": translator}
    return edit_citation(actor=actor, citation=citation, expected_version=citation.edit_version, changes=changes)


@transaction.atomic
def remove_citation(*, actor: User, citation: Citation, reason: str = "") -> None:
    """Take a citation out of a draft; the log keeps what it said, and reviewers' verdicts on it stay."""
    version = _editable(actor, citation.version)
    citation = get_citation(actor, citation.pk)
    touch(version, actor)
    _log(actor, "citation_removed", citation, before=_facts(citation), reason=reason)
    citation.delete()


def recheck(version: ClaimVersion) -> int:
    """Look up every passage again, because texts come and go and a row may say anything; how many changed.

    A step of the actions that lock the version; `version` must be open for writing.
    """
    changed = 0
    for citation in version.citations.select_related("item__blob", "case", "version"):
        before = citation.verified
        locate(citation)
        if citation.verified != before:
            citation.save()
            changed += 1
    return changed


def locate(citation: Citation) -> None:
    """Look for the citation's passage or region in the preserved copy and note what was found."""
    citation.verified, citation.verified_at, citation.nearest = False, None, ""
    citation.end = citation.page = None
    if citation.selector_type == SelectorType.REGION:
        _locate_region(citation)
    else:
        _locate_quote(citation)
    if citation.verified:
        citation.verified_at = timezone.now()
    _check(citation)


def _locate_region(citation: Citation) -> None:
    region = selectors.parse_region(citation.region)
    citation.region = str(region)
    citation.start = None
    citation.region_sha256 = region_sha256(
        citation.item, part=region.part, x=region.x, y=region.y, w=region.w, h=region.h
    )
    citation.verified = bool(citation.region_sha256)


def _locate_quote(citation: Citation) -> None:
    layers = text_layers(citation.item)
    hint = {"prefix": citation.prefix, "suffix": citation.suffix, "start": citation.start}
    found = [(layer, selectors.find(layer.text, citation.exact, **hint)) for layer in layers]
    # A layer that has the very words comes before one that has them only in another spelling.
    hits = sorted(((layer, hit) for layer, hit in found if hit), key=lambda pair: pair[1].tolerant)
    if hits:
        layer, hit = hits[0]
        citation.exact, citation.prefix, citation.suffix = hit.exact, hit.prefix, hit.suffix
        citation.start, citation.end = hit.start, hit.end
        citation.page = selectors.page_of(layer.pages, hit.start)
        citation.verified = True
        return
    selectors.find("", citation.exact)
    citation.start = None
    near = [hit for layer in layers if (hit := selectors.nearest(layer.text, citation.exact))]
    citation.nearest = max(near, key=lambda hit: hit.score).text if near else ""


def _locked_item(item: Item) -> Item:
    """Evidence is locked before claims, here as in the actions that change evidence: no two wait in a ring."""
    return Item.objects.select_for_update(of=("self",), no_key=True).select_related("case", "blob").get(pk=item.pk)


def _editable(actor: User, version: ClaimVersion) -> ClaimVersion:
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_write_claims(actor, version.case)
    check_editable(version.state)
    return version


def _assign(citation: Citation, values: Mapping[str, Any]) -> None:
    if unknown := sorted(set(values) - set(FIELDS)):
        raise InvalidInput(f"{unknown[0]} is not a part of a citation that can be written.", field=unknown[0])
    if "exact" in values or "region" in values:
        citation.prefix, citation.suffix, citation.start = "", "", None
    for name, value in values.items():
        setattr(citation, name, value)
    # A passage has one place: naming a region drops the quote, and the other way round.
    citation.selector_type = SelectorType.REGION if citation.region and not values.get("exact") else SelectorType.QUOTE
    if citation.selector_type == SelectorType.REGION:
        citation.exact = citation.prefix = citation.suffix = ""
    else:
        citation.region = citation.region_sha256 = ""
    if not citation.exact.strip() and not citation.region:
        raise InvalidInput("Quote the passage or draw the region.", field="exact")


def _check(citation: Citation) -> None:
    citation.prefix, citation.suffix = citation.prefix[-200:], citation.suffix[:200]
    check_fields(citation, exclude={"case", "version", "item", "added_by", "graded_by"})
    if citation.indicator and citation.indicator not in SHAPES[citation.version.predicate].indicators:
        raise InvalidInput(
            f"“{citation.get_indicator_display()}” says nothing of this kind of link.", field="indicator"
        )


def _facts(citation: Citation) -> dict[str, Any]:
    return {"exhibit": citation.item.exhibit} | {name: getattr(citation, name) for name in _LOGGED}


def _log(actor: User, action: str, citation: Citation, *, reason: str = "", **states: dict[str, Any]) -> None:
    """Under the claim, so that its history tells of all its citations."""
    named = {side: {"citation": str(citation.pk)} | facts for side, facts in states.items()}
    digests = [citation.item.blob_id] if citation.item.blob_id else []
    record(actor, action, citation.version.claim, reason=reason, evidence=digests, **named)
