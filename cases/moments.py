"""Moments as people and programs write and read them: as precisely as they are known and no more."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.enums import BY, Precision
from cases.exceptions import InvalidInput

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
        raise InvalidInput(f"{day.strip()[:40]!r} is not a date. {HOW}", field=field)
    precision = Precision.DAY if found[3] else Precision.MONTH if found[2] else Precision.YEAR
    if len(found[1]) > 4:
        raise InvalidInput(f"The year {found[1]:.10} is not one in which anything was seen.", field=field)
    try:
        on = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        if not clock.strip():
            return datetime(on.year, on.month, on.day, tzinfo=UTC), precision
        if precision != Precision.DAY:
            raise InvalidInput("A time of day needs the whole date.", field=field)
        return _at(on, clock, zone, field), Precision.SECOND
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


def as_written(at: date | None, precision: str) -> str:
    """Return a date or moment as `parse_moment` takes it (2014, 2014-05, 2014-05-16, the whole moment); "" for none."""
    if at is None:
        return ""
    return at.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}.get(precision)]


def in_words(at: date | None, precision: str, *, with_time: bool = False) -> str:
    """Return "16 May 2024", "May 2024" or "2024" (in UTC), with the time of day if known and asked for; "" for none.

    Of a sighting of which only the latest moment is known "16 May 2024 at the latest".

    In the language that is active; the first of a month is said apart (French: "1er mai 2024").
    """
    if at is None:
        return ""
    at = at.astimezone(UTC) if isinstance(at, datetime) else at
    if precision == Precision.YEAR:
        return f"{at.year}"
    if precision == Precision.MONTH:
        return f"{MONTHS[at.month]} {at.year}"
    if precision == BY:
        return _("%(day)s at the latest") % {"day": in_words(at, Precision.DAY)}
    first = pgettext("the first day of a month", "1")
    day = f"{first if at.day == 1 else at.day} {MONTHS[at.month]} {at.year}"
    if not with_time or precision != Precision.SECOND:
        return day
    return _("%(day)s %(time)s UTC") % {"day": day, "time": f"{at:%H:%M}"}


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
