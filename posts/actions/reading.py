"""Looking at posts or a list of a sensitive file is a reading of its exhibit, and is written down as one."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from cases.models import Case, User
from evidence.actions.reading import note_look
from evidence.enums import Sensitivity
from posts.models import FollowList
from posts.permissions import reads_sensitive
from posts.queries import datasets_of


@transaction.atomic
def note_reading(*, actor: User, case: Case, among: Iterable[UUID] | None = None, label: str = "") -> None:
    """Write down that a person read posts of `among` these datasets, of the one called `label`, or of any of the case.

    Ordinary files leave no trace of that, as ordinary exhibits leave none.
    """
    if not reads_sensitive(actor, case):
        return
    rows = datasets_of(actor, case).ready().filter(item__sensitivity=Sensitivity.SENSITIVE)
    for dataset in rows if among is None else rows.filter(pk__in=list(among)):
        if label in ("", dataset.label):
            note_look(actor=actor, item=dataset.item, purpose=f"Read as posts of {dataset.label}")


@transaction.atomic
def note_reading_of_lists(*, actor: User, lists: Iterable[FollowList]) -> None:
    """Write down that a person looked at those of these follow lists that are of sensitive exhibits."""
    for one in lists:
        note_look(actor=actor, item=one.item, purpose=f"Read as {one.label}")
