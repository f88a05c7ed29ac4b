"""The start-up check finds each thing that must keep the application from serving."""

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from psycopg import sql

from caseapp.checks import GUARDED, check_database, database_problems, refuse_unsafe_database


@contextmanager
def changed(superuser, do, undo):
    web = sql.Identifier(settings.DB_ROLES["web"])
    superuser.execute(sql.SQL(do).format(web))
    try:
        yield
    finally:
        superuser.execute(sql.SQL(undo).format(web))


@pytest.fixture
def superuser(owner_connection):
    owner_connection.execute("RESET ROLE")
    owner_connection.execute("SET ROLE NONE")
    return owner_connection


@pytest.mark.django_db
def test_own_database_is_fit_to_serve():
    assert database_problems() == []
    assert check_database(None, databases=["default"]) == []


def test_right_to_change_the_log_is_found(superuser, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with changed(superuser, "GRANT DELETE ON audit_event TO {}", "REVOKE DELETE ON audit_event FROM {}"):
        assert database_problems() == ["the application may change what must never change: audit_event"]
        with pytest.raises(ImproperlyConfigured, match="audit_event"):
            refuse_unsafe_database()
    refuse_unsafe_database()


def test_log_whose_trigger_is_off_is_found(superuser, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    off, on = (f"ALTER TABLE audit_event {word} TRIGGER audit_enqueue /* {{}} */" for word in ("DISABLE", "ENABLE"))
    with changed(superuser, off, on), pytest.raises(ImproperlyConfigured, match="audit_enqueue"):
        refuse_unsafe_database()
    refuse_unsafe_database()


def test_every_row_guard_is_on_the_list(superuser):
    rows = superuser.execute(
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'audit_guard'"
    )
    assert sorted(name for (name,) in rows) == sorted(GUARDED)


def test_row_guard_that_is_off_is_found(superuser, settings, tmp_path):
    """F30."""
    settings.DATA_DIR = tmp_path
    off, on = (f"ALTER TABLE claims_claim {word} TRIGGER audit_guard /* {{}} */" for word in ("DISABLE", "ENABLE"))
    with changed(superuser, off, on), pytest.raises(ImproperlyConfigured, match="audit_guard of claims_claim"):
        refuse_unsafe_database()


@pytest.mark.parametrize(
    ("off", "on"),
    [
        (
            "ALTER TABLE evidence_item DISABLE ROW LEVEL SECURITY /* {} */",
            "ALTER TABLE evidence_item ENABLE ROW LEVEL SECURITY /* {} */",
        ),
        ("CREATE POLICY also ON evidence_item TO {} USING (true)", "DROP POLICY also ON evidence_item /* {} */"),
        (
            "ALTER POLICY own_cases ON evidence_item RENAME TO theirs /* {} */",
            "ALTER POLICY theirs ON evidence_item RENAME TO own_cases /* {} */",
        ),
    ],
)
def test_rows_that_are_not_hidden_are_found(superuser, off, on):
    with changed(superuser, off, on):
        assert database_problems() == ["rows of other cases are not hidden by the database: evidence_item"]
    assert database_problems() == []


def test_policy_that_asks_nothing_is_found(superuser):
    qual, check = superuser.execute(
        "SELECT pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy"
        " WHERE polrelid = 'claims_claim'::regclass"
    ).fetchone()
    superuser.execute("ALTER POLICY own_cases ON claims_claim USING (true)")
    try:
        assert database_problems() == ["rows of other cases are not hidden by the database: claims_claim"]
    finally:
        superuser.execute(f"ALTER POLICY own_cases ON claims_claim USING ({qual}) WITH CHECK ({check})")
    assert database_problems() == []


def test_table_of_its_own_is_found(superuser):
    with changed(superuser, "CREATE TABLE stray (); ALTER TABLE stray OWNER TO {}", "DROP TABLE stray /* {} */"):
        assert [error.msg for error in check_database(None, databases=["default"])] == [
            "the application's database login owns tables"
        ]


def test_lossy_server_is_found(superuser):
    del superuser
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    assert database_problems() == ["the server may lose acknowledged changes: synchronous_commit is off"]
    connection.close()


def test_check_without_databases_asks_none():
    assert check_database(None) == []
