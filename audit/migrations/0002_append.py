"""Events are appended by one function of the database; the web role has no right to insert.

So nobody who speaks as the application can choose the number, the time or the chain of an event, nor make the index
columns differ from the entry; and one call takes the place of four (docs/adr has the figures). An event takes its place
in the chain of its object by the unique (object, object_seq): who finds it taken waits until the other's transaction
ends, because the index makes him wait, and then reads the head anew (docs/adr/0018).
"""

from django.conf import settings
from django.db import migrations

ARGUMENTS = """
    p_event_id uuid, p_actor text, p_action text, p_object text, p_case_id uuid, p_reason text, p_evidence text[],
    p_request_id text, p_session text, p_mfa boolean, p_on_behalf_of text, p_ip_hash text, p_salt bytea, p_body bytea,
    OUT o_id bigint, OUT o_recorded_at timestamptz, OUT o_object_seq bigint, OUT o_entry bytea"""
TYPES = "uuid, text, text, text, uuid, text, text[], text, text, boolean, text, text, bytea, bytea"

FUNCTIONS = r"""
-- The keys stand in the order in which audit/canonical.py sorts them. READ COMMITTED: each turn of the loop reads the
-- head by a statement of its own, so that it sees what the one who had the place committed.
CREATE FUNCTION audit_append_any({arguments})
LANGUAGE plpgsql SET search_path = pg_catalog, {schema}, pg_temp AS $body$
DECLARE
    head_leaf text;
BEGIN
    LOOP
        SELECT e.object_seq, encode(sha256('\x00'::bytea || e.entry), 'hex') INTO o_object_seq, head_leaf
        FROM audit_event e WHERE e.object = p_object ORDER BY e.object_seq DESC LIMIT 1;
        o_object_seq := coalesce(o_object_seq, 0) + 1;
        o_recorded_at := clock_timestamp();
        o_entry := convert_to(
            '{{"action":' || to_json(p_action) || ',"actor":' || to_json(p_actor)
            || ',"actor_auth":{{"mfa":' || coalesce(p_mfa::text, 'null')
            || ',"session":' || coalesce(to_json(p_session)::text, 'null')
            || '}},"case":' || coalesce('"' || p_case_id || '"', 'null')
            || ',"event_id":"' || p_event_id
            || '","evidence":' || array_to_json(p_evidence)
            || ',"ip_hash":' || coalesce(to_json(p_ip_hash)::text, 'null')
            || ',"object":' || to_json(p_object)
            || ',"object_prev":' || coalesce('"' || head_leaf || '"', 'null')
            || ',"object_seq":' || o_object_seq
            || ',"on_behalf_of":' || coalesce(to_json(p_on_behalf_of)::text, 'null')
            || ',"payload_sha256":' || coalesce('"' || encode(sha256(p_salt || p_body), 'hex') || '"', 'null')
            || ',"reason":' || to_json(p_reason)
            || ',"recorded_at":"' || to_char(o_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","request_id":' || to_json(p_request_id) || ',"v":1}}', 'UTF8');
        INSERT INTO audit_event (event_id, entry, recorded_at, actor, action, case_id, object, object_seq, request_id)
        VALUES (p_event_id, o_entry, o_recorded_at, p_actor, p_action, p_case_id, p_object, o_object_seq, p_request_id)
        ON CONFLICT (object, object_seq) DO NOTHING
        RETURNING id INTO o_id;
        EXIT WHEN FOUND;
    END LOOP;
    IF p_body IS NOT NULL THEN
        INSERT INTO audit_payload (event_id, salt, body) VALUES (p_event_id, p_salt, p_body);
    END IF;
END $body$;

CREATE FUNCTION audit_append({arguments})
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $body$
BEGIN
    IF p_actor LIKE 'db:%' OR p_action = 'row_changed' THEN
        RAISE EXCEPTION 'only the row guard writes % by %', p_action, p_actor USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO o_id, o_recorded_at, o_object_seq, o_entry FROM audit_append_any(
        p_event_id, p_actor, p_action, p_object, p_case_id, p_reason, p_evidence,
        p_request_id, p_session, p_mfa, p_on_behalf_of, p_ip_hash, p_salt, p_body);
END $body$;

-- Arguments: object type, primary key column, case column, hidden columns. Runs at commit; see audit/triggers.py.
CREATE FUNCTION audit_guard_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $body$
DECLARE
    old_row jsonb;
    new_row jsonb;
    case_text text;
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
    case_text := coalesce(new_row ->> TG_ARGV[2], old_row ->> TG_ARGV[2]);
    IF case_text !~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN
        case_text := NULL;
    END IF;
    PERFORM audit_append_any(
        -- A UUID of version 7, which PostgreSQL makes itself only from version 18 on.
        encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid,
        'db:' || session_user,
        'row_changed',
        TG_ARGV[0] || ':' || left(coalesce(old_row, new_row) ->> TG_ARGV[1], 128),
        case_text::uuid, '', '{{}}', '', NULL, NULL, NULL, NULL,
        sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
        convert_to(
            '{{"after":' || audit_row_json(new_row, TG_ARGV[3:])
            || ',"before":' || audit_row_json(old_row, TG_ARGV[3:])
            || ',"operation":"' || lower(TG_OP)
            || '","table":' || to_json(TG_TABLE_NAME::text) || '}}', 'UTF8'));
    RETURN NULL;
END $body$;

-- Since when the log waits to be sealed, for whoever asks: the event that waits may be of a case one does not see.
CREATE FUNCTION audit_waiting_since() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $body$
    SELECT e.recorded_at FROM audit_event e WHERE e.id = (SELECT min(p.id) FROM audit_pending p)
$body$;
"""

# By signature: who may call it besides its owner.
RIGHTS = {
    f"audit_append_any({TYPES})": None,
    f"audit_append({TYPES})": "web",
    "audit_guard_row()": "owner",
    "audit_waiting_since()": "web",
}


def forwards(apps, schema_editor):
    quote = schema_editor.connection.ops.quote_name
    roles = {name: quote(role) for name, role in settings.DB_ROLES.items()}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        cursor.execute(FUNCTIONS.format(schema=quote(cursor.fetchone()[0]), arguments=ARGUMENTS))
        for function, role in RIGHTS.items():
            cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {roles['web']}, {roles['sequencer']}")
            if role:
                cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {roles[role]}")
            cursor.execute(f"ALTER FUNCTION {function} OWNER TO {roles['audit_owner']}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards)]
