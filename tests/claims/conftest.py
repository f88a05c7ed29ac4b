"""Stores of their own for every test, and a case with its people and evidence."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from rest_framework.test import APIClient

from audit.sealing import sealing as sealing_thread
from caseapp.roles import connect_as_login
from cases.models import Case
from tests.factories.claims import World, make_world
from tests.factories.programs import make_program
from tests.scenes import committed


@pytest.fixture(autouse=True)
def stores(settings, tmp_path: Path) -> Path:
    """Originals and derivatives of this test alone."""
    settings.VAULT_DIR = tmp_path / "vault"
    settings.DERIVATIVES_DIR = tmp_path / "derivatives"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return tmp_path


@pytest.fixture(scope="module")
def lasting_world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, Path]]:
    """A committed world, and the folder of its originals; each test's own changes are rolled back."""
    vault = tmp_path_factory.mktemp("vault")
    with committed(django_db_blocker, make_world, VAULT_DIR=vault) as world:
        yield world, vault


@pytest.fixture
def world(lasting_world, db, settings) -> World:
    """A test with real commits empties the database after itself: the next one makes a world of its own."""
    world, vault = lasting_world
    if not Case.objects.filter(pk=world.case.pk).exists():
        return make_world()
    shutil.copytree(vault, settings.VAULT_DIR, dirs_exist_ok=True)
    return copy.deepcopy(world)


@pytest.fixture
def sealing(transactional_db, settings, tmp_path) -> Iterator[None]:
    """A sequencer in a thread: publishing waits until a signed checkpoint covers it."""
    settings.DATA_DIR = tmp_path
    with sealing_thread():
        yield


@pytest.fixture
def transactional_world(transactional_db, sealing) -> World:
    """The same, with real commits: constraints that are checked at commit are checked."""
    return make_world()


@pytest.fixture
def insider(transactional_db) -> Iterator[psycopg.Connection]:
    """A database administrator for whom no trigger fires."""
    with connect_as_login(connections.settings["owner"]) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def api():
    """A program of a person that writes JSON."""

    def program(user, *scopes: str) -> APIClient:
        client = make_program(user, *scopes)
        client.default_format = "json"
        return client

    return program
