"""The database, its four roles and what each may do: made before the first migration, confirmed after each."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

MAINTENANCE_DATABASE = "postgres"


def connect_as_login(alias: Mapping[str, Any], database: str | None = None) -> psycopg.Connection:
    """An autocommit connection as the login of `alias` itself, without the role that Django's alias takes on."""
    options = {key: value for key, value in alias["OPTIONS"].items() if key not in {"options", "pool"}}
    return psycopg.connect(
        dbname=database or alias["NAME"],
        user=alias["USER"] or None,
        password=alias["PASSWORD"] or None,
        host=alias["HOST"] or None,
        port=alias["PORT"] or None,
        autocommit=True,
        **options,
    )


def ensure_database(alias: Mapping[str, Any]) -> None:
    """Create the database of `alias` unless it is there."""
    try:
        connect_as_login(alias).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
        with connect_as_login(alias, MAINTENANCE_DATABASE) as connection:
            # TEMPLATE template0: the encoding must not depend on how the server was set up.
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(alias["NAME"]))
            )


def ensure_roles(alias: Mapping[str, Any], roles: Mapping[str, str], logins: Mapping[str, tuple[str, str]]) -> None:
    """Create missing roles and hand the schema to the owner.

    `logins` gives role -> (login, password) for `web` and `sequencer`; a login the operator made is left as it is.
    """
    with connect_as_login(alias) as connection, connection.transaction():
        # Two set-ups on one server would otherwise race for the same catalogue rows.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('caseapp roles'))")
        for role in ("owner", "audit_owner"):
            _create_role(connection, roles[role], "NOLOGIN", "")
        for role, (login, password) in logins.items():
            _create_role(connection, login, "LOGIN", password)
            if login != roles[role]:
                _create_role(connection, roles[role], "NOLOGIN", "")
                _run(connection, "GRANT {} TO {}", roles[role], login)
        _run(connection, "GRANT {} TO CURRENT_USER", roles["owner"])
        _run(connection, "GRANT {} TO {}", roles["audit_owner"], roles["owner"])
        _grant_database(connection, alias["NAME"], roles)


def _create_role(connection: psycopg.Connection, name: str, kind: str, password: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        return
    secret = sql.SQL(" PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
    connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), sql.SQL(kind)) + secret)


def _grant_database(connection: psycopg.Connection, database: str, roles: Mapping[str, str]) -> None:
    owner, web = roles["owner"], roles["web"]
    _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
    _run(connection, "GRANT CONNECT ON DATABASE {} TO {}, {}", database, web, roles["sequencer"])
    _run(connection, "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {}", database, owner)
    _run(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    _run(connection, "GRANT USAGE, CREATE ON SCHEMA public TO {}, {}", owner, roles["audit_owner"])
    _run(connection, "GRANT USAGE ON SCHEMA public TO {}, {}", web, roles["sequencer"])
    # What migrations create from now on; the audit package takes back what its own tables must not allow.
    defaults = "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT "
    _run(connection, defaults + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}", owner, web)
    _run(connection, defaults + "USAGE, SELECT ON SEQUENCES TO {}", owner, web)


def protect_bookkeeping(alias: Mapping[str, Any], roles: Mapping[str, str]) -> None:
    """After a migration: the web role may read which migrations ran, and not write it."""
    with connect_as_login(alias) as connection:
        _run(connection, "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}", roles["web"])


def _run(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
