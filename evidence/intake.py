"""Details of an exhibit as forms, programs and the command line send them: text in, checked values out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cases.enums import Precision
from cases.exceptions import InvalidInput, NotVisible
from cases.models import Case, User
from cases.moments import parse_moment
from evidence.details import Details
from evidence.enums import Sensitivity
from evidence.models import Source
from evidence.queries import get_source

TEXTS = (
    "title",
    "author",
    "publisher",
    "original_url",
    "archived_url",
    "no_date_reason",
    "language",
    "relevance_note",
    "kind",
)
FIELDS = frozenset({*TEXTS, "published_at", "captured_at", "sensitivity", "graphic", "source"})
TRUE, FALSE = ("true", "on", "1", "yes"), ("", "false", "off", "0", "no")


def details_from(actor: User, case: Case, fields: Mapping[str, Any]) -> Details:
    """Read every field of `fields`; raises InvalidInput for one that is unknown, of the wrong type or not valid."""
    return Details(**changes_from(actor, case, fields))


def changes_from(actor: User, case: Case, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same, only for the fields that are there."""
    if unknown := sorted(set(fields) - FIELDS):
        raise InvalidInput(f"There is no field {unknown[0][:60]}.", field=unknown[0][:60])
    values: dict[str, Any] = {name: _text(name, fields[name]) for name in TEXTS if name in fields}
    if "published_at" in fields:
        values |= _published(_text("published_at", fields["published_at"]))
    if text := _text("captured_at", fields.get("captured_at")):
        values["captured_at"] = parse_moment(text, field="captured_at")[0]
    if "sensitivity" in fields:
        values["sensitivity"] = _text("sensitivity", fields["sensitivity"]) or Sensitivity.NORMAL
    if "graphic" in fields:
        values["graphic"] = _yes_or_no(fields["graphic"])
    if "source" in fields:
        values["source"] = _source(actor, case, _text("source", fields["source"]))
    return values


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidInput(f"The {name.replace('_', ' ')} must be text.", field=name)
    return value.strip()


def _published(text: str) -> dict[str, Any]:
    if not text:
        return {"published_at": None, "published_precision": Precision.DAY}
    moment, precision = parse_moment(text, field="published_at")
    return {"published_at": moment, "published_precision": precision}


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = _text("graphic", value).lower()
    if text not in TRUE + FALSE:
        raise InvalidInput("Graphic is true or false.", field="graphic")
    return text in TRUE


def _source(actor: User, case: Case, text: str) -> Source | None:
    if not text:
        return None
    missing = InvalidInput("There is no such source in this case.", field="source")
    try:
        source = get_source(actor, UUID(text))
    except (ValueError, NotVisible) as error:
        raise missing from error
    if source.case_id != case.pk:
        raise missing
    return source
