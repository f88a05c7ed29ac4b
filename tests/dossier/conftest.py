"""One dossier of one publication, built under a log with a key of its own."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.dossier.build import Dossier, build
from tests.database import empty_database
from tests.factories.story import Story
from tests.scenes import story_in


@pytest.fixture
def story(transactional_db, tmp_path, scenes) -> Iterator[Story]:
    with story_in(tmp_path, scenes) as story:
        yield story


@pytest.fixture(scope="session")
def dossier(django_db_setup, django_db_blocker, tmp_path_factory, scenes) -> Dossier:
    """Made once: checking it needs no database, and no test can change it."""
    with django_db_blocker.unblock(), story_in(tmp_path_factory.mktemp("data"), scenes) as story:
        made = build(actor=story.publisher, publication=story.publication)
    with django_db_blocker.unblock():
        empty_database()
    return made


@pytest.fixture
def folder(dossier, tmp_path) -> Path:
    """The dossier unpacked as a reader has it."""
    home = tmp_path / "unpacked"
    for name, content in dossier.files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


@pytest.fixture
def zip_path(dossier, tmp_path) -> Path:
    path = tmp_path / "dossier.zip"
    path.write_bytes(dossier.zip)
    return path


def write_zip(path: Path, members: dict[str, bytes], **attributes) -> Path:
    """A zip file with members of any name, as somebody hostile would make it."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo("x")
            member.filename = name
            for key, value in attributes.items():
                setattr(member, key, value)
            archive.writestr(member, content)
    return path
