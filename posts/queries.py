"""The only doors to posts: each loads, checks that the actor may see it, and locks it when it is to be changed."""

from uuid import UUID

from django.db.models import QuerySet

from cases.exceptions import NotVisible
from cases.models import Case, User
from evidence.enums import Sensitivity
from posts.models import Dataset
from posts.permissions import check_read_posts, reads_sensitive

DATASET_PARTS = ("case", "item", "item__blob", "item__case", "run", "created_by")


def get_dataset(actor: User, case: Case, number: int, *, for_update: bool = False) -> Dataset:
    """The dataset of that number in that case."""
    return _one(datasets_of(actor, case).filter(number=number), "dataset", for_update)


def get_dataset_by_id(actor: User, dataset_id: UUID | str, *, for_update: bool = False) -> Dataset:
    """The dataset of that id."""
    rows = Dataset.objects.visible_to(actor).filter(pk=dataset_id).select_related(*DATASET_PARTS)
    found = _one(rows, "dataset", for_update)
    check_read_posts(actor, found.case)
    if found.item.sensitivity == Sensitivity.SENSITIVE and not reads_sensitive(actor, found.case):
        raise NotVisible("There is no such dataset.")
    return found


def datasets_of(actor: User, case: Case) -> QuerySet[Dataset]:
    """The datasets of a case that `actor` may read; those of sensitive exhibits are there for some only."""
    check_read_posts(actor, case)
    rows = Dataset.objects.visible_to(actor).filter(case=case).select_related(*DATASET_PARTS)
    return rows if reads_sensitive(actor, case) else rows.exclude(item__sensitivity=Sensitivity.SENSITIVE)


def _one(rows: QuerySet, what: str, for_update: bool):
    found = (rows.select_for_update(of=("self",)) if for_update else rows).first()
    if found is None:
        raise NotVisible(f"There is no such {what}.")
    return found
