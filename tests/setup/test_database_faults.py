"""What goes wrong below the application: a page that rots on the disk (F23), a migration that breaks off (F27)."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections, migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from psycopg import sql

from caseapp.roles import MAINTENANCE_DATABASE, connect_as_login
from tests.database import PREFIX, ROOT
from tests.factories.cases import make_case

# Within the first page, among the rows.
ROTTEN_BYTE = 6000


def connect_to(name: str) -> psycopg.Connection:
    return connect_as_login(connections.settings["owner"] | {"NAME": name})


@pytest.fixture
def make_database(django_db_setup) -> Iterator[Callable[..., str]]:
    """Makes databases on the tests' server: `make_database(template)` copies files as they are on the disk."""
    made = []

    def make(template: str = "template0") -> str:
        made.append(f"{PREFIX}_rot_{os.getpid()}_{secrets.token_hex(3)}")
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with connect_to(MAINTENANCE_DATABASE) as server:
            server.execute(statement.format(sql.Identifier(made[-1]), sql.Identifier(template)))
        return made[-1]

    yield make
    with connect_to(MAINTENANCE_DATABASE) as server:
        for name in made:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def file_of(database: str, relation: str) -> Path:
    """Where a database that nobody has opened keeps a table, whose path is known from the one it was copied from."""
    with connect_to(MAINTENANCE_DATABASE) as server:
        folder = server.execute("SHOW data_directory").fetchone()[0]
        number = server.execute("SELECT oid FROM pg_database WHERE datname = %s", [database]).fetchone()[0]
    return Path(folder, "base", str(number), Path(relation).name)


@pytest.mark.skipif(not settings.EMBEDDED_DATABASE, reason="needs the files of the server")
def test_page_that_rots_is_an_error_and_never_wrong_data(make_database):
    """F23: one bit of one byte; without checksums PostgreSQL would return the row with another letter."""
    first = make_database()
    with connect_to(first) as inside:
        inside.execute("CREATE TABLE kept AS SELECT n, repeat('x', 100) AS text FROM generate_series(1, 500) n")
        relation = inside.execute("SELECT pg_relation_filepath('kept')").fetchone()[0]
    copy = make_database(first)
    with file_of(copy, relation).open("r+b") as file:
        file.seek(ROTTEN_BYTE)
        whole = file.read(1)
        file.seek(ROTTEN_BYTE)
        file.write(bytes([whole[0] ^ 1]))
    with connect_to(copy) as rotten, pytest.raises(psycopg.errors.DataCorrupted, match="invalid page in block 0"):
        rotten.execute("SELECT count(*) FROM kept WHERE text = repeat('x', 100)")
    with connect_to(first) as sound:
        assert sound.execute("SELECT count(*) FROM kept WHERE text = repeat('x', 100)").fetchone() == (500,)


def fail(apps, editor) -> None:
    raise RuntimeError("the lights went out")


class Halfway(migrations.Migration):
    """Changes the schema and rows, then breaks off."""

    operations = [
        migrations.RunSQL("CREATE TABLE halfway (id int)"),
        migrations.RunSQL("ALTER TABLE cases_case ADD COLUMN halfway int NOT NULL DEFAULT 1"),
        migrations.RunSQL("DELETE FROM cases_user WHERE false"),
        migrations.RunPython(fail),
    ]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_migration_that_breaks_off_leaves_no_trace_and_the_application_goes_on():
    """F27."""
    case = make_case(ref="STANDS-1")
    executor = MigrationExecutor(connections["owner"])
    with pytest.raises(RuntimeError, match="the lights went out"):
        executor.apply_migration(executor.loader.project_state(), Halfway("9999_halfway", "cases"))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """SELECT to_regclass('halfway') IS NULL,
                      NOT EXISTS (SELECT FROM information_schema.columns WHERE column_name = 'halfway'),
                      NOT EXISTS (SELECT FROM django_migrations WHERE name = '9999_halfway')"""
        )
        assert cursor.fetchone() == (True, True, True)
    client = Client()
    client.force_login(case.lead)
    assert client.get("/healthz").status_code == 200
    assert "STANDS-1" in client.get("/cases/").text


def test_every_migration_of_ours_is_one_transaction():
    """F27: one that is not could stop halfway for good."""
    ours = {
        name: migration
        for name, migration in MigrationLoader(None).disk_migrations.items()
        if (ROOT / name[0] / "migrations").is_dir()
    }
    assert len(ours) > 20
    assert [name for name, migration in ours.items() if not migration.atomic] == []
