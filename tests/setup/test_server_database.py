"""`DATABASE_URL`: an installation on a server, set up by a login that may create roles and databases and no more."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from caseapp.databases import role_names
from caseapp.roles import MAINTENANCE_DATABASE, connect_as_login
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(transactional_db):
    """The test server, as its administrator."""
    with connect_as_login(connections["owner"].settings_dict, MAINTENANCE_DATABASE) as connection:
        yield connection


@pytest.fixture
def url(server) -> Iterator[str]:
    """A login of an operator, and the name of a database that is not there yet."""
    name = f"office_{secrets.token_hex(3)}"
    operator = f"{name}_operator"
    server.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB").format(sql.Identifier(operator)))
    socket = connections["owner"].settings_dict["HOST"]
    yield f"postgresql://{operator}@/{name}?host={socket}"
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    for role in [*role_names(name).values(), operator]:
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def manage(folder: Path, url: str, *arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "caseapp.settings",
        "ENVIRONMENT": "development",
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def test_server_is_set_up_twice_with_roles_of_its_own(tmp_path, server, url):
    for _ in range(2):
        made = manage(tmp_path, url, "migrate", "--verbosity", "0")
        assert (made.returncode, made.stderr) == (0, "")
    fit = manage(tmp_path, url, "check", "--database", "default")
    assert fit.returncode == 0, fit.stderr
    assert not (tmp_path / "postgres").exists()
    assert {path.name for path in (tmp_path / "keys").iterdir()} >= {"web_password", "sequencer_password"}
    passwords = [(tmp_path / "keys" / f"{role}_password").read_text() for role in ("web", "sequencer")]
    assert len(set(passwords)) == 2


def test_table_made_by_a_later_migration_belongs_to_the_owner_role(owner_connection):
    owner_connection.execute("CREATE TABLE later (id int)")
    row = owner_connection.execute(
        "SELECT tableowner, has_table_privilege(%s, 'later', 'INSERT'), has_table_privilege(%s, 'later', 'TRUNCATE') "
        "FROM pg_tables WHERE tablename = 'later'",
        [settings.DB_ROLES["web"]] * 2,
    ).fetchone()
    owner_connection.execute("DROP TABLE later")
    assert row == (settings.DB_ROLES["owner"], True, False)
