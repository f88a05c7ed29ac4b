"""Read a moment as people and programs write it, as precisely as it was written and no more."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from cases.exceptions import InvalidInput
from cases.status import DAY, MONTH, SECOND, YEAR

_DATE = re.compile(r"([0-9]{4,})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?", re.ASCII)
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})", re.ASCII)
_STAMP = re.compile(r"([0-9-]{8,})[Tt ]([0-9:.]{4,})\s*(Z|z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII)

HOW = "Write 2024, 2024-05 or 2024-05-16, or a moment with its zone such as 2024-05-16T12:21:00+04:00."


def parse_moment(text: str, *, field: str = "observed_at") -> tuple[datetime, str]:
    """Return the moment in `text` and its precision (year, month, day or second); a time of day needs its zone.

    A date without time is the day in UTC. Raises InvalidInput for `field`.
    """
    text = text.strip()
    if stamp := _STAMP.fullmatch(text):
        if not stamp[3]:
            raise InvalidInput("Give the time zone, e.g. 2024-05-16T12:21:00+04:00 or …Z.", field=field)
        zone = UTC if stamp[3] in "Zz" else parse_zone(stamp[3], field=field)
        return combine(stamp[1], stamp[2], zone, field=field)
    return combine(text, "", UTC, field=field)


def combine(day: str, clock: str, zone: tzinfo, *, field: str = "observed_at") -> tuple[datetime, str]:
    """Return the moment of a date ("2024", "2024-05", "2024-05-16") and, for a full date, a time of day in `zone`."""
    found = _DATE.fullmatch(day.strip())
    if not found:
        raise InvalidInput(HOW, field=field)
    precision = DAY if found[3] else MONTH if found[2] else YEAR
    if len(found[1]) > 4:
        raise InvalidInput(f"The year {found[1]:.10} is not one in which anything was seen.", field=field)
    try:
        on = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        if not clock.strip():
            return datetime(on.year, on.month, on.day, tzinfo=UTC), precision
        if precision != DAY:
            raise InvalidInput("A time of day needs the whole date.", field=field)
        return _at(on, clock, zone, field), SECOND
    except (ValueError, OverflowError) as error:
        raise InvalidInput("This date does not exist.", field=field) from error


def parse_zone(text: str, *, field: str = "zone") -> tzinfo:
    """Return the zone called "UTC", "+04:00" or by its IANA name such as "Asia/Baku"."""
    text = text.strip()
    if found := _OFFSET.fullmatch(text):
        minutes = int(found[2]) * 60 + int(found[3])
        if minutes > 14 * 60 or int(found[3]) > 59:
            raise InvalidInput("There is no such time zone.", field=field)
        return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
    if text in {"", "UTC", "Z"}:
        return UTC
    if text not in available_timezones():
        raise InvalidInput("Give the zone as UTC, as +04:00, or by its name such as Asia/Baku.", field=field)
    return ZoneInfo(text)


def _at(on: date, clock: str, zone: tzinfo, field: str) -> datetime:
    found = _TIME.fullmatch(clock.strip())
    if not found:
        raise InvalidInput("Write the time of day as 12:21 or 12:21:07.", field=field)
    if found[3] == "60":
        raise InvalidInput("A leap second cannot be stored: write the second before or after it.", field=field)
    at = datetime(on.year, on.month, on.day, int(found[1]), int(found[2]), int(found[3] or 0), tzinfo=zone)
    if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at.replace(tzinfo=None):
        raise InvalidInput("Clocks in this zone jumped over this time of day.", field=field)
    return at
