"""A preserved file read again by the present reader: what it makes of the file takes the place of what is there.

Posts never change, and kept analyses rest on the reading that they name. So another reading is another dataset of the
same exhibit, which is in use instead of the earlier one from the moment in which it is read to its end.
"""

from dataclasses import replace

from django.db import transaction

from audit.ids import uuid7
from cases.exceptions import Conflict
from cases.models import User
from evidence.enums import ItemState
from evidence.workflow import check_case_open
from posts.actions.importing import (
    READER_VERSION,
    About,
    How,
    Watcher,
    as_file,
    counted,
    enter,
    settle_read,
    stage,
    staged,
    start_import,
)
from posts.models import Dataset
from posts.permissions import check_import_posts
from posts.queries import get_dataset_by_id
from posts.states import DatasetState


def is_outdated(dataset: Dataset) -> bool:
    """Whether another version of the reader read it."""
    return dataset.is_ready and dataset.reader_version != READER_VERSION


def successor_of(dataset: Dataset) -> Dataset | None:
    """The reading that takes its place, or will when it is done."""
    later = dataset.replaced_by.filter(item__state=ItemState.ACTIVE).select_related("run").order_by("-number")
    return next((one for one in later if one.shown_state != DatasetState.FAILED), None)


@transaction.atomic
def start_rereading(*, actor: User, dataset: Dataset, server: str = "") -> Dataset:
    """Queue another reading of a dataset's file, in the way in which it was read; `server` as in `How`, if one is said.

    Raises Conflict where the present reader read it, or where it is being read again.
    """
    dataset = _checked(actor, dataset)
    how, about = _same(dataset, server)
    return start_import(actor=actor, item=dataset.item, how=how, about=about, replaces=dataset)


def reread(*, actor: User, dataset: Dataset, watcher: Watcher, server: str = "") -> tuple[Dataset, list[str]]:
    """Read a dataset's file again at once; also returns a line for each of its first refused rows. Raises as above."""
    how, about = _same(_checked(actor, dataset, for_update=False), server)
    with as_file(actor, dataset.item) as path, staged(uuid7(), dataset.case_id) as staging:
        read = stage(path, how, staging, watcher)
        with watcher.finishing(counted(read.tally)):
            replaced = _checked(actor, dataset)
            made = enter(actor, replaced.item, how, about, replaced)
            return settle_read(actor, made, staging, read), read.reasons


def _checked(actor: User, dataset: Dataset, *, for_update: bool = True) -> Dataset:
    dataset = get_dataset_by_id(actor, dataset.pk, for_update=for_update)
    check_import_posts(actor, dataset.case)
    check_case_open(dataset.case)
    if later := successor_of(dataset):
        raise Conflict(f"{later.label} is a later reading of this file.")
    if not is_outdated(dataset):
        raise Conflict(f"{dataset.label} was read by the present reader: nothing else would come out.")
    return dataset


def _same(dataset: Dataset, server: str) -> tuple[How, About]:
    how = How.of(dataset)
    about = About(dataset.title, dataset.source_note, dataset.query, dataset.gaps)
    return replace(how, server=server.strip() or how.server), about
