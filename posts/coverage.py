"""What a figure rests on, said beside it: sources, queries, times, gaps, and what such a file cannot show."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop

from cases.moments import as_written
from posts.models import Dataset, FollowList

# Kept in English with an analysis; translated where a page or a picture shows them.
NOT_THE_PLATFORM = gettext_noop(
    "Counts are of the posts in these files. The platform's own counts are of other moments and of posts that the "
    "files may not have, and may differ."
)


NOT_ALL_WHO_FOLLOW = gettext_noop(
    "Counts are of the accounts in these lists, as of their dates. The platform's own counts are of other moments and "
    "of accounts that a list may leave out, and may differ."
)


def coverage(sources: Sequence[Dataset | FollowList]) -> dict[str, Any]:
    """The coverage of an analysis: one line to print with each figure, and each file in detail."""
    lists = [one for one in sources if isinstance(one, FollowList)]
    if lists:
        line_of_lists = " ".join(_sentence_of_list(one) for one in lists)
        return {"line": line_of_lists, "caution": NOT_ALL_WHO_FOLLOW, "lists": [_of_list(one) for one in lists]}
    return _of_posts(sources)


def _of_posts(datasets: Sequence[Dataset]) -> dict[str, Any]:
    return {"line": line(datasets), "caution": NOT_THE_PLATFORM, "datasets": [_of(one) for one in datasets]}


def line(datasets: Sequence[Dataset]) -> str:
    """One sentence: which files, what was asked for, from when to when, and what is known to be missing."""
    return " ".join(_sentence(one) for one in datasets) if datasets else "No posts have been imported."


def _sentence(dataset: Dataset) -> str:
    moments = [moment for moment in (dataset.first_at, dataset.last_at) if moment]
    span = f"{moments[0]:%-d %b %Y %H:%M} to {moments[-1]:%-d %b %Y %H:%M} UTC" if moments else "without times"
    asked = f" for “{dataset.query}”" if dataset.query else ""
    said = f" ({dataset.source_note})" if dataset.source_note else ""
    missing = [dataset.gaps] if dataset.gaps else []
    missing += [f"{dataset.rejected:,} unreadable records"] if dataset.rejected else []
    missing += [f"{dataset.undated:,} posts without a time"] if dataset.undated else []
    gaps = f"; missing: {', '.join(missing)}" if missing else ""
    return f"{dataset.label} {dataset.title}{said}{asked}: {dataset.posts:,} posts, {span}{gaps}."


def _of(dataset: Dataset) -> dict[str, Any]:
    return {
        "dataset": dataset.label,
        "exhibit": f"E-{dataset.item.exhibit}",
        "sha256": dataset.item.blob_id,
        "title": dataset.title,
        "format": dataset.format,
        "reader": dataset.reader_version,
        "zone": dataset.zone,
        "source": dataset.source_note,
        "query": dataset.query,
        "from": dataset.first_at.isoformat() if dataset.first_at else None,
        "to": dataset.last_at.isoformat() if dataset.last_at else None,
        "posts": dataset.posts,
        "undated": dataset.undated,
        "rejected": dataset.rejected,
        "gaps": dataset.gaps,
        "cannot_show": dataset.lacks,
    }


def _sentence_of_list(one: FollowList) -> str:
    said = f" ({one.source_note})" if one.source_note else ""
    missing = [one.gaps] if one.gaps else []
    missing += [f"{one.rejected:,} unreadable records"] if one.rejected else []
    gaps = f"; missing: {', '.join(missing)}" if missing else ""
    whole = "complete list" if one.is_complete else "partial list"
    return f"{one.label} {one.get_platform_display()} account {one.account} {one.words}{said}: {whole}{gaps}."


def _of_list(one: FollowList) -> dict[str, Any]:
    return {
        "list": one.label,
        "exhibit": f"E-{one.item.exhibit}",
        "sha256": one.item.blob_id,
        "as_of": as_written(one.observed_at, one.observed_precision),
        "is_complete": one.is_complete,
        "source": one.source_note,
        "gaps": one.gaps,
        "read": one.read,
        "duplicates": one.duplicates,
        "rejected": one.rejected,
    }
