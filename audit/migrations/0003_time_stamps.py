"""Time stamps of checkpoints by an outside authority (RFC 3161), in a table of their own.

A checkpoint never changes, and its time stamp comes later: so the columns that were meant for it go.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = """
CREATE TABLE audit_timestamp (
    size bigint PRIMARY KEY REFERENCES audit_checkpoint (size),
    response bytea NOT NULL CHECK (length(response) < 65536),
    stamped_at timestamptz NOT NULL,
    authority text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_timestamp
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
REVOKE ALL ON audit_timestamp FROM PUBLIC, {web}, {sequencer};
GRANT SELECT, INSERT (size, response, stamped_at, authority) ON audit_timestamp TO {web};
ALTER TABLE audit_timestamp OWNER TO {audit_owner};
ALTER TABLE audit_checkpoint DROP COLUMN tsr, DROP COLUMN ots;
"""
BACK = "DROP TABLE audit_timestamp; ALTER TABLE audit_checkpoint ADD COLUMN tsr bytea, ADD COLUMN ots bytea;"


def forwards(apps, schema_editor):
    quote = schema_editor.connection.ops.quote_name
    roles = {name: quote(role) for name, role in settings.DB_ROLES.items()}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TABLE.format(**roles))


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, lambda apps, editor: editor.execute(BACK))],
            state_operations=[
                migrations.RemoveField("checkpoint", "tsr"),
                migrations.RemoveField("checkpoint", "ots"),
                migrations.CreateModel(
                    name="TimeStamp",
                    fields=[
                        (
                            "checkpoint",
                            models.OneToOneField(
                                db_column="size",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                primary_key=True,
                                related_name="time_stamp",
                                serialize=False,
                                to="audit.checkpoint",
                            ),
                        ),
                        ("response", models.BinaryField()),
                        ("stamped_at", models.DateTimeField()),
                        ("authority", models.TextField()),
                    ],
                    options={"db_table": "audit_timestamp"},
                ),
            ],
        )
    ]
