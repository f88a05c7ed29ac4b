"""What a person says about an exhibit (ICS 206-01), checked once for the form, the API and the command."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from django.utils import timezone

from cases.enums import Precision
from cases.exceptions import InvalidInput
from evidence.enums import ItemKind, Sensitivity
from evidence.filenames import kept
from evidence.models import Item, Source

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
EARLIEST_YEAR = 1450


@dataclass(frozen=True)
class Details:
    """Everything about an item that is not computed; empty means not said."""

    title: str = ""
    author: str = ""
    publisher: str = ""
    original_url: str = ""
    archived_url: str = ""
    published_at: datetime | None = None
    published_precision: str = Precision.DAY
    no_date_reason: str = ""
    language: str = ""
    relevance_note: str = ""
    captured_at: datetime | None = None
    kind: str = ""
    sensitivity: str = Sensitivity.NORMAL
    graphic: bool = False
    source: Source | None = None


def checked(details: Details) -> Details:
    """The details with surplus space removed; raises InvalidInput naming the field to mend."""
    details = replace(details, **{name: kept(getattr(details, name), None).strip() for name in _TEXTS})
    for name in ("title", "author", "publisher", "no_date_reason"):
        _check_length(name, getattr(details, name))
    for name in ("original_url", "archived_url"):
        check_url(getattr(details, name), name)
    if details.language and (len(details.language) > 35 or not LANGUAGE.fullmatch(details.language)):
        raise InvalidInput("The language is a code such as fr, az or zh-Hant.", field="language")
    for name in ("published_at", "captured_at"):
        _check_moment(name, getattr(details, name))
    _check_choice("published_precision", details.published_precision, Precision.values)
    _check_choice("sensitivity", details.sensitivity, Sensitivity.values)
    if details.kind:
        _check_choice("kind", details.kind, ItemKind.values)
    return details


_TEXTS = (
    "title",
    "author",
    "publisher",
    "original_url",
    "archived_url",
    "no_date_reason",
    "language",
    "relevance_note",
)


def check_url(url: str, field: str) -> None:
    """Only web addresses: `javascript:`, `file:` and addresses with a password in them are refused."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        plain = False
    if not plain or len(url) > 2000 or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise InvalidInput("The address must be a web address that starts with http:// or https://.", field=field)


def _check_length(name: str, value: str) -> None:
    longest = Item._meta.get_field(name).max_length
    if len(value) > longest:
        raise InvalidInput(f"The {name.replace('_', ' ')} is longer than {longest} characters.", field=name)


def _check_moment(name: str, moment: datetime | None) -> None:
    if moment is None:
        return
    if timezone.is_naive(moment):
        raise InvalidInput("A time needs its zone.", field=name)
    if moment.year < EARLIEST_YEAR:
        raise InvalidInput(f"Nothing was published or captured in the year {moment.year}.", field=name)
    if moment > timezone.now():
        raise InvalidInput(f"{moment:%Y-%m-%d %H:%M %Z} has not come yet.", field=name)


def _check_choice(name: str, value: str, choices: object) -> None:
    if value not in choices:
        raise InvalidInput(f"{value[:40]!r} is not one of {', '.join(choices)}.", field=name)
