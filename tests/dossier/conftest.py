"""One dossier of one publication, built under a log with a key of its own."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import override_settings

from audit.sealing import sealing
from claims.dossier.build import Dossier, build
from tests.database import empty_database
from tests.factories.story import Story, make_story


@contextmanager
def installation(folder: Path) -> Iterator[None]:
    """A log and stores of their own under `folder`, and the sequencer at work as beside the web process."""
    places = {"VAULT_DIR": folder / "vault", "DERIVATIVES_DIR": folder / "derived", "UPLOADS_DIR": folder / "uploads"}
    with override_settings(DATA_DIR=folder, **places), sealing():
        yield


@pytest.fixture
def story(transactional_db, tmp_path) -> Iterator[Story]:
    with installation(tmp_path):
        yield make_story()


@pytest.fixture(scope="session")
def dossier(django_db_setup, django_db_blocker, tmp_path_factory) -> Dossier:
    """Made once: checking it needs no database, and no test can change it."""
    with django_db_blocker.unblock(), installation(tmp_path_factory.mktemp("data")):
        story = make_story()
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
