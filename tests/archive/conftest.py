"""The story as an archive, and an empty installation to bring it to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from caseapp.archive.writing import export_case
from cases.models import Membership
from claims.models import ClaimVersion, Publication
from evidence.models import Item, TextLayer
from tests.database import empty_database
from tests.scenes import installation, story_in


@pytest.fixture(scope="session")
def made(django_db_setup, django_db_blocker, tmp_path_factory, scenes) -> tuple[Path, dict]:
    """An archive of the story, and what its rows said; the database is empty again."""
    folder = tmp_path_factory.mktemp("first")
    with django_db_blocker.unblock(), story_in(folder, scenes) as story:
        export_case(actor=story.editor, case=story.case, path=folder / "case.zip")
        said = facts()
    with django_db_blocker.unblock():
        empty_database()
    return folder / "case.zip", said


def facts() -> dict:
    """What must not change: ids, versions, dates, hashes."""
    return {
        "versions": sorted(
            ClaimVersion.objects.values_list("pk", "number", "state", "recorded_at", "content_sha256", "edit_version")
        ),
        "items": sorted(Item.objects.values_list("pk", "exhibit", "captured_at", "recorded_at", "blob")),
        "texts": sorted(TextLayer.objects.values_list("pk", "sha256")),
        "publications": [(row.pk, row.published_at, bytes(row.snapshot)) for row in Publication.objects.all()],
        "members": sorted(Membership.objects.values_list("pk", "role", "user", "added_at")),
    }


@pytest.fixture
def elsewhere(tmp_path) -> Iterator[Path]:
    """Another installation, with a log and a key of its own, that holds nothing yet."""
    with installation(tmp_path / "second"):
        yield tmp_path
