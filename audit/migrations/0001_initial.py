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
    tsr bytea,
    ots bytea,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp()
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

-- Arguments: object type, primary key column, case column, hidden columns. Runs at commit; see audit/triggers.py.
CREATE FUNCTION audit_guard_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $body$
DECLARE
    old_row jsonb;
    new_row jsonb;
    some_row jsonb;
    object_name text;
    case_text text;
    case_uuid uuid;
    head_seq bigint;
    head_leaf text;
    moment timestamptz;
    event_uuid uuid;
    salt bytea;
    body bytea;
    entry bytea;
BEGIN
    PERFORM FROM audit_event WHERE xact = pg_current_xact_id() AND action <> 'row_changed' LIMIT 1;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        old_row := to_jsonb(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_row := to_jsonb(NEW);
    END IF;
    IF old_row = new_row THEN
        RETURN NULL;
    END IF;
    some_row := coalesce(old_row, new_row);
    object_name := TG_ARGV[0] || ':' || left(some_row ->> TG_ARGV[1], 128);
    case_text := coalesce(new_row ->> TG_ARGV[2], old_row ->> TG_ARGV[2]);
    IF case_text ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN
        case_uuid := case_text::uuid;
    END IF;

    PERFORM pg_advisory_xact_lock(hashtextextended('audit:' || object_name, 0));
    SELECT e.object_seq, encode(sha256('\x00'::bytea || e.entry), 'hex') INTO head_seq, head_leaf
    FROM audit_event e WHERE e.object = object_name ORDER BY e.object_seq DESC LIMIT 1;
    head_seq := coalesce(head_seq, 0) + 1;
    moment := clock_timestamp();
    event_uuid := encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send(floor(extract(epoch FROM moment) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid;
    salt := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
    body := convert_to(
        '{{"after":' || audit_row_json(new_row, TG_ARGV[3:])
        || ',"before":' || audit_row_json(old_row, TG_ARGV[3:])
        || ',"operation":"' || lower(TG_OP)
        || '","table":' || to_json(TG_TABLE_NAME::text) || '}}', 'UTF8');
    entry := convert_to(
        '{{"action":"row_changed","actor":' || to_json('db:' || session_user)
        || ',"actor_auth":{{"mfa":null,"session":null}},"case":' || coalesce(to_json(case_uuid::text)::text, 'null')
        || ',"event_id":"' || event_uuid || '","evidence":[],"ip_hash":null,"object":' || to_json(object_name)
        || ',"object_prev":' || coalesce('"' || head_leaf || '"', 'null')
        || ',"object_seq":' || head_seq
        || ',"on_behalf_of":null,"payload_sha256":"' || encode(sha256(salt || body), 'hex')
        || '","reason":"","recorded_at":"' || to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","request_id":"","v":1}}', 'UTF8');
    INSERT INTO audit_event (event_id, entry, recorded_at, actor, action, case_id, object, object_seq, request_id)
    VALUES (event_uuid, entry, moment, 'db:' || session_user, 'row_changed', case_uuid, object_name, head_seq, '');
    INSERT INTO audit_payload (event_id, salt, body) VALUES (event_uuid, salt, body);
    RETURN NULL;
END $body$;
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
"""

# Default privileges of the schema may have given more: everything is taken back before the little is granted.
# INSERT by column: nobody can choose the number or the transaction of an event, OVERRIDING SYSTEM VALUE included.
RIGHTS = """
REVOKE ALL ON audit_event, audit_payload, audit_pending, audit_leaf, audit_checkpoint
    FROM PUBLIC, {web}, {sequencer};
REVOKE ALL ON SEQUENCE audit_event_id_seq FROM PUBLIC, {web}, {sequencer};
GRANT SELECT ON audit_event, audit_payload, audit_pending, audit_leaf, audit_checkpoint TO {web};
GRANT INSERT (event_id, entry, recorded_at, actor, action, case_id, object, object_seq, request_id)
    ON audit_event TO {web};
GRANT INSERT (event_id, salt, body) ON audit_payload TO {web};
GRANT SELECT ON audit_event, audit_leaf, audit_checkpoint TO {sequencer};
GRANT SELECT, DELETE ON audit_pending TO {sequencer};
GRANT INSERT ON audit_leaf TO {sequencer};
GRANT INSERT (size, note, tsr, ots) ON audit_checkpoint TO {sequencer};
REVOKE ALL ON FUNCTION audit_enqueue(), audit_guard_row(), audit_refuse_change(), audit_refuse_payload_change(),
    audit_row_json(jsonb, text[]) FROM PUBLIC, {web}, {sequencer};
GRANT EXECUTE ON FUNCTION audit_guard_row(), audit_refuse_change() TO {owner};
"""

OWNED = ["TABLE " + name for name in ("audit_event", "audit_payload", "audit_pending", "audit_leaf", "audit_checkpoint")]
OWNED += [
    f"FUNCTION {name}"
    for name in (
        "audit_enqueue()",
        "audit_guard_row()",
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


def backwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for thing in OWNED:
            cursor.execute(f"DROP {thing} CASCADE")


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, backwards)],
            state_operations=[
                migrations.CreateModel(
                    name="Checkpoint",
                    fields=[
                        ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("note", models.TextField()),
                        ("tsr", models.BinaryField(null=True)),
                        ("ots", models.BinaryField(null=True)),
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
            ],
        )
    ]
