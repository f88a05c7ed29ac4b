"""A world that takes seconds to build is built once per test process, by the real actions; later tests get it back.

A scene is the rows of the database after its building, kept as tables of a schema of its own, with the folder of files
that belong to them. Numbers that the database gives go on from where they are, so rows of a test never meet those of
another one.
"""

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.test import override_settings
from pytest_django import DjangoDbBlocker

from audit.sealing import sealing
from tests.database import bring_rows, empty_database, keep_rows
from tests.factories.story import Story, make_story

World = TypeVar("World")


class Scenes:
    """The scenes of this process, by name; their files lie below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._worlds: dict[str, object] = {}

    def play(self, name: str, build: Callable[[], World], files: Path) -> World:
        """What `build` returned, with its rows and, below `files`, all that it had written there."""
        kept = self._folder / name
        if name in self._worlds:
            bring_rows(f"scene_{name}")
            shutil.copytree(kept, files, dirs_exist_ok=True)
            return copy.deepcopy(self._worlds[name])
        # What a module keeps committed for its other tests is no part of the scene.
        empty_database()
        world = build()
        keep_rows(f"scene_{name}")
        files.mkdir(parents=True, exist_ok=True)
        shutil.copytree(files, kept)
        self._worlds[name] = copy.deepcopy(world)
        return world


@contextmanager
def committed(blocker: DjangoDbBlocker, build: Callable[[], World], **settings: object) -> Iterator[World]:
    """What `build` made for tests that roll their own changes back; afterwards all is emptied."""
    with blocker.unblock(), override_settings(**settings):
        made = build()
    yield made
    with blocker.unblock():
        empty_database()


@contextmanager
def installation(folder: Path) -> Iterator[None]:
    """A log and stores of their own under `folder`, and the sequencer at work as beside the web process."""
    places = {"VAULT_DIR": folder / "vault", "DERIVATIVES_DIR": folder / "derived", "UPLOADS_DIR": folder / "uploads"}
    with override_settings(DATA_DIR=folder, **places), sealing():
        yield


@contextmanager
def story_in(folder: Path, scenes: Scenes) -> Iterator[Story]:
    """The published story, committed, in an installation of its own below `folder`."""

    def build() -> Story:
        with installation(folder):
            return make_story()

    # The log goes on once its rows and its key are back.
    story = scenes.play("story", build, folder)
    with installation(folder):
        yield story
