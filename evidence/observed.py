"""Exhibits as observations of accounts name them: by number or id, always of the same case."""

import re
from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from cases.exhibits import Exhibit
from cases.models import Case, User
from evidence.models import Item

_NUMBER = re.compile(r"(?:E-?)?([1-9][0-9]{0,8})", re.IGNORECASE | re.ASCII)


def find(actor: User, case: Case, wanted: str) -> UUID | None:
    """Return the id of the item of `case` called "E-12", "12" or by its id; None for anything else."""
    items = Item.objects.visible_to(actor).filter(case=case)
    if number := _NUMBER.fullmatch(wanted):
        return items.filter(exhibit=int(number[1])).values_list("pk", flat=True).first()
    try:
        return items.filter(pk=UUID(wanted)).values_list("pk", flat=True).first()
    except ValueError:
        return None


def show(case: Case, items: Collection[UUID]) -> dict[UUID, Exhibit]:
    """Return number, title and address of each item."""
    rows = Item.objects.filter(case=case, pk__in=items).values_list("pk", "exhibit", "title")
    return {
        pk: Exhibit(label=f"E-{number} {title}", url=reverse("evidence:item", args=[case.ref, number]))
        for pk, number, title in rows
    }
