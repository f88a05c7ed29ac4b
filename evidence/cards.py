"""Exhibits as the cards of the evidence wall: a fixed number of queries for any number of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Left
from django.urls import reverse

from evidence.dependents import citation_counts
from evidence.enums import Sensitivity
from evidence.models import Item, TextLayer

EXCERPT = 280
# The start of each text, by its blob and the tool that read it.
Excerpts = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Card:
    """What components/exhibit_card.html shows. `cited` is None where nobody counts citations."""

    exhibit: int
    title: str
    url: str
    kind_label: str
    publisher: str
    published_at: datetime | None
    published_precision: str
    thumbnail: str
    excerpt: str
    graphic: bool
    sensitive: bool
    state: str
    reliability: str
    fixity: str
    cited: int | None


def cards_of(items: Sequence[Item]) -> list[Card]:
    """One card for each item of `queries.items_of`; sensitive ones show neither words nor picture."""
    open_items = [item for item in items if item.sensitivity != Sensitivity.SENSITIVE and item.derived_at]
    excerpts = _excerpts(open_items)
    counts = citation_counts(items)
    return [_card(item, excerpts, counts) for item in items]


def _card(item: Item, excerpts: Excerpts, counts: dict[UUID, int] | None) -> Card:
    sensitive = item.sensitivity == Sensitivity.SENSITIVE
    address = [item.case.ref, item.exhibit]
    has_picture = not sensitive and item.derived_at and item.blob and item.blob.thumbnails
    return Card(
        exhibit=item.exhibit,
        title=item.title,
        url=reverse("evidence:item", args=address),
        kind_label=item.get_kind_display(),
        publisher=item.publisher or (item.source.name if item.source else ""),
        published_at=item.published_at,
        published_precision=item.published_precision,
        thumbnail=reverse("evidence:picture", args=[*address, "thumbnail"]) if has_picture else "",
        excerpt="" if sensitive else _excerpt(item, excerpts),
        graphic=item.graphic,
        sensitive=sensitive,
        state=item.state,
        reliability=item.source.reliability if item.source else "",
        fixity=item.blob.fixity if item.blob else "",
        cited=None if counts is None else counts.get(item.pk, 0),
    )


def _excerpts(items: Sequence[Item]) -> Excerpts:
    blobs = {item.blob_id for item in items if item.blob_id}
    rows = TextLayer.objects.filter(blob__in=blobs).annotate(start=Left("text", EXCERPT))
    return {(blob, tool): start for blob, tool, start in rows.values_list("blob_id", "tool", "start")}


def _excerpt(item: Item, excerpts: Excerpts) -> str:
    """Of the newest text that was read for this exhibit; what another case read in the same bytes stays there."""
    return excerpts.get((item.blob_id, item.readings[-1]), "") if item.readings else ""
