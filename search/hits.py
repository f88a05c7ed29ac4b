"""Hits as a page shows them: loaded again through `visible_to`, with what was found marked, and where it stands."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.db.models import Model
from django.urls import reverse

from cases.models import User
from cases.querysets import CaseScopedQuerySet
from claims.models import Citation, Reply
from evidence.enums import Sensitivity
from evidence.models import Item
from search.kinds import KINDS, SEARCHABLES
from search.models import Document
from search.namesakes import Namesake
from search.rights import Reach
from search.snippets import Marked, Snippet, snippet

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hit:
    """One found thing. `title` and `snippet` are pieces with marks; `namesake` says why a name fits."""

    document: Document
    case_ref: str
    title: Snippet
    snippet: Snippet
    url: str
    namesake: Namesake | None

    @property
    def label(self) -> str:
        return KINDS[self.document.kind].one

    @property
    def icon(self) -> str:
        return KINDS[self.document.kind].icon

    @property
    def at(self) -> datetime | None:
        return self.document.at


def hits_of(actor: User, reach: Reach, ids: list[int], marked: Marked, named: dict[int, Namesake]) -> list[Hit]:
    """The documents of `ids` in their order, without any whose row `actor` may not see now; two queries and one a kind.

    One that had to be left out is a fault of the index: it is logged, and its row is noted to be read again.
    """
    documents = {document.pk: document for document in shown_documents(actor).filter(pk__in=ids)}
    open_to = _still_open(actor, reach, list(documents.values()))
    shown = [documents[pk] for pk in ids if pk in documents and documents[pk].object_id in open_to]
    if closed := [pk for pk, document in documents.items() if document.object_id not in open_to]:
        logger.warning("%d documents were found and are not to be seen, %s among them", len(closed), closed[0])
    return [_hit(document, reach, marked, named.get(document.pk)) for document in shown]


def shown_documents(actor: User) -> CaseScopedQuerySet:
    """Documents of one's cases with what is shown of them, and without what only engines read."""
    found = Document.objects.visible_to(actor).filter(live=True, wording__isnull=False).select_related("wording")
    return found.defer("words", "exact", "heads", "keys")


def _still_open(actor: User, reach: Reach, documents: list[Document]) -> set[UUID]:
    """The rows behind these documents that `actor` may see, and quote from, at this moment."""
    wanted = defaultdict(set)
    for document in documents:
        wanted[document.kind].add(document.object_id)
    seen: set[UUID] = set()
    for kind, ids in wanted.items():
        for searchable in SEARCHABLES.values():
            if kind in searchable.kinds:
                seen |= _visible(searchable.model, actor, ids, reach, closed=kind in ("text", "citation", "reply"))
    return seen


def _visible(model: type[Model], actor: User, ids: set[UUID], reach: Reach, *, closed: bool) -> set[UUID]:
    rows = model.objects.visible_to(actor).filter(pk__in=ids)
    if closed and model in _SENSITIVITY:
        path = _SENSITIVITY[model]
        pairs = rows.values_list("pk", "case_id", path)
        return {pk for pk, case, level in pairs if level != Sensitivity.SENSITIVE or case in reach.sensitive}
    return set(rows.values_list("pk", flat=True))


_SENSITIVITY: dict[type[Model], str] = {Item: "sensitivity", Citation: "item__sensitivity", Reply: "item__sensitivity"}


def _hit(document: Document, reach: Reach, marked: Marked, namesake: Namesake | None) -> Hit:
    title = snippet(document.wording.title, marked, whole=True)
    text = snippet(document.wording.text, marked)
    ref = reach.cases[document.case_id]
    return Hit(document, ref, title, text, address_of(document, ref, text), namesake)


def address_of(document: Document, ref: str, found: Snippet) -> str:
    """The page of what was found; of a text, the place in the preserved copy."""
    place, row = document.wording.place, document.object_id
    match document.kind:
        case "case":
            named: tuple = ("case_overview", ref)
        case "account" | "person" | "organisation" as kind:
            named = (f"cases:{kind}", ref, row)
        case "observation":
            named = ("cases:account", ref, place["account"])
        case "source":
            named = ("evidence:source", ref, row)
        case "exhibit" | "text":
            named = ("evidence:item", ref, place["exhibit"])
        case "publication":
            named = ("claims:publication", ref, place["publication"])
        case "reply":
            named = ("claims:request", ref, place["request"])
        case "correction":
            named = ("claims:corrections", ref)
        case _:
            named = ("claims:claim", ref, place["claim"])
    name, *arguments = named
    return reverse(name, args=arguments) + (_passage(place, found) if document.kind == "text" else "")


def _passage(place: dict, found: Snippet) -> str:
    """The window of the text that holds the passage, which `static/js/highlights.js` marks and brings into view."""
    begin = place["start"] + found.start
    passage = f"#q={quote(found.found, safe='')}&s={begin}" if found.found else ""
    return f"?layer={place['layer']}&from={begin}{passage}"
