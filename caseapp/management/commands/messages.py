"""The catalogue of what people read: gathered from the code, and made ready for use, without GNU gettext."""

import importlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import TextChoices
from django.utils.translation.template import templatize

from caseapp.badges import BADGES
from claims.gate.registry import registered
from claims.scales import CONFIDENCE_MEANINGS, SCALES

PACKAGES = ("cases", "evidence", "posts", "claims", "search", "caseapp")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
FRENCH = Path("locale/fr/LC_MESSAGES/django.po")
_WORD = re.compile(r"[^\W\d_]{2}")
_HEADER = "# What people read, in French. `manage.py messages` adds what is new in the code; write the msgstr by hand."
# Dates would make every run a change.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


class Command(BaseCommand):
    help = "Bring locale/fr/LC_MESSAGES/django.po up to date with the code, and make django.mo of it."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file would change")

    def handle(self, *args, check, **options):
        path = settings.BASE_DIR / FRENCH
        catalog = updated(path)
        wanted = {path: as_po(catalog), path.with_suffix(".mo"): as_mo(catalog)}
        stale = [target for target, content in wanted.items() if not target.exists() or target.read_bytes() != content]
        for target in () if check else stale:
            target.write_bytes(wanted[target])
        missing = untranslated(catalog)
        self.stdout.write(f"{len(catalog)} messages, {len(missing)} of them not translated")
        if check and stale:
            self.stderr.write("The catalogue does not fit the code: run manage.py messages")
            raise SystemExit(1)


def updated(path: Path) -> Catalog:
    """The French catalogue with exactly the messages that the code has now."""
    catalog = Catalog(locale="fr", domain="django", header_comment=_HEADER)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale="fr", domain="django")
    catalog.update(gathered(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment, catalog.fuzzy = _HEADER, False
    catalog.project, catalog.version, catalog.creation_date, catalog.revision_date = "caseapp", "1", _NEVER, _NEVER
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """The messages that French readers would see in English."""
    return [str(message.id) for message in catalog if message.id and not _is_whole(message.string)]


def _is_whole(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def as_po(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=0, no_location=True, sort_output=True)
    return buffer.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def gathered() -> Catalog:
    """Every message of the templates, the code, and the tables of words that pages show by value."""
    catalog = Catalog(domain="django")
    for text in _sources():
        for _line, message, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
            catalog.add(message, context=context)
    for words in _tables():
        if _WORD.search(words):
            catalog.add(words)
    return catalog


def _sources() -> Iterator[str]:
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        # It keeps the indentation of the page, which is none of Python.
        yield "\n".join(map(str.strip, templatize(path.read_text(), origin=str(path)).splitlines()))
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.read_text()


def _tables() -> Iterator[str]:
    """Labels and sentences that are kept as values and translated where a page shows them."""
    for package in PACKAGES[:4]:
        for member in vars(importlib.import_module(f"{package}.enums")).values():
            if isinstance(member, type) and issubclass(member, TextChoices):
                yield from map(str, member.labels)
    for badges in BADGES.values():
        for badge in badges.values():
            yield from (badge.label, badge.meaning)
    yield from (rule.title for rule in registered())
    yield from CONFIDENCE_MEANINGS.values()
    yield from (step.band for scale in SCALES.values() for step in scale)
