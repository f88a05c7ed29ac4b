"""The tables of the audit log, their triggers and their rights (AUDIT.md 2.1).

Written in SQL, because identity ALWAYS, xid8, SECURITY DEFINER and rights by column are what makes the log hold.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = """
CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    entry bytea NOT NULL CHECK (length(entry) < 65536),
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    case_id uuid,
    object text NOT NULL,
    object_seq bigint NOT NULL CHECK (object_seq > 0),
    request_id text NOT NULL,
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT audit_event_object_seq UNIQUE (object, object_seq)
);
CREATE INDEX audit_event_case ON audit_event (case_id, id);
CREATE INDEX audit_event_actor ON audit_event (actor, id);
CREATE INDEX audit_event_row_changed ON audit_event (id) WHERE action = 'row_changed';
-- What the row guard looks up at each commit.
CREATE INDEX audit_event_xact ON audit_event (xact) WHERE action <> 'row_changed';

CREATE TABLE audit_payload (
    event_id uuid PRIMARY KEY,
    salt bytea NOT NULL CHECK (length(salt) = 32),
    body bytea NOT NULL,
    sealable boolean NOT NULL DEFAULT true
);
CREATE TABLE audit_pending (id bigint PRIMARY KEY);
CREATE TABLE audit_leaf (
    idx bigint PRIMARY KEY CHECK (idx >= 0),
    id bigint NOT NULL UNIQUE,
    leaf bytea NOT NULL CHECK (length(leaf) = 32)
);
CREATE TABLE audit_checkpoint (
    size bigint PRIMARY KEY CHECK (size > 0),
    note text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- By an outside authority (RFC 3161). In a table of its own: a checkpoint never changes, and its time stamp comes later.
CREATE TABLE audit_timestamp (
    size bigint PRIMARY KEY REFERENCES audit_checkpoint (size),
    response bytea NOT NULL CHECK (length(response) < 65536),
    stamped_at timestamptz NOT NULL,
    authority text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
"""

FUNCTIONS = r"""
CREATE FUNCTION audit_enqueue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $body$
BEGIN
    INSERT INTO audit_pending (id) VALUES (NEW.id);
    RETURN NULL;
END $body$;

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'rows of % never change: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $body$;

-- A payload goes only with the event that says by whose order it went, in one transaction.
CREATE FUNCTION audit_refuse_payload_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, {schema}, pg_temp AS $body$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.sealable THEN
        PERFORM FROM audit_event
        WHERE xact = pg_current_xact_id() AND action = 'payload_sealed' AND object = 'event:' || OLD.event_id;
        IF FOUND THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % never change: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $body$;

-- Every value as text: numbers and times in JSON would not be canonical.
CREATE FUNCTION audit_row_json(row_data jsonb, hidden text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, {schema}, pg_temp AS $body$
    SELECT CASE WHEN row_data IS NULL THEN 'null' ELSE (
        SELECT '{{' || coalesce(string_agg(
            to_json(key)::text || ':' || CASE
                WHEN value IS NULL THEN 'null'
                WHEN key = ANY (hidden) THEN '"hidden"'
                ELSE to_json(value)::text END,
            ',' ORDER BY key COLLATE "C"), '') || '}}'
        FROM jsonb_each_text(row_data)
    ) END
$body$;
"""

TRIGGERS = """
CREATE TRIGGER audit_enqueue AFTER INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_enqueue();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_leaf
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_payload
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_payload_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_timestamp
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""

# Default privileges of the schema may have given more: everything is taken back before the little is granted.
RIGHTS = """
REVOKE ALL ON audit_event, audit_payload, audit_pending, audit_leaf, audit_checkpoint, audit_timestamp
    FROM PUBLIC, {web}, {sequencer};
REVOKE ALL ON SEQUENCE audit_event_id_seq FROM PUBLIC, {web}, {sequencer};
GRANT SELECT ON audit_event, audit_payload, audit_pending, audit_leaf, audit_checkpoint TO {web};
GRANT SELECT, INSERT (size, response, stamped_at, authority) ON audit_timestamp TO {web};
GRANT SELECT ON audit_event, audit_leaf, audit_checkpoint TO {sequencer};
GRANT SELECT, DELETE ON audit_pending TO {sequencer};
GRANT INSERT ON audit_leaf TO {sequencer};
GRANT INSERT (size, note) ON audit_checkpoint TO {sequencer};
REVOKE ALL ON FUNCTION audit_enqueue(), audit_refuse_change(), audit_refuse_payload_change(),
    audit_row_json(jsonb, text[]) FROM PUBLIC, {web}, {sequencer};
GRANT EXECUTE ON FUNCTION audit_refuse_change() TO {owner};
"""

TABLE_NAMES = ("event", "payload", "pending", "leaf", "checkpoint", "timestamp")
OWNED = [f"TABLE audit_{name}" for name in TABLE_NAMES]
OWNED += [
    f"FUNCTION {name}"
    for name in (
        "audit_enqueue()",
        "audit_refuse_change()",
        "audit_refuse_payload_change()",
        "audit_row_json(jsonb, text[])",
    )
]


def forwards(apps, schema_editor):
    quote = schema_editor.connection.ops.quote_name
    roles = {name: quote(role) for name, role in settings.DB_ROLES.items()}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = quote(cursor.fetchone()[0])
        cursor.execute(TABLES)
        cursor.execute(FUNCTIONS.format(schema=schema))
        cursor.execute(TRIGGERS)
        cursor.execute(RIGHTS.format(**roles))
        for thing in OWNED:
            cursor.execute(f"ALTER {thing} OWNER TO {roles['audit_owner']}")



class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards)],
            state_operations=[
                migrations.CreateModel(
                    name="Checkpoint",
                    fields=[
                        ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("note", models.TextField()),
                        ("published_at", models.DateTimeField()),
                    ],
                    options={"ordering": ["size"]},
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("event_id", models.UUIDField(unique=True)),
                        ("entry", models.BinaryField()),
                        ("recorded_at", models.DateTimeField()),
                        ("actor", models.TextField()),
                        ("action", models.TextField()),
                        ("case_id", models.UUIDField(null=True)),
                        ("object", models.TextField()),
                        ("object_seq", models.BigIntegerField()),
                        ("request_id", models.TextField()),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["case_id", "id"], name="audit_event_case"),
                            models.Index(fields=["actor", "id"], name="audit_event_actor"),
                            models.Index(
                                condition=models.Q(("action", "row_changed")),
                                fields=["id"],
                                name="audit_event_row_changed",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("object", "object_seq"), name="audit_event_object_seq")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payload",
                    fields=[
                        ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                        ("salt", models.BinaryField()),
                        ("body", models.BinaryField()),
                        ("sealable", models.BooleanField(db_default=True, default=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Pending",
                    fields=[("id", models.BigIntegerField(primary_key=True, serialize=False))],
                ),
                migrations.CreateModel(
                    name="Leaf",
                    fields=[
                        ("idx", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("leaf", models.BinaryField()),
                        (
                            "event",
                            models.OneToOneField(
                                db_column="id",
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                to="audit.event",
                            ),
                        ),
                    ],
                ),
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
