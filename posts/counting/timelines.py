"""Posts per minute, hour or day in a named zone, and the peak with everything that ties with it."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np

from posts.columns import REPOST, Columns, moment
from posts.counting.zones import DAY, HOUR, MINUTE, SECOND, offsets
from posts.exceptions import InvalidSettings
from posts.formats.times import zone_named

UNITS = {"minute": MINUTE, "hour": HOUR, "day": DAY}


def timeline(columns: Columns, unit: str, zone: str = "UTC") -> dict:
    """Return the buckets with posts in them, in order, and the peak; undated posts are counted apart.

    A bucket is a local day ("2015-11-27"), or a local hour or minute with its offset, so that the hour that a zone
    goes through twice is two buckets. Raises UnknownZone and InvalidSettings.
    """
    at = columns.at[columns.dated]
    reposts = columns.kind[columns.dated] == REPOST
    found = line(at, np.ones(len(at), np.int64), reposts, unit=unit, zone=zone)
    return found | {"undated": int(len(columns) - columns.dated.sum())}


def line(at: np.ndarray, posts: np.ndarray, reposts: np.ndarray, *, unit: str, zone: str) -> dict:
    """The same of moments with how many posts and reposts each has."""
    if unit not in UNITS:
        raise InvalidSettings(f"The unit is one of {', '.join(UNITS)}.", field="unit")
    starts, local = _starts(at, UNITS[unit], zone_named(zone))
    order = np.argsort(starts, kind="stable")
    distinct, first = np.unique(starts[order], return_index=True)
    counts, of_reposts = (
        np.add.reduceat(numbers[order], first, dtype=np.int64) if len(first) else first for numbers in (posts, reposts)
    )
    names = [_name(int(start), int(local[order[place]]), unit) for start, place in zip(distinct, first, strict=True)]
    return {
        "unit": unit,
        "zone": zone,
        "buckets": [
            {"bucket": name, "posts": int(posts), "reposts": int(again)}
            for name, posts, again in zip(names, counts, of_reposts, strict=True)
        ],
        "peak": peak(names, counts),
    }


def peak(names: list[str], counts: np.ndarray) -> dict | None:
    """Return the bucket with the most posts, the earliest of several; `ties` are the others with as many."""
    if not names:
        return None
    most = int(counts.max())
    best, *others = [name for name, count in zip(names, counts, strict=True) if count == most]
    return {"bucket": best, "posts": most, "ties": others}


def _starts(at: np.ndarray, width: int, zone: ZoneInfo) -> tuple[np.ndarray, np.ndarray]:
    """Return the start of each moment's bucket, local for days and in UTC for what is shorter; and its offset."""
    offset = offsets(at, zone)
    local = (at + offset) // width * width
    return (local if width == DAY else local - offset), offset


def _name(start: int, offset: int, unit: str) -> str:
    if unit == "day":
        return moment(start).date().isoformat()
    zone = timezone(timedelta(seconds=offset // SECOND))
    return moment(start).astimezone(zone).isoformat(timespec="minutes")


def bounds(day_from: str, day_to: str, zone: str) -> tuple[datetime | None, datetime | None]:
    """Return [from, to) as moments: days or times in `zone`, "" for no bound. Raises InvalidSettings."""
    return _bound(day_from, zone, "from"), _bound(day_to, zone, "to")


def _bound(written: str, zone: str, name: str) -> datetime | None:
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise InvalidSettings(f"{written!r:.40} is no day or time such as 2016-05-16.", field=name) from None
    return found if found.tzinfo else found.replace(tzinfo=zone_named(zone))
