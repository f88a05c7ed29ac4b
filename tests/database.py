"""The tests' own databases: one template per state of the migrations, one copy per test process.

Tests connect as the web role, as the application does, so that missing rights and triggers show. Making and emptying
databases needs a superuser, which the embedded server's login is.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from caseapp.embedded import ensure_server
from caseapp.roles import MAINTENANCE_DATABASE, connect_as_login, ensure_roles

ROOT = Path(__file__).resolve().parents[1]
PREFIX = f"test_{connections.settings['owner']['NAME']}"
# What migrations may import or run besides themselves.
MIGRATED_BY = ("caseapp/roles.py", "caseapp/databases.py", "tests/database.py", "requirements.txt")
PRISTINE = "pristine"
# By the name of the database.
_opened: dict[str, psycopg.Connection] = {}


def prepare_template() -> None:
    """Build the template unless there is one for the migrations as they are."""
    with _alone() as connection:
        _template(connection)


def create_database(worker: str) -> str:
    """A fresh copy of the template, with every alias pointed at it; returns its name."""
    name = f"{PREFIX}_{worker}_{os.getpid()}_{secrets.token_hex(3)}"
    with _alone() as connection:
        _run(connection, "CREATE DATABASE {} TEMPLATE {}", name, _template(connection))
        # A third of the server's time went into the best order of joins, which for a few rows is as good as any other.
        _run(connection, "ALTER DATABASE {} SET join_collapse_limit = 1", name)
    _point_at(name)
    # Rights on a database itself are not copied with it.
    ensure_roles(_alias(name), settings.DB_ROLES, settings.DB_LOGINS)
    return name


def drop_database(name: str) -> None:
    connections.close_all()
    if opened := _opened.pop(name, None):
        opened.close()
    with _maintenance() as connection:
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def another_database() -> Iterator[str]:
    """Point every alias at a name that does not exist yet; afterwards back, and what was made there is dropped."""
    before = connections["owner"].settings_dict["NAME"]
    name = f"{PREFIX}_restored_{os.getpid()}_{secrets.token_hex(3)}"
    _point_at(name)
    try:
        yield name
    finally:
        _point_at(before)
        drop_database(name)


def empty_database() -> None:
    """Take the database back to the state after migrating.

    DELETE with triggers off rather than TRUNCATE: it takes no table locks, which a live server's last request may hold,
    and is ten times faster for the few rows of a test.
    """
    with _as_superuser() as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL lock_timeout = '20s'")
        _refill(connection, PRISTINE)


def keep_rows(schema: str) -> None:
    """Copy what the tables hold now into a schema of this database."""
    with _as_superuser() as connection:
        _copy_tables(connection, schema)


def bring_rows(schema: str) -> None:
    """Put the tables back to what `keep_rows` found in them."""
    with _as_superuser() as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        _refill(connection, schema)


def _copy_tables(connection: psycopg.Connection, schema: str) -> None:
    _run(connection, "CREATE SCHEMA {}", schema)
    for table in _filled_tables(connection):
        _run(connection, "CREATE TABLE {}.{} AS TABLE public.{}", schema, table, table)


def _refill(connection: psycopg.Connection, schema: str) -> None:
    for table in _filled_tables(connection):
        _run(connection, "DELETE FROM public.{}", table)
    for table in _tables(connection, schema):
        _run(connection, "INSERT INTO public.{} OVERRIDING SYSTEM VALUE SELECT * FROM {}.{}", table, schema, table)


def analyse_tables() -> None:
    """Have PostgreSQL count what is committed, as it does by itself in a house that works.

    Only what holds rows: an emptied table would be taken for empty ever after, however much is written into it, and a
    thousand rows be joined with a thousand, row by row. For the same reason nothing counts by itself (_build_template).
    """
    with _as_superuser() as connection:
        for table in _filled_tables(connection):
            _run(connection, "ANALYZE public.{}", table)


def migrations_digest() -> str:
    """Changes whenever a freshly migrated database would look different."""
    digest = hashlib.sha256()
    folders = [Path(app.path) for app in apps.get_app_configs()]
    files = [file for folder in folders for file in folder.glob("migrations/**/*.py")]
    files += [file for folder in folders if folder.is_relative_to(ROOT) for file in folder.glob("models/**/*.py")]
    files += [*(ROOT / "audit").glob("*.py"), *(ROOT / name for name in MIGRATED_BY)]
    for file in sorted(set(files)):
        digest.update(file.read_bytes())
    # The migrated database knows a key derived from the secret.
    digest.update(repr((sorted(settings.DB_ROLES.items()), settings.SECRET_KEY)).encode())
    return digest.hexdigest()[:12]


def _template(connection: psycopg.Connection) -> str:
    """The name of the template for the migrations as they are, which is built where there is none."""
    template = f"{PREFIX}_template_{migrations_digest()}"
    if settings.EMBEDDED_DATABASE:
        _drop_left_over(connection)
    if not _exists(connection, template):
        _build_template(connection, template)
    return template


def _build_template(connection: psycopg.Connection, template: str) -> None:
    """Migrate under another name and rename at the end, so that an interrupted build is never used."""
    draft = f"{template}_draft"
    for name in _names_like(connection, f"{PREFIX}_template_%"):
        _run(connection, "DROP DATABASE {} WITH (FORCE)", name)
    before = connections["owner"].settings_dict["NAME"]
    _point_at(draft)
    try:
        call_command("migrate", verbosity=0)
    finally:
        connections.close_all()
        _point_at(before)
    with connect_as_login(_alias(draft)) as inside:
        _copy_tables(inside, PRISTINE)
        for table in _tables(inside, "public"):
            _run(inside, "ALTER TABLE public.{} SET (autovacuum_enabled = off)", table)
    _run(connection, "ALTER DATABASE {} RENAME TO {}", draft, template)


@contextmanager
def _alone() -> Iterator[psycopg.Connection]:
    """The processes of one run begin together: one builds or copies, the others wait."""
    if settings.EMBEDDED_DATABASE:
        ensure_server(settings.SERVER_DIR)
    with _maintenance() as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
        yield connection


def _drop_left_over(connection: psycopg.Connection) -> None:
    """Databases of test runs that were killed; their names end in the number of their process."""
    for name in _names_like(connection, f"{PREFIX}_%"):
        worker, *rest = name.removeprefix(f"{PREFIX}_").split("_")
        # A template's digest may consist of digits alone, and is no process for all that.
        if worker != "template" and rest and rest[0].isdigit() and not psutil.pid_exists(int(rest[0])):
            _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _names_like(connection: psycopg.Connection, pattern: str) -> list[str]:
    rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern.replace("_", r"\_")])
    return [name for (name,) in rows]


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _tables(connection: psycopg.Connection, schema: str) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [name for (name,) in rows if name != "django_migrations"]


def _filled_tables(connection: psycopg.Connection) -> list[str]:
    probe = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})").format(sql.Literal(name), sql.Identifier(name))
        for name in _tables(connection, "public")
    )
    return [name for (name,) in connection.execute(probe, prepare=True)]


def _alias(name: str) -> dict:
    return connections.settings["owner"] | {"NAME": name}


def _point_at(name: str) -> None:
    """Every alias, in every thread: Django shares one dict of settings per alias."""
    for alias in connections:
        connections[alias].close()
        connections.settings[alias]["NAME"] = name


@contextmanager
def _as_superuser() -> Iterator[psycopg.Connection]:
    """A transaction on the connection that stays open: a new one would read the catalogue of all tables each time."""
    name = connections["owner"].settings_dict["NAME"]
    connection = _opened.get(name)
    if connection is None or not _answers(connection):
        connection = _opened[name] = connect_as_login(_alias(name))
    with connection.transaction():
        yield connection


def _answers(connection: psycopg.Connection) -> bool:
    """Whether it outlived what a test did to its server."""
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        connection.close()
        return False
    return True


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection]:
    with connect_as_login(_alias(MAINTENANCE_DATABASE)) as connection:
        yield connection


def _run(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
