"""Operations for the migrations of other packages: rows that leave a trace, and rows that never change.

A migration that uses them depends on ("audit", "0002_append"), where their functions are made.
"""

import re
from collections.abc import Sequence

from django.db import migrations

_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")


def guard_rows(
    table: str,
    *,
    object_type: str | None = None,
    pk: str = "id",
    case_column: str = "case_id",
    hide: Sequence[str] = (),
) -> migrations.RunSQL:
    """Make every change of `table` leave an event, whoever makes it and however.

    At commit a row changed by a transaction without any event of its own gets a `row_changed` event with actor
    `db:<login>`. Its object is "<object_type>:<pk>"; the type defaults to Django's model name (claims_claim ->
    claim), so that the event shows in the object's own history. Columns in `hide` are kept out of the payload.
    """
    kind = object_type or table.split("_", 1)[-1].replace("_", "")
    arguments = [kind, pk, case_column, *hide]
    _check(table, *arguments)
    texts = ", ".join(f"'{argument}'" for argument in arguments)
    return migrations.RunSQL(
        f"""CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE OR DELETE ON "{table}"
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard_row({texts})""",
        f'DROP TRIGGER audit_guard ON "{table}"',
    )


def append_only(table: str) -> migrations.RunSQL:
    """Make PostgreSQL refuse UPDATE and DELETE of the rows of `table`, whoever asks.

    TRUNCATE has no trigger, because tests empty tables with it: the right is simply granted to nobody.
    """
    _check(table)
    return migrations.RunSQL(
        f"""CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()""",
        f'DROP TRIGGER audit_append_only ON "{table}"',
    )


def _check(*names: str) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a plain lower-case SQL name")
