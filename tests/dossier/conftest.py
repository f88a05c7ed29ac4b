"""One dossier of one publication, built under a log with a key of its own."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from claims.actions.redactions import redact
from claims.dossier.build import Dossier, build
from claims.models import Redaction
from tests.database import empty_database
from tests.factories.story import Story
from tests.scenes import story_in


@pytest.fixture
def story(transactional_db, tmp_path, scenes) -> Iterator[Story]:
    with story_in(tmp_path, scenes) as story:
        yield story


# A person, an author of exhibits, a source: in the redacted dossier none of them is left.
WITHHELD = ("Esmira Xalil", "A. Reporter", "The agency")


@pytest.fixture(scope="session")
def dossiers(django_db_setup, django_db_blocker, tmp_path_factory, scenes) -> tuple[Dossier, Dossier]:
    """One publication whole, and with `WITHHELD` redacted; made once, since no test can change them."""
    with django_db_blocker.unblock(), story_in(tmp_path_factory.mktemp("data"), scenes) as story:
        whole = build(actor=story.publisher, publication=story.publication)
        made = redact_story(story, WITHHELD)
        redacted = build(actor=story.publisher, publication=story.publication, redaction=made)
    with django_db_blocker.unblock():
        empty_database()
    return whole, redacted


def redact_story(story: Story, words: Iterable[str]) -> Redaction:
    """A redaction of the story's publication by its publisher."""
    return redact(
        actor=story.publisher,
        publication=story.publication,
        words=list(words),
        kind="privacy",
        reason="The person left public life years ago.",
    )


@pytest.fixture(scope="session")
def dossier(dossiers) -> Dossier:
    return dossiers[0]


@pytest.fixture(scope="session")
def redacted(dossiers) -> Dossier:
    return dossiers[1]


@pytest.fixture
def folder(dossier, tmp_path) -> Path:
    """The dossier unpacked as a reader has it."""
    return unpack(dossier.files, tmp_path / "unpacked")


def unpack(files: dict[str, bytes], home: Path) -> Path:
    for name, content in files.items():
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
