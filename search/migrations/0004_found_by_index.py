"""Full text under row security: functions that ask the indexes, and show rows of one's own cases only.

PostgreSQL does not ask an index by an operator that could tell of rows which a policy hides, and neither `@@` nor `&&`
is known not to: as the application's role, every search would read the whole table. These functions run as the owner,
who is exempt, and hold the policy's condition themselves. What they are asked is a tree of conditions, never SQL; each
value in it is quoted by PostgreSQL.
"""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION search_condition(node jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    kind text := node ->> 0;
    given jsonb := node -> 1;
    texts text[];
BEGIN
    IF kind IN ('and', 'or') THEN
        RETURN COALESCE((SELECT string_agg('(' || search_condition(part) || ')', ' ' || kind || ' ')
            FROM jsonb_array_elements(given) part), CASE kind WHEN 'and' THEN 'true' ELSE 'false' END);
    ELSIF kind = 'not' THEN
        RETURN format('(%s) IS NOT TRUE', search_condition(given));
    ELSIF kind IN ('words', 'exact') THEN
        RETURN format('d.%I @@ %L::tsquery', kind, given #>> '{}');
    ELSIF kind = 'keys' THEN
        texts := ARRAY(SELECT jsonb_array_elements_text(given));
        RETURN format('d.keys && %L::text[]', texts);
    ELSIF kind = 'ids' THEN
        texts := ARRAY(SELECT jsonb_array_elements_text(given));
        RETURN format('d.id = ANY (%L::bigint[])', texts);
    ELSIF kind = 'from' THEN
        RETURN format('d.at >= %L::timestamptz', given #>> '{}');
    ELSIF kind = 'before' THEN
        RETURN format('d.at < %L::timestamptz', given #>> '{}');
    ELSIF kind = 'dated' THEN
        RETURN 'd.at IS NOT NULL';
    ELSIF kind = 'all' THEN
        RETURN 'true';
    END IF;
    RAISE EXCEPTION 'no such condition: %', kind USING ERRCODE = 'invalid_parameter_value';
END $body$;

CREATE FUNCTION search_found(tree jsonb, audiences text[], hidden uuid[])
RETURNS TABLE (id bigint, case_id uuid, kind varchar, status varchar, platform varchar, lang varchar, at timestamptz,
    heads tsvector)
LANGUAGE plpgsql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT d.id, d.case_id, d.kind, d.status, d.platform, d.lang, d.at, d.heads FROM search_document d
        WHERE d.live AND d.keys && $1 AND NOT d.object_id = ANY ($2)
        AND (current_setting(''app.uid'', true) = ''system'' OR d.case_id IN (SELECT app_case_ids()))
        AND (%s)', search_condition(tree)) USING audiences, hidden;
END $body$;

CREATE FUNCTION search_post_ids(asked tsquery) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT p.id FROM posts_post p WHERE search_words_of(p.folded) @@ asked
    AND (current_setting('app.uid', true) = 'system' OR p.case_id IN (SELECT app_case_ids()))
$body$;
"""
NONE = """
DROP FUNCTION search_post_ids(tsquery); DROP FUNCTION search_found(jsonb, text[], uuid[]);
DROP FUNCTION search_condition(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0003_note_what_there_is")]

    operations = [migrations.RunSQL(FUNCTIONS, NONE)]
