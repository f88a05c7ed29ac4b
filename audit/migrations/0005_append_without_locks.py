"""An event takes its place in the chain of its object by the unique (object, object_seq), not by an advisory lock.

A transaction that tells of ten thousand new objects, as a folder of files that is logged does, held ten thousand locks,
and the server's table of locks has room for some thousands. Who finds the place taken waits until the other's
transaction ends, because the index makes him wait, and then reads the head anew; so nothing else is needed.
"""

from django.db import migrations

ARGUMENTS = """
    p_event_id uuid, p_actor text, p_action text, p_object text, p_case_id uuid, p_reason text, p_evidence text[],
    p_request_id text, p_session text, p_mfa boolean, p_on_behalf_of text, p_ip_hash text, p_salt bytea, p_body bytea,
    OUT o_id bigint, OUT o_recorded_at timestamptz, OUT o_object_seq bigint, OUT o_entry bytea"""

FUNCTION = r"""
-- The keys stand in the order in which audit/canonical.py sorts them. READ COMMITTED: each turn of the loop reads the
-- head by a statement of its own, so that it sees what the one who had the place committed.
CREATE OR REPLACE FUNCTION audit_append_any({arguments})
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
"""


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = schema_editor.connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(FUNCTION.format(schema=schema, arguments=ARGUMENTS))


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_waiting")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
