"""A look at the beginning of a file of posts, in the child process that `evidence.parsers.sandbox` shuts in."""

from pathlib import Path
from typing import Any, BinaryIO

from cases.exceptions import CaseworkError
from evidence.parsers.refusals import Refused
from posts.formats.mapping import Mapping
from posts.formats.reading import Options, examine
from posts.formats.times import DAY_FIRST, MONTH_FIRST, read_time, zone_named
from posts.records import PostRecord, Rejection

SHOWN = 20
SHOWN_DATES = 5
LONGEST_CELL = 300


def parse(stream: BinaryIO, *, format: str, mapping: dict | None, **said: str) -> dict:
    """What the file is, its first posts as they would be read, what would be lost, and a mapping to start from.

    `said` are the zone, platform, server and encoding of `Options`.
    """
    # Readers open files by name, and more than once; the handle is all that there is here.
    path = Path(f"/proc/self/fd/{stream.fileno()}")
    try:
        chosen = Mapping.from_json(mapping) if mapping else None
        found = examine(path, format=format, options=Options(mapping=chosen, **said))
    except CaseworkError as error:
        raise Refused(str(error)) from error
    return {
        "format": found.format,
        "label": found.label,
        "columns": found.columns[:500],
        "proposal": found.proposal.as_json(),
        "rows": [{str(key)[:100]: _cell(value) for key, value in row.items()} for row in found.rows[:SHOWN]],
        "posts": [_post(post) for post in found.posts[:SHOWN]],
        "rejections": [_rejection(one) for one in found.rejections[:SHOWN]],
        "lost": found.lost,
        "dates": [_date(written) for written in found.dates[:SHOWN_DATES]],
    }


def _date(written: str) -> dict[str, str]:
    """A date with what it is when the day comes first, and when the month does; "" where it cannot be that."""
    read = {order: read_time(written, zone_named("UTC"), order).moment for order in (DAY_FIRST, MONTH_FIRST)}
    return {"written": written} | {order: f"{moment:%Y-%m-%d}" if moment else "" for order, moment in read.items()}


def _post(post: PostRecord) -> dict[str, Any]:
    return {
        "id": _cell(post.native_id),
        "account": _cell(post.account),
        "handle": _cell(post.handle),
        "at": post.ordered_at.isoformat() if post.ordered_at else "",
        "flags": list(post.clock_flags),
        "kind": str(post.kind),
        "text": _cell(post.text),
    }


def _rejection(one: Rejection) -> dict[str, str]:
    return {"place": str(one.place), "reason": one.reason}


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"
