"""Sources, exhibits and the text that was read from them."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from evidence.enums import Sensitivity
from evidence.models import Item, Source, TextLayer
from evidence.queries import text_layers
from search.drafts import MOST_WORDS, Draft
from search.kinds.base import Searchable, joined, signed
from search.tokens import stretches


def _items(ids: Sequence[UUID]) -> Iterator[Draft]:
    rows = Item.objects.filter(pk__in=ids).select_related("blob", "source", "collector")
    for item in rows.prefetch_related("blob__text_layers"):
        yield _exhibit(item)
        for layer in text_layers(item)[:1]:
            yield from _texts(item, layer)


def _exhibit(item: Item) -> Draft:
    """What is told of an exhibit to every member of its case."""
    told = (item.author, item.publisher, item.original_url, item.archived_url, item.file_name, item.relevance_note)
    return Draft(
        kind="exhibit",
        title=str(item),
        text=joined(*told),
        status=item.state,
        place={"exhibit": item.exhibit},
        **_common(item),
    )


def _texts(item: Item, layer: TextLayer) -> Iterator[Draft]:
    """The pages of an exhibit's text, long ones in parts; of a sensitive one for those only who may open it."""
    part = 0
    for number, (first, last) in enumerate(layer.pages or [[0, len(layer.text)]], 1):
        for start, end in stretches(layer.text[first:last], MOST_WORDS):
            part += 1
            page = number if len(layer.pages) > 1 else None
            yield Draft(
                kind="text",
                part=part,
                title=f"{item}, page {page}" if page else str(item),
                text=layer.text[first + start : first + end].replace("\0", ""),
                status=item.state,
                sensitive=item.sensitivity == Sensitivity.SENSITIVE,
                place={"exhibit": item.exhibit, "layer": str(layer.pk), "start": first + start, "page": page},
                **_common(item),
            )


def _common(item: Item) -> dict:
    return {
        "object_id": item.pk,
        "case_id": item.case_id,
        "at": item.published_at or item.captured_at,
        "lang": item.language,
        "by": signed(item.collector),
        "source": item.source.name if item.source else item.publisher,
    }


def _sources(ids: Sequence[UUID]) -> Iterator[Draft]:
    for source in Source.objects.filter(pk__in=ids).select_related("created_by", "origin_group"):
        yield Draft(
            kind="source",
            object_id=source.pk,
            case_id=source.case_id,
            title=source.name,
            text=joined(source.owner, source.url, source.note, source.origin_group),
            at=source.created_at,
            status=source.kind,
            by=signed(source.created_by),
            source=source.name,
        )


ITEMS = Searchable("item", Item, ("exhibit", "text"), _items)
SOURCES = Searchable("source", Source, ("source",), _sources)
