"""The second wall behind `visible_to`: PostgreSQL itself shows a person only the rows of their cases.

Each connection carries `app.uid`: a user's id while a request of theirs is served, `system` in jobs and commands,
nothing otherwise. Without it the web role sees no case row at all. The owner role, which cannot sign in, is exempt:
the function below must read memberships to decide.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection, migrations

SYSTEM = "system"

CASE_IDS = """
CREATE FUNCTION app_case_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.case_id FROM cases_membership m
    WHERE m.ended_at IS NULL AND m.user_id::text = current_setting('app.uid', true)
    UNION
    SELECT c.id FROM cases_case c WHERE c.lead_id::text = current_setting('app.uid', true)
$$;
"""
# The lead stands beside the members because the first membership of a new case is written by its lead. A case is
# written before anyone is its member, so its own row is checked against its lead.
_POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_cases ON {table} USING (
    (SELECT current_setting('app.uid', true)) = 'system' OR {column} IN (SELECT app_case_ids()) {more}
);
"""
_DROP = "DROP POLICY own_cases ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"


def define_case_ids() -> migrations.RunSQL:
    return migrations.RunSQL(CASE_IDS, "DROP FUNCTION app_case_ids();")


def secure_rows(table: str, *, column: str = "case_id", more: str = "") -> migrations.RunSQL:
    """Migration operation: rows of `table` are seen and written only by members of the case in `column`."""
    return migrations.RunSQL(
        _POLICY.format(table=table, column=column, more=f"OR {more}" if more else ""), _DROP.format(table=table)
    )


def set_actor(uid: str) -> None:
    """Bind the connection to a user's id, to `system`, or to nobody (the empty string)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.uid', %s, false)", [uid])


@contextmanager
def acting_as(uid: str) -> Iterator[None]:
    """Bind the connection for a block and give it back as it was opened."""
    set_actor(uid)
    try:
        yield
    finally:
        # Where this fails the connection itself is gone, and with it the binding.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("RESET app.uid")
