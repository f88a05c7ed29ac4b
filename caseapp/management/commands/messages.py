"""The catalogue of what people read: gathered from the code, and made ready for use, without GNU gettext."""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django import forms
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import TextChoices
from django.forms.utils import pretty_name
from django.utils.translation.template import templatize

from caseapp.badges import BADGES
from caseapp.errors import STATUSES, TITLES
from cases.history import words_of
from cases.permissions import Permission
from claims.claim_form import SECTIONS
from claims.gate.registry import registered
from claims.scales import CONFIDENCE_MEANINGS, SCALES
from claims.shapes import SHAPES

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
# A longer list to choose from holds names, of time zones or of what a case records.
_MOST_CHOICES = 60
# By what the code calls the names of events: `record(actor, "claim_edited", ...)`, `action="claim_returned"`.
_RECORDERS = frozenset({"record", "_record", "_log", "_step", "_retire", "_approval", "_move"})
_NAMES_OF_ACTIONS = frozenset({"action", "COMMITTED", "SEALED", "MADE"})
_ACTION = re.compile(r"(?!store_)[a-z]+(?:_[a-z]+)+")
_SENTENCE = re.compile(r"[^\W\d_] [^\W\d_]{2}|[^\W\d_]{2} [^\W\d_]|%\(\w+\)s.* [^\W\d_]{2}|[^\W\d_]{2} .*%\(")
# The others still refuse in English.
_TOLD_IN_FRENCH = frozenset({"claims"})
_REFUSALS = frozenset({"InvalidInput", "Conflict", "NotAllowed", "StaleVersion"})
_OF_SUBJECTS = ("changed", "merged", "unmerged", "name_added", "name_ended")
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
    for path in sorted(one for kind in ("*.html", "*.svg") for one in (settings.BASE_DIR / "templates").rglob(kind)):
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
    yield from (words for heading, hint, _wanted in SECTIONS for words in (heading, hint))
    yield from (shape.hint for shape in SHAPES.values())
    yield from map(words_of, _actions())
    yield from _sentences_of_rules()
    yield from _refusals()
    yield from TITLES.values()
    yield from map(str, Permission.labels)
    yield from (sentence for _status, sentence in STATUSES.values())
    for form in _forms():
        yield from _words_of_form(form)


def _forms() -> Iterator[type[forms.BaseForm]]:
    """Every form of our pages; they are known once all addresses are."""
    importlib.import_module(settings.ROOT_URLCONF)
    left = [forms.BaseForm]
    while left:
        found = left.pop().__subclasses__()
        left += found
        yield from (one for one in found if _is_ours(one.__module__))


def _is_ours(module: str) -> bool:
    """The administration speaks Django's words; the gallery is for who writes pages."""
    return module.partition(".")[0] in PACKAGES and not module.endswith((".admin", ".gallery"))


def _words_of_form(form: type[forms.BaseForm]) -> Iterator[str]:
    """What a person reads of a form beside its own values: labels, hints, choices, and its own complaints."""
    for name, field in getattr(form, "base_fields", {}).items():
        if field.widget.is_hidden:
            continue
        # What Django says it translates itself, when it is shown.
        own = (field.label or pretty_name(name), field.help_text, *field.error_messages.values())
        yield from (words for words in own if isinstance(words, str))
        choices = list(getattr(field, "choices", ()))
        yield from _words_of_choices(choices) if len(choices) <= _MOST_CHOICES else ()


def _words_of_choices(choices: Iterable) -> Iterator[str]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield str(value)
            yield from _words_of_choices(label)
        else:
            yield str(label)


def _actions() -> set[str]:
    """The names of all events that the code writes down."""
    found = {f"{subject}_{step}" for subject in ("account", "person", "organisation") for step in _OF_SUBJECTS}
    for package in PACKAGES:
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(_actions_in(ast.parse(path.read_text())))
    return found


def _actions_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for one in _given_as_action(node):
            for part in (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,):
                if isinstance(part, ast.Constant) and _ACTION.fullmatch(str(part.value)):
                    yield part.value


def _given_as_action(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call() if getattr(node.func, "attr", getattr(node.func, "id", "")) in _RECORDERS:
            return node.args
        case ast.keyword(arg="action"):
            return [node.value]
        case ast.Assign() if getattr(node.targets[0], "id", "") in _NAMES_OF_ACTIONS:
            return [node.value]
    return []


def _sentences_of_rules() -> Iterator[str]:
    """What rules of the gate say is missing: their texts of two words or more, but for what documents the rule."""
    for path in sorted((settings.BASE_DIR / "claims" / "gate" / "rules").glob("*.py")):
        tree = ast.parse(path.read_text())
        documents = {node.value for node in ast.walk(tree) if _documents(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documents:
                yield from [node.value] if _SENTENCE.search(node.value) else []


def _refusals() -> Iterator[str]:
    """What the actions and permissions of claims refuse with, and the templates of sentences wherever they are made."""
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())) if "migrations" not in path.parts else ():
                yield from _refused_with(node, package)


def _refused_with(node: ast.AST, package: str) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id="check_reason"), args=[_, ast.Constant(value=str(words)), *_]):
            yield words
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(words)), *_]) if name == "Sentence" or (
            name in _REFUSALS and package == "claims"
        ):
            yield from [words] if _SENTENCE.search(words) else []


def _documents(node: ast.AST) -> bool:
    """Whether a statement is a docstring, or the title or basis of a rule: titles are gathered with the rules."""
    return isinstance(node, ast.Expr) or (
        isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("title", "basis")
    )
