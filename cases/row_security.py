"""The second wall behind `visible_to`: PostgreSQL itself shows a person only the rows of their cases.

Each connection carries `app.uid`: a user's id while a request of theirs is served, `system` in jobs and commands,
nothing otherwise. Without it the web role sees no case row at all. The owner role, which cannot sign in, is exempt:
the functions below must read memberships to decide (docs/adr/0006-row-level-security.md).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import Error, connection, migrations

SYSTEM = "system"
NOBODY = ""
POLICY = "own_cases"
# The log is of `audit`, which knows no cases: its policies stand in a migration of this package.
LOG = ("audit_event", "audit_payload")
# Tables without a case of their own: rows are seen through another row that has one, or by their owner alone.
SEEN_THROUGH = (
    "evidence_textlayer",
    "evidence_derivative",
    "evidence_fixitycheck",
    "evidence_downloadticket",
    "evidence_frame",
    "evidence_fingerprint",
    "evidence_packedprint",
    "evidence_mediascan",
    "evidence_mediareport",
    "evidence_matchjudgement",
    "search_savedsearch",
)

# A case is written before anyone is its member: until then it is its lead's, and never again. The first two are read by
# parallel plans, as of the log when it is verified: they only read.
_FUNCTIONS = """
CREATE FUNCTION app_uid() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN current_setting('app.uid', true) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN current_setting('app.uid', true)::uuid END
$$;
CREATE FUNCTION app_case_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.case_id FROM cases_membership m WHERE m.user_id = app_uid() AND m.ended_at IS NULL
    UNION
    SELECT c.id FROM cases_case c
    WHERE c.lead_id = app_uid() AND NOT EXISTS (SELECT FROM cases_membership m WHERE m.case_id = c.id)
$$;
CREATE FUNCTION app_holds_role(person uuid, roles text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM cases_membership m WHERE m.user_id = person AND m.role = ANY (roles) AND m.ended_at IS NULL
    )
$$;
"""
_DROP_FUNCTIONS = "DROP FUNCTION app_holds_role(uuid, text[]), app_case_ids(), app_uid();"
# (SELECT ...) is computed once per statement instead of once per row. The planner takes a bare OR to drop half of the
# rows of every table, and chooses nested loops for what is left; of IS NOT NULL it expects to drop next to none.
_POLICY = f"""
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {POLICY} ON {{table}}
USING (NULLIF({{base}}{{seen}}, false) IS NOT NULL) WITH CHECK ({{base}}{{written}});
"""
_BASE = "(SELECT current_setting('app.uid', true)) = 'system'"
_OWN = " OR {column} IN (SELECT app_case_ids())"
_DROP = f"DROP POLICY {POLICY} ON {{table}}; ALTER TABLE {{table}} DISABLE ROW LEVEL SECURITY;"


# --- migrations


def define_functions() -> migrations.RunSQL:
    return migrations.RunSQL(_FUNCTIONS, _DROP_FUNCTIONS)


def secure_rows(table: str, *, column: str = "case_id", seen: str = "", written: str = "") -> migrations.RunSQL:
    """Migration operation: rows of `table` are seen and written only by members of the case in `column`.

    `seen` and `written` are further conditions, in SQL, each of which lets a row pass by itself.
    """
    own = _OWN.format(column=column)
    return _policy(table, own + _or(seen), own + _or(written))


def secure_rows_through(table: str, *, visible: str, writable: str = "true") -> migrations.RunSQL:
    """Migration operation for rows without a case: seen where the SQL condition `visible` holds for the person."""
    return _policy(table, _or(visible), _or(writable))


def _policy(table: str, seen: str, written: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        _POLICY.format(table=table, base=_BASE, seen=seen, written=written), _DROP.format(table=table)
    )


def _or(condition: str) -> str:
    return f" OR ({condition})" if condition else ""


# --- the connection


def set_actor(uid: str) -> None:
    """Bind the connection to a user's id, to `system`, or to nobody (the empty string)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.uid', %s, false)", [uid])


def release_actor() -> None:
    """Give the connection back as it was opened."""
    if connection.connection is None:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("RESET app.uid")
    except Error:
        # A connection that takes no more orders is not used again; a pool resets what it takes back.
        if not connection.in_atomic_block:
            connection.close()


@contextmanager
def acting_as(uid: str) -> Iterator[None]:
    """Bind the connection for a block; blocks do not nest."""
    # Nobody needs no telling where connections begin as nobody: an anonymous request opens none for it.
    if uid != NOBODY or not _begins_as_nobody():
        set_actor(uid)
    try:
        yield
    finally:
        release_actor()


@contextmanager
def without_connection(uid: str) -> Iterator[None]:
    """Hold no connection for a block that waits for a client; the next one is bound to `uid`, as this one was.

    Inside a transaction the connection stays.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.close()
    try:
        yield
    finally:
        set_actor(uid)


def produced_as(uid: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """`chunks` with the connection bound while they are produced."""
    with acting_as(uid):
        yield from chunks


def _begins_as_nobody() -> bool:
    return f"app.uid={SYSTEM}" not in connection.settings_dict["OPTIONS"].get("options", "")


# --- questions


def holds_role(user, roles: Iterable[str]) -> bool:
    """Whether `user` holds one of `roles` in any case, whomever the connection is bound to.

    Who must bring a second factor is decided by it: rows that a forgotten binding hides must not waive that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_holds_role(%s, %s)", [user.pk, [str(role) for role in roles]])
        return cursor.fetchone()[0]


def secured_tables() -> list[str]:
    """Every table that must have row security: those with a case, the cases themselves, and what is seen through them.

    Computed from the models, so that a new model without a policy keeps the application from serving.
    """
    case = apps.get_model("cases", "Case")
    own = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is case
    }
    return sorted({case._meta.db_table, *own, *SEEN_THROUGH, *LOG})
