"""What the application's database role may and may not do."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_application_connects_as_a_role_that_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == (settings.DB_ROLES["web"], settings.DB_ROLES["web"])
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE cases_case CASCADE",
        "DROP TABLE cases_case",
        "ALTER TABLE cases_case DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY cases_case TO PROGRAM 'true'",
    ],
)
def test_web_role_is_refused(web_connection, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_connection.execute(statement)


@pytest.mark.parametrize("role", ["owner", "audit_owner"])
def test_web_role_cannot_become(web_connection, role):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_connection.execute(f"SET ROLE {settings.DB_ROLES[role]}")


def test_web_role_waits_no_longer_than_its_limits(web_connection):
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    limits = [web_connection.execute(f"SHOW {name}").fetchone()[0] for name in names]
    assert limits == ["5s", "30s", "1min"]


def test_owner_and_sequencer_are_themselves(owner_connection, sequencer_connection):
    names = [c.execute("SELECT current_user").fetchone()[0] for c in (owner_connection, sequencer_connection)]
    assert names == [settings.DB_ROLES["owner"], settings.DB_ROLES["sequencer"]]
