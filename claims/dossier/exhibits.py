"""What a frozen snapshot tells of the exhibits that its claims cite, and of their sources."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min

from audit.log import format_time
from claims.models import Citation
from evidence.enums import CustodyAction
from evidence.models import CustodyEvent, Item, SourceGrade, TextLayer


def exhibits_of(items: Sequence[Item], citations: Sequence[Citation]) -> list[dict]:
    """The exhibits of a snapshot, each with its bibliography, custody and cited passages."""
    of_item = grouped(citations, "item_id")
    custody = _custody(items)
    rows = TextLayer.objects.filter(blob__in=[item.blob_id for item in items]).values_list("blob", "tool", "sha256")
    texts = {(blob, tool): sha256 for blob, tool, sha256 in rows}
    return [
        {**_bibliography(item), "text_sha256": texts.get((item.blob_id, item.readings[-1])) if item.readings else None}
        | {"custody": custody[item.pk], "passages": [_passage(citation) for citation in of_item[item.pk]]}
        for item in items
    ]


def _bibliography(item: Item) -> dict:
    return {
        "exhibit": item.exhibit,
        "item": str(item.pk),
        "kind": item.kind,
        "title": item.title,
        "author": item.author,
        "publisher": item.publisher,
        "published_at": time_or_none(item.published_at),
        "published_precision": item.published_precision,
        "no_date_reason": item.no_date_reason,
        "language": item.language,
        "original_url": item.original_url,
        "archived_url": item.archived_url,
        "sha256": item.blob_id,
        "sha512": item.blob.sha512 if item.blob else None,
        "size": item.blob.size if item.blob else None,
        "media_type": item.blob.media_type if item.blob else "",
        "captured_at": format_time(item.captured_at),
        "collector": f"user:{item.collector_id}",
        "method": item.method,
        "tool": item.tool,
        "tool_version": item.tool_version,
        "source": str(item.source_id) if item.source_id else None,
        "state": item.state,
    }


def _passage(citation: Citation) -> dict:
    keys = ("exact", "prefix", "suffix", "start", "end", "page", "region", "region_sha256")
    return {"citation": str(citation.pk), **{key: getattr(citation, key) for key in keys}}


def _custody(items: Sequence[Item]) -> dict[UUID, dict]:
    """How often and when each exhibit was handled; who did it stays in the case."""
    found: dict[UUID, dict] = {item.pk: {"events": 0, "by_action": {}} for item in items}
    rows = (
        CustodyEvent.objects.filter(item__in=items)
        .values("item_id", "action")
        .annotate(count=Count("id"), first=Min("at"), last=Max("at"))
        .order_by("item_id", "action")
    )
    for row in rows:
        summary = found[row["item_id"]]
        summary["events"] += row["count"]
        summary["by_action"][row["action"]] = {
            "label": CustodyAction(row["action"]).label,
            "count": row["count"],
            "first": format_time(row["first"]),
            "last": format_time(row["last"]),
        }
    return found


def sources_of(sources: set) -> list[dict]:
    """The sources of a snapshot by name, each with its grade and origin."""
    grades = {grade.source_id: grade for grade in SourceGrade.objects.filter(source__in=sources).order_by("graded_at")}
    return [
        {
            "id": str(source.pk),
            "name": source.name,
            "kind": source.get_kind_display(),
            "owner": source.owner,
            "country": source.country,
            "url": source.url,
            "reliability": source.reliability,
            "reliability_rationale": grades[source.pk].rationale if source.pk in grades else "",
            "graded_by": _grader(grades.get(source.pk)),
            "origin": {"id": str(source.origin_group_id), "label": source.origin_group.label}
            if source.origin_group
            else None,
        }
        for source in sorted(sources, key=lambda source: (source.name, str(source.pk)))
    ]


def _grader(grade: SourceGrade | None) -> str | None:
    return f"user:{grade.graded_by_id}" if grade else None


def grouped(rows: Iterable, key: str) -> dict[UUID, list]:
    """Rows in their order, under the id that their column `key` holds."""
    found: dict[UUID, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def time_or_none(value: datetime | None) -> str | None:
    """A moment as the log writes it."""
    return format_time(value) if value else None
