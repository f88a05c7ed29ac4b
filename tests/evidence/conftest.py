"""Stores of their own for every test, and a case with one person per role."""

import copy
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from cases.enums import JobState, Role
from cases.exceptions import CaseworkError
from cases.models import Case, JobRun, User
from evidence.actions import items
from evidence.actions.derivatives import derive_item
from evidence.details import Details
from evidence.models import Item
from evidence.parsers import sandbox
from tests.factories import cases as factories
from tests.factories.users import make_user
from tests.scenes import World, committed

# A busy machine is no failure of a parser: nothing here is judged by the clock.


@pytest.fixture(autouse=True)
def stores(settings, tmp_path: Path) -> Path:
    """Originals, derivatives and unfinished uploads of this test alone."""
    settings.VAULT_DIR = tmp_path / "store" / "vault"
    settings.DERIVATIVES_DIR = tmp_path / "store" / "derivatives"
    settings.UPLOADS_DIR = tmp_path / "store" / "uploads"
    settings.MEDIA_INDEX_DIR = tmp_path / "store" / "media-index"
    return tmp_path / "store"


@pytest.fixture
def cold_parsers(monkeypatch) -> None:
    """An interpreter of its own for each file, as outside a worker."""
    monkeypatch.setattr(sandbox, "_nurseries", None)


@pytest.fixture
def scene(scenes, stores, transactional_db) -> Callable:
    """`scene("splice", build)`: what `build(newsroom)` made and returned, which is built once per process."""

    def play(name: str, build: Callable[[Newsroom], World]) -> World:
        return scenes.play(name, lambda: build(make_newsroom()), stores)

    return play


@dataclass
class Newsroom:
    """A case, its people, and a person who is not in it."""

    case: Case
    investigator: User
    editor: User
    publisher: User
    auditor: User
    viewer: User
    stranger: User

    def log(self, content: bytes = b"The first exhibit.\n", name: str = "note.txt", *, derive: bool = False, **details):
        """An exhibit made of these bytes, logged by the investigator."""
        item = items.log_file(
            actor=self.investigator,
            case=details.pop("case", self.case),
            stream=io.BytesIO(content),
            file_name=name,
            details=Details(**details),
        )
        return derive_item(actor=self.investigator, item=item) if derive else item


def make_case(ref: str, people: dict[str, User]) -> Case:
    """A case with these people, led by its editor."""
    others = {role: user for role, user in people.items() if role != Role.EDITOR}
    return factories.make_case(ref=ref, lead=people[Role.EDITOR], **others)


def make_newsroom() -> Newsroom:
    people = {role: make_user(role, can_create_cases=True) for role in Role.values}
    stranger = make_user("stranger", can_create_cases=True)
    return Newsroom(case=make_case("NC-2024", people), stranger=stranger, **people)


@pytest.fixture(scope="module")
def lasting_newsroom(django_db_setup, django_db_blocker) -> Iterator[Newsroom]:
    """Committed once; each test's own changes are rolled back."""
    with committed(django_db_blocker, make_newsroom) as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(lasting_newsroom, db) -> Newsroom:
    """A test with real commits empties the database after itself: the next one makes a newsroom of its own."""
    if Case.objects.filter(pk=lasting_newsroom.case.pk).exists():
        return copy.deepcopy(lasting_newsroom)
    return make_newsroom()


def run_jobs() -> None:
    """Do all that is queued, as a worker does it (the worker itself is tested in tests/setup)."""
    for run in JobRun.objects.filter(state=JobState.QUEUED).order_by("created_at"):
        with suppress(CaseworkError):
            app.tasks[run.task](run_id=str(run.pk))


def reloaded(item: Item) -> Item:
    """The row as it is in the database now."""
    return Item.objects.select_related("blob", "case").get(pk=item.pk)
