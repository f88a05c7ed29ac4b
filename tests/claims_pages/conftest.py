"""One story for all tests of a module, and clients of its people."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.test import Client

from cases.models import User
from tests.database import analyse_tables, empty_database
from tests.factories.story import Story
from tests.factories.users import make_user
from tests.scenes import story_in


@pytest.fixture(autouse=True)
def stores(settings, tmp_path) -> None:
    """Originals and derivatives of this test alone."""
    settings.VAULT_DIR = tmp_path / "vault"
    settings.DERIVATIVES_DIR = tmp_path / "derivatives"
    settings.UPLOADS_DIR = tmp_path / "uploads"


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory, scenes) -> Iterator[Story]:
    """The committed story; each test's own changes are rolled back."""
    with django_db_blocker.unblock(), story_in(tmp_path_factory.mktemp("data"), scenes) as told:
        analyse_tables()
    yield told
    with django_db_blocker.unblock():
        empty_database()


@pytest.fixture
def story(told, db) -> Story:
    return replace(told, claims=dict(told.claims))


@pytest.fixture
def enter() -> Callable[[User], Client]:
    """Sign a person in: `enter(story.editor)` gives their client."""

    def enter_as(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter_as


@pytest.fixture
def stranger(db) -> User:
    return make_user("stranger")
