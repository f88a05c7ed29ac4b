"""Pages of a list that stay right while rows are added: each page starts after the last row of the one before."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError
from django.db.models import F, Model, Q, QuerySet

from cases.exceptions import InvalidInput

DEFAULT_SIZE = 50
MAX_SIZE = 200


@dataclass(frozen=True)
class Page:
    """Rows in order, and the cursor of the next page ("" on the last)."""

    rows: list
    next: str


def keyset_page(queryset: QuerySet, *, order: str, cursor: str = "", size: int = DEFAULT_SIZE) -> Page:
    """One page of `queryset` by `order` ("-recorded_at"), ties broken by primary key, nulls last.

    `size` is capped at 200. Raises InvalidInput for a cursor that this list did not give out.
    """
    size = max(1, min(size, MAX_SIZE))
    field, descending = order.removeprefix("-"), order.startswith("-")
    has_nulls = _has_nulls(queryset.model, field)
    try:
        if cursor:
            queryset = queryset.filter(_after(field, descending, has_nulls, *read_cursor(cursor)))
        rows = list(in_order(queryset, order)[: size + 1])
    except (ValueError, TypeError, ValidationError, DataError) as error:
        raise InvalidInput("This cursor is not one that this list gave out.", field="cursor") from error
    if len(rows) <= size:
        return Page(rows, "")
    return Page(rows[:size], cursor_of(rows[size - 1], field))


def in_order(queryset: QuerySet, order: str) -> QuerySet:
    """All rows in the order of the pages: by `order`, ties broken by primary key, nulls last."""
    field, descending = order.removeprefix("-"), order.startswith("-")
    return queryset.order_by(*_ordering(field, descending, _has_nulls(queryset.model, field)))


def _has_nulls(model: Any, path: str) -> bool:
    """Whether the column may be empty. Where it may not, an index gives the order if nothing is said of nulls."""
    for name in path.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:  # an annotation
            return True
        if field.null:
            return True
        model = field.related_model
    return False


def _ordering(field: str, descending: bool, has_nulls: bool) -> list:
    sign = "-" if descending else ""
    if not has_nulls:
        return list(dict.fromkeys([f"{sign}{field}", f"{sign}pk"]))
    value = F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_last=True)
    return [value, f"{sign}pk"]


def _after(field: str, descending: bool, has_nulls: bool, value: object, pk: object) -> Q:
    later = "lt" if descending else "gt"
    ties = Q(**{f"pk__{later}": pk})
    if field == "pk":
        return ties
    if value is None:
        return Q(**{f"{field}__isnull": True}) & ties
    further = Q(**{f"{field}__{later}": value}) | (Q(**{field: value}) & ties)
    if has_nulls:
        return further | Q(**{f"{field}__isnull": True})
    # Follows from the rest, and is what an index can begin at.
    return Q(**{f"{field}__{later}e": value}) & further


def _value_of(row: Model, field: str) -> object:
    value: object | None = row
    for name in field.split("__"):
        value = None if value is None else getattr(value, name)
    return value.isoformat() if isinstance(value, date | datetime) else value


def cursor_of(row: Model, field: str) -> str:
    """The cursor of the page after `row` in a list ordered by `field`."""
    text = json.dumps([_value_of(row, field), row.pk], default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[object, object]:
    """The value and the key that `cursor_of` wrote; raises ValueError or TypeError for anything else."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        value, pk = json.loads(raw)
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError) as error:
        raise ValueError("not a cursor") from error
    if not isinstance(value, str | int | float | None) or not isinstance(pk, str | int):
        raise TypeError("not a cursor")
    return value, pk
