"""Dates as sources give them: to the second, the day, the month or only the year."""

import re
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.exceptions import InvalidInput

PARTIAL = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")
EARLIEST_YEAR = 1450


def parse_date(value: str, field: str) -> tuple[datetime, str]:
    """Read `2024`, `2024-05`, `2024-05-16` or a full ISO 8601 time with its zone; returns the moment and its precision.

    Raises InvalidInput for anything else, for a time without a zone, and for a moment that has not come yet.
    """
    text = value.strip()
    moment, precision = _partial(text) if PARTIAL.fullmatch(text) else _full(text)
    if moment is None or moment.year < EARLIEST_YEAR:
        raise InvalidInput(
            f"{text[:40]!r} is not a date. Write 2024, 2024-05, 2024-05-16 or 2024-05-16T12:21:00+11:00.", field=field
        )
    if moment > timezone.now():
        raise InvalidInput(f"{text} has not come yet.", field=field)
    return moment, precision


def _partial(text: str) -> tuple[datetime | None, str]:
    parts = PARTIAL.fullmatch(text).groupdict()
    precision = "day" if parts["day"] else "month" if parts["month"] else "year"
    try:
        return datetime(int(parts["year"]), int(parts["month"] or 1), int(parts["day"] or 1), tzinfo=UTC), precision
    except ValueError:
        return None, precision


def _full(text: str) -> tuple[datetime | None, str]:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    return (moment if moment and moment.tzinfo else None), "second"
