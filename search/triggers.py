"""Operations for migrations: tables whose changes are noted for the index, in the change's own transaction.

Triggers, because the packages to the left of this one must not know it, and because SQL that passes by the
application is noted too (docs/adr/0014-what-changed-is-noted-by-triggers.md). A notice on CHANNEL wakes the worker when
the transaction commits, and not before.
"""

from django.db import migrations

CHANNEL = "search_outbox"
_NOTE = """
INSERT INTO search_outbox (case_id, what, object_id, hides, at, attempts, problem)
SELECT {row}.{case}, '{what}', {row}.{column}, {hides}, clock_timestamp(), 0, '' WHERE {row}.{column} IS NOT NULL;"""


def note_changes(
    table: str, *targets: tuple[str, str], case_column: str = "case_id", also: str = ""
) -> migrations.RunSQL:
    """Note each change of a row of `table`.

    `targets` are pairs of a name in `search.kinds.SEARCHABLES` and the column that holds the id of its row. What is
    deleted is hidden at once. `also` is SQL that runs after each update.
    """
    function = f"search_note_{table}"
    old = "".join(_note("OLD", what, column, case_column, "TG_OP = 'DELETE'") for what, column in targets)
    new = "".join(_note("NEW", what, column, case_column, "false") for what, column in targets)
    return migrations.RunSQL(
        f"""CREATE FUNCTION {function}() RETURNS trigger
            LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$
            BEGIN
                IF TG_OP <> 'INSERT' THEN {_changed(old, targets)} END IF;
                IF TG_OP <> 'DELETE' THEN {new} END IF;
                IF TG_OP = 'UPDATE' THEN {also or "NULL;"} END IF;
                PERFORM pg_notify('{CHANNEL}', '');
                RETURN NULL;
            END $body$;
            CREATE TRIGGER search_note AFTER INSERT OR UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION {function}();""",
        f"DROP TRIGGER search_note ON {table}; DROP FUNCTION {function}();",
    )


def note_dependents(table: str, condition: str, *found: tuple[str, str], event: str = "UPDATE") -> migrations.RunSQL:
    """Note what shows something of a row of `table` whenever `condition` holds of an `event`: of OLD and NEW.

    `found` are pairs of a name in `search.kinds.SEARCHABLES` and SQL that gives the case and the id of each of its rows
    that shows the row NEW.
    """
    function = f"search_note_shown_{table}"
    notes = "".join(
        f"""
            INSERT INTO search_outbox (case_id, what, object_id, hides, at, attempts, problem)
            SELECT DISTINCT shown.case_id, '{what}', shown.id, false, clock_timestamp(), 0, ''
            FROM ({sql}) shown (case_id, id);"""  # noqa: S608
        for what, sql in found
    )
    return migrations.RunSQL(
        f"""CREATE FUNCTION {function}() RETURNS trigger
            LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$
            BEGIN {notes}
                PERFORM pg_notify('{CHANNEL}', '');
                RETURN NULL;
            END $body$;
            CREATE TRIGGER search_note_shown AFTER {event} ON {table}
                FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {function}();""",
        f"DROP TRIGGER search_note_shown ON {table}; DROP FUNCTION {function}();",
    )


def _note(row: str, what: str, column: str, case: str, hides: str) -> str:
    # Only the row itself is gone with it; what it belonged to is read again.
    gone = hides if column == "id" else "false"
    return _NOTE.format(row=row, what=what, column=column, case=case, hides=gone)


def _changed(notes: str, targets: tuple[tuple[str, str], ...]) -> str:
    """What a row was is noted where it is gone, or belonged to another: what it is now is noted anyway."""
    same = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for _, column in targets)
    return f"IF TG_OP = 'DELETE' OR NOT ({same}) THEN {notes} END IF;"
