"""The first figures of very many posts, as the database counts them while a page waits.

The same keys and numbers as `posts.report` gives, of what needs neither every text nor every pair: totals, posts over
time, the earliest, hashtags, and who posted most. The rest of a report is empty here, and a job counts it.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from posts.columns import Columns, Row, microseconds, written
from posts.counting import rankings, summaries, timelines
from posts.enums import SUSPECT, Kind
from posts.models import Post

# Zones lie whole quarters of an hour apart, so that these add up to hours and days of each.
_QUARTER = "date_bin('15 minutes', at, 'epoch'::timestamptz)"
_BY_ACCOUNT = """
SELECT platform, account, count(*), count(*) FILTER (WHERE kind = 'repost'), count(*) FILTER (WHERE kind = 'original'),
    count(*) FILTER (WHERE kind = 'quote'), count(*) FILTER (WHERE kind = 'reply'), count(*) FILTER (WHERE at IS NULL),
    count(*) FILTER (WHERE clock_flags && %(suspect)s::text[])
FROM ({posts}) p GROUP BY 1, 2"""
_OVER_TIME = f"""
SELECT (extract(epoch FROM {_QUARTER}) * 1000000)::bigint, count(*), count(*) FILTER (WHERE kind = 'repost')
FROM ({{posts}}) p WHERE at IS NOT NULL GROUP BY {_QUARTER} ORDER BY 1"""  # noqa: S608 - names of ours
_HASHTAGS = """
SELECT tag, sum(posts)::bigint AS posts, count(*), min(first), max(last) FROM (
    SELECT tag, platform, account, count(*) AS posts, min(at) AS first, max(at) AS last
    FROM ({posts}) p, unnest(hashtags) AS tag GROUP BY 1, 2, 3
) used GROUP BY tag ORDER BY posts DESC, tag COLLATE "C" LIMIT %(limit)s"""
_EARLIEST = """
SELECT platform, native_id, account, at, clock_flags && %(suspect)s::text[] FROM ({posts}) p
WHERE at = (SELECT min(at) FROM ({posts}) q)"""


def figures(rows: QuerySet[Post], zone: str, limit: int) -> dict[str, Any]:
    """The figures of these posts in a named zone, lists of at most `limit` entries."""
    accounts = _asked(_BY_ACCOUNT, rows)
    is_mixed = len({platform for platform, *_ in accounts}) > 1
    totals = [sum(row[place] for row in accounts) for place in range(2, 9)]
    names = dict(zip(("posts", "reposts", "originals", "quotes", "replies", "undated", "flagged"), totals, strict=True))
    lines = lines_of(rows, zone)
    return (
        names
        | {"accounts": len(accounts), "first": _first(rows, is_mixed), "peak_minute": None}
        | {f"peak_{unit}": line["peak"] for unit, line in lines.items()}
        | {"timeline": {unit: line["buckets"] for unit, line in lines.items()}}
        | _activity(accounts, is_mixed, limit)
        | {"hashtags": _hashtags(rows, limit), "most_shared": [], "clusters": {}}
    )


def lines_of(rows: QuerySet[Post], zone: str) -> dict[str, Any]:
    """The posts over time by day and by hour, each with its peak."""
    found = np.array(_asked(_OVER_TIME, rows), np.int64).reshape(-1, 3)
    return {unit: timelines.line(*found.T, unit=unit, zone=zone) for unit in ("day", "hour")}


def _activity(accounts: Iterable[tuple], is_mixed: bool, limit: int) -> dict[str, Any]:
    named = sorted((_name(platform, account, is_mixed), *counts) for platform, account, *counts in accounts)
    ranked = sorted(named, key=lambda row: -row[1])[:limit]
    active = [{"author": name, "posts": posts, "reposts": reposts} for name, posts, reposts, *_ in ranked]
    return {"most_active": active, "concentration": rankings.share_of(np.array([row[1] for row in named], np.int64))}


def _hashtags(rows: QuerySet[Post], limit: int) -> list[dict[str, Any]]:
    names = ("tag", "posts", "accounts", "first", "last")
    found = [dict(zip(names, row, strict=True)) for row in _asked(_HASHTAGS, rows, limit=limit)]
    return [
        one | {end: written(microseconds(one[end])) if one[end] else None for end in ("first", "last")} for one in found
    ]


def _first(rows: QuerySet[Post], is_mixed: bool) -> dict[str, Any] | None:
    found = Columns.of(
        Row(_name(platform, native_id, is_mixed), _name(platform, account, is_mixed), microseconds(at), Kind.ORIGINAL,
            flagged=bool(flagged), platform=platform)
        for platform, native_id, account, at, flagged in _asked(_EARLIEST, rows)
    )  # fmt: skip
    return summaries.earliest(found)


def _name(platform: str, name: str, is_mixed: bool) -> str:
    """As `loading.Collection.name` has it."""
    return f"{platform}:{name}" if is_mixed and name else name


def _asked(statement: str, rows: QuerySet[Post], **values: Any) -> list[tuple]:
    columns = ("platform", "native_id", "account", "kind", "at", "clock_flags", "hashtags")
    posts, given = rows.order_by().values(*columns).query.sql_with_params()
    # The list's own query takes its values by place, and this one by name.
    named = {f"v{place}": value for place, value in enumerate(given)}
    posts %= tuple(f"%({name})s" for name in named)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(posts=posts), named | values | {"suspect": list(SUSPECT)})
        return cursor.fetchall()
