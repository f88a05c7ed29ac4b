"""What several formats read off a claim: its ends, its period, its one number of confidence, text without controls."""

import calendar
import re
from datetime import date

from cases.enums import Platform, Precision
from claims.enums import Confidence, Likelihood
from posts.names import name_of

_PLATFORMS = {label: value for value, label in Platform.choices}
# What XML 1.0 cannot hold: documents and workbooks are XML inside.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# STIX 2.1, Appendix A: the middle of each step of the DNI scale, and of Low, Med, High.
_LIKELIHOODS = dict(zip(Likelihood.values, (5, 15, 30, 50, 70, 85, 95), strict=True))
_CONFIDENCES = dict(zip(Confidence.values, (15, 50, 85), strict=True))


def platform_of(end: dict) -> str:
    """The stored name of an account's platform, such as "x"."""
    return _PLATFORMS.get(end["platform"], "other")


def user_id_of(end: dict) -> str:
    """The platform's id of an account, with the server that gave it where there are many; "" where it is not known."""
    return name_of(platform_of(end), end["platform_user_id"], end.get("instance", ""))


def handle_of(end: dict) -> str:
    """The last seen handle of an account, without @; "" where only its name or id is known.

    The inverse of `wording.account_label`: a snapshot holds the label that readers see and no other.
    """
    label, ending = end["label"], f" on {end['platform']}"
    return label[1 : -len(ending)] if label.startswith("@") and label.endswith(ending) else ""


def confidence_of(claim: dict) -> int | None:
    """Likelihood and analytic confidence as the one number of STIX, 0 to 100: the less of the two (STANDARDS 9).

    None where neither was given: an absent grade is not a low one.
    """
    likelihood = claim["likelihood"]
    given = [_LIKELIHOODS[likelihood["value"]]] if likelihood else []
    given += [_CONFIDENCES[claim["confidence"]]] if claim["confidence"] else []
    return min(given, default=None)


def partial(text: str | None, precision: str) -> str | None:
    """An ISO date or moment cut to what is known of it: 2014, 2014-05 or 2014-05-16; moments stay whole."""
    if not text:
        return None
    return text[: {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}.get(precision, len(text))]


def first_moment(claim: dict, name: str) -> str | None:
    """The moment at which the day, month or year of `name` ("valid_from") begins, in UTC; None without a date."""
    return f"{claim[name]}T00:00:00.000Z" if claim[name] else None


def last_moment(claim: dict, name: str) -> str | None:
    """The last moment of the day, month or year of `name` ("valid_to"), in UTC; None without a date."""
    if not claim[name]:
        return None
    day, precision = date.fromisoformat(claim[name]), claim[f"{name}_precision"]
    if precision == Precision.YEAR:
        day = day.replace(month=12, day=31)
    elif precision == Precision.MONTH:
        day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return f"{day.isoformat()}T23:59:59.999Z"


def printable(text: object) -> str:
    """`text` with what XML cannot hold, such as control characters, shown as U+FFFD; "" for None."""
    return "" if text is None else _UNPRINTABLE.sub("\ufffd", str(text))
