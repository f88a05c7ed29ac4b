"""Worlds in which something can be found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings

from cases.models import User
from search.actions.indexing import keep_up
from search.actions.searching import Found, search
from tests.factories.story import Story, make_story

ENGINES = ["whoosh", "postgres"]


def folders_in(folder: Path) -> dict[str, Path]:
    """Settings that keep originals and the index of a test in a folder of its own."""
    names = {"VAULT_DIR": "vault", "DERIVATIVES_DIR": "derivatives", "SEARCH_INDEX_DIR": "search-index"}
    return {setting: folder / name for setting, name in names.items()}


@pytest.fixture
def stores(settings, tmp_path) -> None:
    for name, folder in folders_in(tmp_path).items():
        setattr(settings, name, folder)


@pytest.fixture(params=ENGINES)
def engine(request, settings) -> str:
    """Each engine in turn."""
    settings.SEARCH_ENGINE = request.param
    return request.param


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Story]:
    """A story for tests that only ask; made and read once for a module, and undone after it."""
    folders = folders_in(tmp_path_factory.mktemp("told"))
    with override_settings(**folders, SEARCH_ENGINE="whoosh"), django_db_blocker.unblock(), transaction.atomic():
        story = make_story(published=False)
        keep_up()
        yield story
        transaction.set_rollback(True)


def found(actor: User, query: str, **asked) -> Found:
    """What `actor` finds, once everything was read; fails when not the chosen engine answered."""
    keep_up()
    result = search(actor=actor, query=query, **asked)
    assert result.engine == django_settings.SEARCH_ENGINE
    return result


def titles(result: Found) -> list[str]:
    return [hit.title.text for hit in result.hits]
