"""One dossier of one publication, built under a log with a key of its own."""

import zipfile
from pathlib import Path

import pytest
from django.test import override_settings

from audit.sequencer import Sequencer
from claims.dossier.build import Dossier, build, pages_of, seal
from tests.database import empty_database
from tests.factories.story import Story, make_story


def build_now(story: Story) -> Dossier:
    """Build with the sequencer's step in between, which in production its own process takes."""
    seal(actor=story.publisher, publication=story.publication, pages=pages_of(story.publication))
    Sequencer().run_all()
    return build(actor=story.publisher, publication=story.publication)


@pytest.fixture
def story(transactional_db, settings, tmp_path) -> Story:
    settings.DATA_DIR = tmp_path
    return make_story()


@pytest.fixture(scope="session")
def dossier(django_db_setup, django_db_blocker, tmp_path_factory) -> Dossier:
    """Made once: checking it needs no database, and no test can change it."""
    with django_db_blocker.unblock(), override_settings(DATA_DIR=tmp_path_factory.mktemp("data")):
        made = build_now(make_story())
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
