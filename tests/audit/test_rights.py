"""What each database role may do to the log: the web role adds, the sequencer seals, nobody changes."""

import psycopg
import pytest
from django.conf import settings

COLUMNS = {
    "audit_event": "actor",
    "audit_payload": "body",
    "audit_leaf": "leaf",
    "audit_checkpoint": "note",
    "audit_pending": "id",
}
INSERT = "INSERT INTO audit_event ({}event_id, entry, recorded_at, actor, action, object, object_seq, request_id{}) "
VALUES = "VALUES ({}gen_random_uuid(), 'x', now(), 'a', 'b', 'c:d', 1, ''{})"

APPEND = """SELECT o_object_seq FROM audit_append(gen_random_uuid(), {actor}, {action}, 'c:d', NULL, '', '{{}}', '',
            NULL, NULL, NULL, NULL, NULL, NULL)"""

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {0} SET {1} = {1}",
        "DELETE FROM {0}",
        "TRUNCATE {0}",
        "ALTER TABLE {0} ADD COLUMN x int",
        "ALTER TABLE {0} DISABLE TRIGGER ALL",
        "ALTER TABLE {0} OWNER TO CURRENT_USER",
        "DROP TABLE {0}",
        "CREATE TRIGGER x BEFORE INSERT ON {0} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE x AS ON INSERT TO {0} DO INSTEAD NOTHING",
    ],
)
def test_web_role_cannot_change_the_log(web_connection, table, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_connection.execute(statement.format(table, COLUMNS[table]))


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SELECT setval('audit_event_id_seq', 1)",
        "SELECT nextval('audit_event_id_seq')",
        "INSERT INTO audit_leaf VALUES (0, 1, sha256('x'))",
        "INSERT INTO audit_checkpoint (size, note) VALUES (1, 'x')",
        "INSERT INTO audit_pending VALUES (1)",
        "INSERT INTO audit_payload VALUES (gen_random_uuid(), sha256('x'), 'x', false)",
        INSERT.format("id, ", "") + "OVERRIDING SYSTEM VALUE " + VALUES.format("99, ", ""),
        INSERT.format("", "") + VALUES.format("", ""),
        "INSERT INTO audit_payload (event_id, salt, body) VALUES (gen_random_uuid(), sha256('x'), 'x')",
        APPEND.format(actor="'user:x'", action="'a_b'").replace("audit_append", "audit_append_any"),
        "CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TEMPORARY TABLE x (id int)",
        "CREATE OR REPLACE FUNCTION audit_guard_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "DROP FUNCTION audit_guard_row() CASCADE",
        "SELECT audit_row_json('{}', '{}')",
        f"SET ROLE {settings.DB_ROLES['audit_owner']}",
        f"SET ROLE {settings.DB_ROLES['owner']}",
        f"SET ROLE {settings.DB_ROLES['sequencer']}",
    ],
)
def test_web_role_cannot_go_round_the_log(web_connection, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_connection.execute(statement)


def test_web_role_appends_by_the_function_alone(web_connection, empty_log):
    append = APPEND.format(actor="'user:x'", action="'a_b'")
    assert [web_connection.execute(append).fetchone() for _ in range(2)] == [(1,), (2,)]
    assert web_connection.execute("SELECT count(*) FROM audit_pending").fetchone() == (2,)


@pytest.mark.parametrize(
    "names", [{"actor": "'db:web'", "action": "'a_b'"}, {"actor": "'user:x'", "action": "'row_changed'"}]
)
def test_web_role_cannot_speak_as_the_row_guard(web_connection, names):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only the row guard"):
        web_connection.execute(APPEND.format(**names))


def test_number_of_an_event_cannot_be_chosen_even_by_its_owner(owner_connection, empty_log):
    with pytest.raises(psycopg.errors.GeneratedAlways):
        owner_connection.execute(INSERT.format("id, ", "") + VALUES.format("99, ", ""))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_pending VALUES (1)",
        "INSERT INTO audit_payload VALUES (gen_random_uuid(), sha256('x'), 'x')",
        "SELECT * FROM audit_payload",
        "UPDATE audit_event SET actor = 'x'",
        "UPDATE audit_leaf SET leaf = leaf",
        "UPDATE audit_checkpoint SET note = 'x'",
        "DELETE FROM audit_event",
        "DELETE FROM audit_leaf",
        "DELETE FROM audit_checkpoint",
        "TRUNCATE audit_pending",
        INSERT.format("", "") + VALUES.format("", ""),
        "SET session_replication_role = replica",
    ],
)
def test_sequencer_only_seals(sequencer_connection, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sequencer_connection.execute(statement)


@pytest.mark.parametrize("table", [table for table in COLUMNS if table != "audit_pending"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_triggers_refuse_even_the_owner(write, sequencer, owner_connection, table, statement):
    write(1)
    sequencer.run_once()
    with pytest.raises(psycopg.errors.RestrictViolation, match=f"rows of {table} never change"):
        owner_connection.execute(statement.format(table, COLUMNS[table]))
