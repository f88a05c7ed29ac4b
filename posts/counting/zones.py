"""Local time of many moments at once, in a named zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 24 * 3600 * SECOND
# What datetime can hold on both sides of any offset.
_LOWEST, _HIGHEST = -62_135_510_400 * SECOND, 253_402_214_400 * SECOND


def offsets(at: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """Return the zone's offset from UTC at each of the sorted-or-not moments, in microseconds.

    Asks the zone once per day that occurs and looks closer only within days on which its offset changes.
    """
    if len(at) == 0:
        return np.empty(0, np.int64)
    days = np.unique(at // DAY)
    opening = np.fromiter((_offset(int(day) * DAY, zone) for day in days), np.int64, len(days))
    closing = np.fromiter((_offset(int(day) * DAY + DAY - SECOND, zone) for day in days), np.int64, len(days))
    place = np.searchsorted(days, at // DAY)
    result = opening[place]
    for number in np.flatnonzero(opening != closing):
        change = _change(int(days[number]) * DAY, zone)
        result[(place == number) & (at >= change)] = closing[number]
    return result


def _change(start: int, zone: ZoneInfo) -> int:
    """Return the first second of a day at which the offset is no more that of its beginning."""
    low, high, before = start, start + DAY, _offset(start, zone)
    while high - low > SECOND:
        middle = (low + high) // 2 // SECOND * SECOND
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _offset(at: int, zone: ZoneInfo) -> int:
    moment = datetime.fromtimestamp(min(max(at, _LOWEST), _HIGHEST) // SECOND, UTC).astimezone(zone)
    offset = moment.utcoffset()
    return int(offset.total_seconds()) * SECOND if offset else 0
