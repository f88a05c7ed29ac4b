"""Reads the time of a post, in whatever way an export writes it, and flags what cannot simply be believed."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from posts.enums import ClockFlag
from posts.exceptions import UnknownZone
from posts.records import CLOCK_TOLERANCE

# Beyond the moment of reading by more than any wrong zone or clock explains, a time is no time of a post.
AHEAD = timedelta(days=1)
# Before it nobody posted anything: such a time is a default value or a forgery.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# The first day of each platform, by its own account; of TikTok that of musical.ly, whose videos it took over. Mastodon
# and Bluesky have none here: both take in posts that were written elsewhere before, with their dates.
FOUNDED = {
    "x": datetime(2006, 3, 21, tzinfo=UTC),
    "facebook": datetime(2004, 2, 4, tzinfo=UTC),
    "instagram": datetime(2010, 7, 16, tzinfo=UTC),
    "tiktok": datetime(2014, 4, 1, tzinfo=UTC),
    "telegram": datetime(2013, 8, 14, tzinfo=UTC),
    "youtube": datetime(2005, 2, 14, tzinfo=UTC),
    "vk": datetime(2006, 10, 10, tzinfo=UTC),
    "threads": datetime(2023, 6, 1, tzinfo=UTC),
    "truthsocial": datetime(2021, 10, 20, tzinfo=UTC),
    "gab": datetime(2016, 8, 15, tzinfo=UTC),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_COUNTED = re.compile(r"\d{1,11}(?:\.\d+)?")
_NUMBER = re.compile(r"-?\d{1,19}(?:\.\d+)?")
_NUMBERS = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,?[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?(?: *([AaPp])\.?[Mm]\.?)?)?"
)
# Which of the two numbers of 12/05/2024 is the day.
DAY_FIRST, MONTH_FIRST, UNSAID = "day", "month", ""
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-]\d{4}) (\d{4})")
_NAMED = re.compile(r"(.*\d) ?(UTC|GMT|Z|EST|EDT|CST|CDT|MST|MDT|PST|PDT)")
_DATE = re.compile(r"[+-]?(?:0{4}|\d{5,6})-\d\d-\d\d|-?\d{11,19}(?:\.\d+)?$")
_LEAP = re.compile(r"(\d\d:\d\d):60")
_MONTHS = dict(
    zip(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], range(1, 13), strict=True)
)
_OFFSETS = {"EST": 5, "EDT": 4, "CST": 6, "CDT": 5, "MST": 7, "MDT": 6, "PST": 8, "PDT": 7}


class Clock(NamedTuple):
    """A moment in UTC or None, the flags it earned, what stood there, and whether it counts from a start of its own."""

    moment: datetime | None
    flags: tuple[str, ...] = ()
    written: str = ""
    has_own_start: bool = False


NO_TIME = Clock(None)


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """Return a time zone by its name in the IANA database; raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise UnknownZone(f"{name!r:.60} is no time zone; write one such as Asia/Baku or UTC.", field="zone") from None


def read_time(value: object, zone: ZoneInfo, order: str = MONTH_FIRST) -> Clock:
    """Return the time that `value` writes; `zone` is for one that names none. Unreadable ones are flagged, not raised.

    Knows ISO 8601 (any number of fraction digits), seconds to microseconds since 1970, day and month as numbers in the
    `order` that is said (the exports that are known by name have the month first), the classic Twitter form, and zones
    by the letters that CrowdTangle uses.
    """
    if isinstance(value, datetime):
        return _placed(value, zone, "")
    written = str(value).strip() if value is not None else ""
    return _read_again(written, zone, order) if written else NO_TIME


@lru_cache(maxsize=50_000)
def _read_again(written: str, zone: ZoneInfo, order: str) -> Clock:
    """Posts of one second and profiles of one account come with the same time over and over."""
    try:
        return _read(written, zone, order)
    except (ValueError, OverflowError):
        # A date that no calendar here reaches (year 0, year 100000) is a claim all the same; "soon" is none.
        flag = ClockFlag.IMPLAUSIBLE if _DATE.match(written) else ClockFlag.UNREADABLE
        return Clock(None, (flag,), written[:100])


def _read(written: str, zone: ZoneInfo, order: str) -> Clock:
    if _ISO.match(written):
        with suppress(ValueError):
            return _placed(datetime.fromisoformat(written), zone, written[:100])
    if _NUMBER.fullmatch(written):
        return Clock(_since_epoch(written), (), written)
    flags: tuple[str, ...] = ()
    given, written_as = written, written[:100]
    if leap := _LEAP.search(given):
        given, flags = given.replace(leap[0], f"{leap[1]}:59"), (ClockFlag.LEAP_SECOND,)
    moment = _in_numbers(given, order) or _twitter(given) or _named(given) or datetime.fromisoformat(given)
    clock = _placed(moment, zone, written_as)
    return clock._replace(flags=clock.flags + flags) if flags else clock


def _placed(moment: datetime, zone: ZoneInfo, written: str) -> Clock:
    if moment.tzinfo is None:
        return Clock(moment.replace(tzinfo=zone).astimezone(UTC), (ClockFlag.NO_ZONE,), written)
    return Clock(moment.astimezone(UTC), (), written)


def _since_epoch(written: str) -> datetime:
    """Tell seconds from milli-, micro- and nanoseconds by their size: 1e11 seconds are the year 5138."""
    whole, _, fraction = written.partition(".")
    number, digits = int(whole), len(whole.lstrip("-"))
    if digits <= 11:
        micro = int((fraction + "000000")[:6])
        return _EPOCH + timedelta(seconds=number, microseconds=-micro if whole.startswith("-") else micro)
    for most, per_second in ((14, 10**3), (17, 10**6), (20, 10**9)):
        if digits <= most:
            return _EPOCH + timedelta(microseconds=number * 10**6 // per_second)
    raise ValueError(written)


def _in_numbers(written: str, order: str) -> datetime | None:
    found = _NUMBERS.fullmatch(written)
    if not found:
        return None
    if order == UNSAID:
        raise ValueError(written)
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    hour, minute, second = (int(part or 0) for part in found.group(5, 6, 7))
    if found[8]:
        hour = hour % 12 + (12 if found[8] in "pP" else 0)
    month, day = (one, other) if order == MONTH_FIRST else (other, one)
    return datetime(year, month, day, hour, minute, second)


def is_in_numbers(value: object) -> bool:
    """Whether somebody has to say which of two numbers is the day: of 12/05/2024, 12.05.2024 and 12-05-2024."""
    return isinstance(value, str) and _NUMBERS.fullmatch(value.strip()) is not None


def order_shown(values: Iterable[object]) -> str:
    """The order that these times cannot but have: in one of them a number above 12 is the day. Else UNSAID."""
    found = [one for value in values if isinstance(value, str) and (one := _NUMBERS.fullmatch(value.strip()))]
    days_first, months_first = (any(int(one[place]) > 12 for one in found) for place in (1, 3))
    if days_first == months_first:
        return UNSAID
    return DAY_FIRST if days_first else MONTH_FIRST


def _twitter(written: str) -> datetime | None:
    found = _TWITTER.fullmatch(written)
    if not found or found[1] not in _MONTHS:
        return None
    day, hour, minute, second = (int(found[group]) for group in (2, 3, 4, 5))
    offset = "" if found[6] == "+0000" else found[6]
    moment = datetime(int(found[7]), _MONTHS[found[1]], day, hour, minute, second, tzinfo=UTC)
    return datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M:%S}{offset}") if offset else moment


def _named(written: str) -> datetime | None:
    found = _NAMED.fullmatch(written)
    if not found or found[2] == "Z":
        return None
    moment = datetime.fromisoformat(found[1].strip())
    return moment.replace(tzinfo=UTC) + timedelta(hours=_OFFSETS.get(found[2], 0))


def counted(clock: Clock) -> Clock:
    """The same, told to count seconds from a start of its own where it is a bare small number, as in test files."""
    return clock._replace(has_own_start=True) if _COUNTED.fullmatch(clock.written) else clock


def compared(
    claimed: Clock,
    observed: datetime | None,
    collected: datetime | None,
    read_at: datetime | None = None,
    platform: str = "",
) -> Clock:
    """Return the claimed clock with the flags that the other clocks give it (POSTS 4.3).

    A date at which nobody can have posted on `platform` is kept as text alone, so that it is never first and never a
    peak. The collector's clock may be off too: up to AHEAD of it a time is flagged and stays. The platform's own takes
    no time away, it decides anyway.
    """
    moment = claimed.moment
    if moment is None:
        return claimed
    flags = list(claimed.flags)
    if observed is not None and abs(moment - observed) > CLOCK_TOLERANCE:
        flags.append(ClockFlag.DIFFERS)
    is_too_early = moment < FOUNDED.get(platform, EARLIEST)
    if is_too_early:
        flags.append(ClockFlag.IMPLAUSIBLE)
    latest = observed or collected or read_at
    if latest is not None and moment > latest + CLOCK_TOLERANCE:
        flags.append(ClockFlag.FUTURE)
    is_impossible = is_too_early and not claimed.has_own_start
    if observed is None and (is_impossible or (latest is not None and moment > latest + AHEAD)):
        return Clock(None, tuple(flags), claimed.written or moment.isoformat())
    return claimed._replace(flags=tuple(flags)) if flags else claimed
