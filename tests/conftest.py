"""Fixtures for every test: a migrated database per process, and connections as each of its roles."""

import gc
import importlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django.plugin import blocking_manager_key

from evidence.parsers import sandbox

# One browser fixture for all folders: a process can run Playwright only once.
from tests.browser import browser, open_page, profiles, window  # noqa: F401
from tests.database import create_database, drop_database, empty_database, prepare_template
from tests.scenes import Scenes

# No test fails because the machine is busy.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent


def _with_room(call, *args):
    """Call with a frame so large that all frames above it fit into one piece of memory.

    Python 3.11 takes memory for frames in pieces of 16 KiB and gives each back as soon as it is empty (pystate.c,
    push_chunk): at the depth of pytest, calls across an edge took and gave back 640,000 pieces in 81 tests.
    """
    return call(*args)


# Over half of a mebibyte, in words: the piece is then a mebibyte.
_with_room.__code__ = _with_room.__code__.replace(co_stacksize=70_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """As ever, but with room; what other plugins wrap around it stays around it."""
    runner = item.config.pluginmanager.getplugin("runner")
    return _with_room(runner.pytest_runtest_protocol, item, nextitem)


def pytest_sessionstart(session: pytest.Session) -> None:
    """The process that hands the tests out, and runs none, makes the database that the others copy meanwhile."""
    if session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput"):
        session.config.stash[blocking_manager_key].unblock()
        threading.Thread(target=prepare_template, daemon=True).start()


def pytest_collection(session: pytest.Session) -> None:
    """Each process of a whole run imports the tests from another place on.

    Collecting, all would compile the same file at the same time; so each finds what the others have compiled.
    """
    settings = session.config
    if (worker := getattr(settings, "workerinput", None)) and settings.args_source is settings.ArgsSource.TESTPATHS:
        modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(TESTS.rglob("test_*.py"))]
        start = len(modules) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
        for name in modules[start:] + modules[:start]:
            importlib.import_module(name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a module's tests share is built once: they run in one process, unless they say which themselves."""
    for item in items:
        shared = any(name.startswith("lasting_") for name in getattr(item, "fixturenames", ()))
        if shared and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))


def pytest_collection_finish() -> None:
    """What was loaded until now lives as long as the process: not to look through it again saves a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        name = create_database(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield
    with django_db_blocker.unblock():
        drop_database(name)


@pytest.fixture(scope="session")
def scenes(tmp_path_factory) -> Scenes:
    """What takes seconds to build, built once per process."""
    return Scenes(tmp_path_factory.mktemp("scenes"))


@pytest.fixture(scope="session", autouse=True)
def warm_parsers() -> Iterator[None]:
    """Parsers are forked as in a worker, instead of loaded for each file; the first file pays for it."""
    with sandbox.nurseries(1):
        yield


# Django empties tables with TRUNCATE, as the role the application has; ours may not, and must not be able to.
TransactionTestCase._fixture_teardown = lambda self: empty_database()


def _connect_as(alias: str) -> Iterator[psycopg.Connection]:
    wrapper = connections[alias]
    parameters = wrapper.get_connection_params()
    for unknown in ("cursor_factory", "context", "server_side_binding"):
        parameters.pop(unknown, None)
    with psycopg.connect(**parameters, autocommit=True) as connection:
        yield connection


@pytest.fixture
def web_connection(transactional_db) -> Iterator[psycopg.Connection]:
    """Raw SQL as the application's role, beside Django's own connection."""
    yield from _connect_as("default")


@pytest.fixture
def owner_connection(transactional_db) -> Iterator[psycopg.Connection]:
    """Raw SQL as the schema's owner: what migrations can do, and the application cannot."""
    yield from _connect_as("owner")


@pytest.fixture
def sequencer_connection(transactional_db) -> Iterator[psycopg.Connection]:
    """Raw SQL as the role that signs the audit log."""
    yield from _connect_as("sequencer")
