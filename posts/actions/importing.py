"""A file of posts into a case: preserved as an exhibit, read as a stream, and settled in one transaction at the end."""

import gc
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.ids import uuid7
from cases.actions.job_runs import start_job
from cases.enums import Platform
from cases.exceptions import InvalidInput
from cases.history import record
from cases.models import Case, User
from cases.platforms import check_instance
from evidence import custody, quotas
from evidence.actions import items
from evidence.actions.fixity import open_or_report
from evidence.details import Details
from evidence.enums import CustodyAction, ItemKind
from evidence.models import Item
from evidence.workflow import check_case_open
from posts.exceptions import NotPosts
from posts.formats import reading
from posts.formats.mapping import Mapping
from posts.memory import collector_paused
from posts.models import Dataset
from posts.permissions import check_import_posts
from posts.queries import datasets_of, get_dataset_by_id
from posts.records import Duplicate, PostRecord, Rejection, Tally
from posts.settling import Totals, settle
from posts.staging import Staging
from posts.states import DatasetState

IMPORT = "posts.read_dataset"
METHOD = "posts"
# Of how a file is read. A rise makes another import of the same file read it anew.
READER_VERSION = "R5"
BATCH = 5_000
LONGEST = {"title": 300, "source_note": 20_000, "query": 5_000, "gaps": 20_000}


class Watcher(Protocol):
    """Who looks on: told of each batch, may raise to stop, and gives the transaction in which all takes effect."""

    def advance(self, done: int, *, total: int | None = None, message: str = "") -> None:
        """Take note of `done` bytes of `total`."""

    def finishing(self, message: str = "") -> AbstractContextManager:
        """The transaction that settles."""


class Unwatched:
    """Nobody looks on: a command reads the file itself."""

    def advance(self, done: int, *, total: int | None = None, message: str = "") -> None:
        """Nobody is told."""

    def finishing(self, message: str = "") -> AbstractContextManager:
        return transaction.atomic()


@dataclass(frozen=True)
class How:
    """How a file is to be read."""

    format: str = reading.AUTO
    zone: str = "UTC"
    platform: str = "other"
    encoding: str = ""
    mapping: Mapping | None = None
    server: str = ""

    def options(self) -> reading.Options:
        """The same as a reader takes it; raises InvalidInput for a platform or server that there is not."""
        for name in (self.platform, (self.mapping and self.mapping.platform) or self.platform):
            if name not in Platform.values:
                raise InvalidInput(
                    f"{name!r:.40} is no platform; there are {', '.join(Platform.values)}.", field="platform"
                )
        said = self.columns()
        server = check_instance(said["platform"], said["server"]) if said["server"] else ""
        return reading.Options(self.zone, self.platform, self.encoding, self.mapping, server, timezone.now())

    def columns(self) -> dict[str, Any]:
        """The same as columns of a dataset, with the zone, platform and server by which a mapping reads it."""
        mapping = self.mapping.as_json() if self.mapping else {}
        said = {name: mapping.get(name) or getattr(self, name) for name in ("zone", "platform", "server")}
        said["server"] = said["server"].strip().lower().rstrip(".")
        named = said | {"encoding": self.encoding, "mapping": mapping}
        return named | {"asked_format": self.format}

    @classmethod
    def of(cls, dataset: Dataset) -> "How":
        mapping = Mapping.from_json(dataset.mapping) if dataset.mapping else None
        said = {name: getattr(dataset, name) for name in ("zone", "platform", "server", "encoding")}
        return cls(dataset.asked_format, mapping=mapping, **said)


@dataclass(frozen=True)
class About:
    """What its sender says of a file."""

    title: str = ""
    source_note: str = ""
    query: str = ""
    gaps: str = ""

    def checked(self, otherwise: str) -> "About":
        """The same without surplus space, titled `otherwise` where it has no title; raises InvalidInput."""
        said = {name: value.strip() for name, value in asdict(self).items()}
        said["title"] = said["title"] or otherwise[: LONGEST["title"]] or "Untitled dataset"
        for name, value in said.items():
            if len(value) > LONGEST[name]:
                raise InvalidInput(f"At most {LONGEST[name]:,} characters.", field=name)
        return About(**said)


@dataclass
class Read:
    """What came out of one reading of a file, staged and not yet in any case."""

    format: str
    label: str
    lacks: list[str]
    tally: Tally
    several_of_a_post: bool = False
    reasons: list[str] = field(default_factory=list)


# --- from a page or a program: the file is an exhibit already, and a worker reads it


@transaction.atomic
def start_import(*, actor: User, item: Item, how: How, about: About, replaces: Dataset | None = None) -> Dataset:
    """Queue the reading of an exhibit as posts. Raises InvalidInput for an unknown zone, format or mapping.

    Once it is read, it is in use in place of `replaces`, an earlier reading of the same file.
    """
    check_import_posts(actor, item.case)
    check_case_open(item.case)
    if item.blob_id is None:
        raise InvalidInput("A link has no preserved file to read.", field="exhibit")
    how.options().context()
    if how.mapping:
        how.mapping.check(how.mapping.columns().values())
    dataset = enter(actor, item, how, about, replaces)
    arguments = {"dataset_id": str(dataset.pk), "actor_id": str(actor.pk)}
    title = f"Read the posts of E-{item.exhibit}"
    dataset.run = start_job(actor=actor, task=IMPORT, title=title, case=item.case, arguments=arguments)
    dataset.save(update_fields=["run"])
    return dataset


def read_dataset(*, actor: User, dataset: Dataset, watcher: Watcher) -> Dataset:
    """Read an exhibit's file and settle its posts. A reading that is stopped or fails leaves none of them."""
    dataset = get_dataset_by_id(actor, dataset.pk)
    check_import_posts(actor, dataset.case)
    with as_file(actor, dataset.item) as path, staged(dataset.pk, dataset.case_id) as staging:
        # What a killed attempt left behind.
        staging.clear()
        read = stage(path, How.of(dataset), staging, watcher)
        with watcher.finishing(counted(read.tally)):
            return settle_read(actor, dataset, staging, read)


@transaction.atomic
def give_up(*, actor: User, dataset: Dataset, problem: str) -> Dataset:
    """Note why the file of a dataset was not read; the exhibit stays, and it may be tried again."""
    dataset = get_dataset_by_id(actor, dataset.pk, for_update=True)
    if dataset.state == DatasetState.WAITING:
        dataset.state, dataset.problem = DatasetState.FAILED, problem[:500]
        dataset.save(update_fields=["state", "problem"])
        record(actor, "dataset_failed", dataset, after={"problem": dataset.problem})
    return dataset


# --- from the command line: nothing is kept of a file that holds no posts


def import_file(
    *, actor: User, case: Case, path: Path, how: How, about: About, details: Details, watcher: Watcher
) -> tuple[Dataset, list[str]]:
    """Read a file on disk, preserve it, and settle its posts; also returns a line for each of its first refused rows.

    The same bytes read in the same way again give the dataset that is there, with nothing accepted and everything
    a duplicate (unsaved, for the report). Raises what reading raises, and NotPosts where no record is a post.
    """
    check_import_posts(actor, case)
    check_case_open(case)
    about = about.checked(details.title or path.name)
    details = items.describe_file(case, replace(details, kind=ItemKind.DATASET), path.name)
    quotas.check_room(actor, case, path.stat().st_size)
    with staged(uuid7(), case.pk) as staging:
        read = stage(path, how, staging, watcher)
        with path.open("rb") as stream:
            kept = items.preserve(
                actor=actor, case=case, stream=stream, file_name=path.name, details=details, method=METHOD
            )
        if before := _read_before(case, kept.stored.sha256, how):
            return _nothing_new(before), read.reasons
        with watcher.finishing(counted(read.tally)):
            item = items.log_preserved(
                actor=actor, case=case, preserved=kept, file_name=path.name, details=details, method=METHOD
            )
            dataset = enter(actor, item, how, about, _read_by_another(actor, item, how))
            return settle_read(actor, dataset, staging, read), read.reasons


def _read_by_another(actor: User, item: Item, how: How) -> Dataset | None:
    """The reading in use of the same bytes in the same way by another version of the reader, no less open."""
    in_use = datasets_of(actor, item.case).in_use()
    same = in_use.filter(item__blob=item.blob_id, item__sensitivity=item.sensitivity, **how.columns())
    return same.exclude(reader_version=READER_VERSION).order_by("-number").first()


def _read_before(case: Case, sha256: str, how: How) -> Dataset | None:
    same = Dataset.objects.in_use().filter(case=case, item__blob=sha256, reader_version=READER_VERSION)
    return same.filter(**how.columns()).order_by("number").first()


def _nothing_new(dataset: Dataset) -> Dataset:
    dataset.known, dataset.duplicate, dataset.accepted = (
        dataset.known + dataset.accepted,
        dataset.duplicate + dataset.accepted,
        0,
    )
    return dataset


# --- parts


def stage(path: Path, how: How, staging: Staging, watcher: Watcher) -> Read:
    """Read a file to its end into the staging tables; raises NotPosts where no record is a post."""
    found = reading.read(path, format=how.format, options=how.options())
    posts: list[PostRecord] = []
    rejections: list[Rejection] = []
    read = Read(found.format, found.label, list(found.lacks), found.tally)
    began = monotonic()
    with collector_paused():
        for outcome in found:
            if isinstance(outcome, PostRecord):
                posts.append(outcome)
                read.several_of_a_post |= bool(outcome.objects)
            elif isinstance(outcome, Duplicate):
                # It may state other counts, of another day.
                posts.append(outcome.record)
                read.several_of_a_post = True
            elif isinstance(outcome, Rejection):
                rejections.append(outcome)
                if len(read.reasons) < 100:
                    read.reasons.append(f"{outcome.place}: {outcome.reason}")
            if found.tally.read % BATCH == 0:
                staging.add(posts, rejections)
                posts, rejections = [], []
                gc.collect(1)
                watcher.advance(found.position, total=found.size, message=_so_far(found, monotonic() - began))
        staging.add(posts, rejections)
    watcher.advance(found.size, total=found.size, message=f"{found.tally.read:,} records read; storing them")
    if not found.tally.accepted:
        first = f" The first refusal: {read.reasons[0]}." if read.reasons else ""
        raise NotPosts(f"None of the {found.tally.read:,} records of this file is a post.{first}", field="file")
    return read


def _so_far(found: reading.Reading, seconds: float) -> str:
    read = found.tally.read
    text = f"{read:,} records, {read / max(seconds, 0.001):,.0f} a second"
    if not found.position or found.position >= found.size:
        return text
    left = seconds * (found.size - found.position) / found.position
    return f"{text}, about {max(1, round(left)):,} s left"


def counted(tally: Tally) -> str:
    """What a watcher is told once all is read."""
    return f"{tally.read:,} records read, {tally.rejected:,} rejected"


@contextmanager
def staged(run: UUID, case_id: UUID) -> Iterator[Staging]:
    """A staging area that is empty again afterwards, whatever happens."""
    staging = Staging(run, case_id)
    try:
        yield staging
    finally:
        staging.clear()


@contextmanager
def as_file(actor: User, item: Item) -> Iterator[Path]:
    """The checked original of an exhibit under a name of its own: readers open files more than once."""
    suffix = Path(item.file_name).suffix[:10]
    with open_or_report(actor, item) as stream, tempfile.NamedTemporaryFile(prefix="posts-", suffix=suffix) as copy:
        shutil.copyfileobj(stream, copy, 1024**2)
        copy.flush()
        yield Path(copy.name)


def enter(actor: User, item: Item, how: How, about: About, replaces: Dataset | None) -> Dataset:
    """A dataset of which nothing is read yet, under the next number of its case."""
    # One counter for all of the case, locked as the number of an exhibit is.
    Case.objects.select_for_update().get(pk=item.case_id)
    last = Dataset.objects.filter(case=item.case_id).aggregate(last=Max("number"))["last"] or 0
    said = asdict(about.checked(item.title))
    dataset = Dataset.objects.create(
        case=item.case, number=last + 1, item=item, created_by=actor, replaces=replaces, **how.columns(), **said
    )
    after = how.columns() | said | ({"replaces": replaces.label} if replaces else {})
    record(actor, "dataset_started", dataset, after=after, evidence=[item.blob_id])
    return dataset


def settle_read(actor: User, dataset: Dataset, staging: Staging, read: Read) -> Dataset:
    """Make what is staged posts of the case, and note with the dataset what became of each record."""
    tally = read.tally
    totals = settle(
        staging, dataset, records=tally.accepted + tally.duplicate, several_of_a_post=read.several_of_a_post
    )
    values = _outcome(read, totals) | {
        "read": tally.read,
        "accepted": tally.accepted - totals.known,
        "duplicate": tally.duplicate + totals.known,
        "known": totals.known,
        "rejected": tally.rejected,
        "reasons": tally.as_json()["reasons"],
    }
    for name, value in values.items():
        setattr(dataset, name, value)
    dataset.save(update_fields=list(values))
    custody.note(dataset.item, CustodyAction.DERIVE, actor, purpose=f"Read as posts: {dataset.label}")
    counts = {name: values[name] for name in ("format", "read", "accepted", "duplicate", "rejected", "posts")}
    record(actor, "dataset_imported", dataset, after=counts, evidence=[dataset.item.blob_id])
    return dataset


def _outcome(read: Read, totals: Totals) -> dict[str, Any]:
    return {
        "state": DatasetState.READY,
        "problem": "",
        "format": read.format,
        "reader_version": READER_VERSION,
        "lacks": read.lacks,
        "posts": totals.posts,
        "accounts": totals.accounts,
        "kinds": totals.kinds,
        "first_at": totals.first_at,
        "last_at": totals.last_at,
        "undated": totals.undated,
        "imported_at": timezone.now(),
    }
