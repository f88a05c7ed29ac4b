"""A published story and a working one, made once for all tests of the formats."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.models import Case
from claims.exports.material import Material, Scope, gather
from tests.database import empty_database
from tests.factories.story import Story, make_story
from tests.scenes import story_in


@pytest.fixture(scope="package")
def lasting_story(django_db_setup, django_db_blocker, tmp_path_factory, scenes) -> Iterator[tuple[Story, Path]]:
    """Committed, because publishing waits for the log's sequencer; each test's own changes are rolled back."""
    folder = tmp_path_factory.mktemp("story")
    with django_db_blocker.unblock(), story_in(folder, scenes) as story:
        pass
    yield story, folder
    with django_db_blocker.unblock():
        empty_database()


@pytest.fixture
def story(lasting_story, db, settings, tmp_path) -> Story:
    """A test elsewhere with real commits empties the database after itself: the next one here makes its own story."""
    story, folder = lasting_story
    shutil.copytree(folder, tmp_path / "data")
    settings.DATA_DIR, settings.VAULT_DIR = tmp_path / "data", tmp_path / "data" / "vault"
    settings.DERIVATIVES_DIR, settings.UPLOADS_DIR = tmp_path / "data" / "derived", tmp_path / "data" / "uploads"
    return copy.deepcopy(story) if Case.objects.filter(pk=story.case.pk).exists() else make_story()


@pytest.fixture
def published(story) -> Material:
    return gather(story.case, Scope.PUBLISHED)


@pytest.fixture
def working(story) -> Material:
    return gather(story.case, Scope.CASE)
