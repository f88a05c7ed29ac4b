"""Full text under row security: functions that ask the indexes, and show rows of one's own cases only.

PostgreSQL does not ask an index by an operator that could tell of rows which a policy hides, and neither `@@` nor `&&`
is known not to: as the application's role, every search would read the whole table. These functions run as the owner,
who is exempt, and hold the policy's condition themselves. What they are asked is a tree of conditions, never SQL; each
value in it is quoted by PostgreSQL.
"""

from django.db import migrations

POSTS = r"""
-- search.tokens in SQL, as near as an index can: width, case, marks and the letters that stand for one another.
CREATE FUNCTION search_words_of(text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT to_tsvector('pg_catalog.simple', regexp_replace(regexp_replace(
        translate(normalize($1, NFKD), 'əıøłđ', 'aiold'), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]_]+', ' ', 'g'))
$$;
CREATE INDEX post_by_word ON posts_post USING gin (search_words_of(folded));

CREATE FUNCTION search_post_ids(asked tsquery) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT p.id FROM posts_post p WHERE search_words_of(p.folded) @@ asked
    AND (current_setting('app.uid', true) = 'system' OR p.case_id IN (SELECT app_case_ids()))
$body$;
"""
DOCUMENTS = r"""
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
    ELSIF kind IN ('keys', 'ids', 'kind', 'case', 'status', 'platform', 'language') THEN
        texts := ARRAY(SELECT jsonb_array_elements_text(given));
        RETURN format(CASE kind
            WHEN 'keys' THEN 'd.keys && %L::text[]'
            WHEN 'ids' THEN 'd.id = ANY (%L::bigint[])'
            WHEN 'kind' THEN 'd.kind = ANY (%L::text[])'
            WHEN 'case' THEN 'd.case_id = ANY (%L::uuid[])'
            WHEN 'status' THEN 'd.status = ANY (%L::text[])'
            WHEN 'platform' THEN 'd.platform = ANY (%L::text[])'
            WHEN 'language' THEN 'split_part(lower(d.lang), ''-'', 1) = ANY (%L::text[])'
        END, texts);
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

-- Those of `cases` that are the person's own: what the policy of row security says, from which the owner of these
-- functions is exempt.
CREATE FUNCTION search_own(cases uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT CASE WHEN current_setting('app.uid', true) = 'system' THEN cases
        ELSE ARRAY(SELECT own FROM app_case_ids() own WHERE own = ANY (cases)) END
$body$;

-- Where a statement looks: $1 are cases whose documents are found, $2 those of them whose sensitive ones are too, $3
-- rows that nobody finds.
CREATE FUNCTION search_among(tree jsonb, hidden uuid[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT format('search_document d WHERE d.live AND d.case_id = ANY ($1)
        AND (NOT d.sensitive OR d.case_id = ANY ($2)) AND %s (%s)',
        CASE WHEN cardinality(hidden) > 0 THEN 'NOT d.object_id = ANY ($3) AND' END, search_condition(tree))
$body$;

CREATE FUNCTION search_found(tree jsonb, opened uuid[], closed uuid[], hidden uuid[])
RETURNS TABLE (id bigint, case_id uuid, kind varchar, status varchar, platform varchar, lang varchar, at timestamptz,
    heads tsvector)
LANGUAGE plpgsql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT d.id, d.case_id, d.kind, d.status, d.platform, d.lang, d.at, d.heads FROM '
        || search_among(tree, hidden)
    USING search_own(opened), closed, hidden;
END $body$;

-- One page of hits, each with the number of all; with `facets`, then how many there are in each group, as GROUPING says
-- of (kind, case, status, platform, language, year), and of none. `best` and `good` are words that heads should have.
CREATE FUNCTION search_answer(tree jsonb, opened uuid[], closed uuid[], hidden uuid[], first bigint[], best tsquery, good tsquery,
    late text[], skip integer, size integer, facets boolean)
RETURNS TABLE (id bigint, total bigint, grouped integer, value text)
LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    among text := search_among(tree, hidden);
    own uuid[] := search_own(opened);
    tier text := CASE WHEN best IS NULL THEN '' ELSE '(d.heads @@ $5)::int + (d.heads @@ $6)::int DESC,' END;
    place text := CASE WHEN cardinality(first) > 0 THEN 'array_position($4, d.id),' ELSE '' END
        || tier || '(d.kind = ANY ($7)), d.at DESC NULLS LAST, d.id DESC OFFSET $8 LIMIT $9';
BEGIN
    IF NOT facets THEN
        RETURN QUERY EXECUTE format(
            'SELECT d.id, count(*) OVER (), NULL::int, NULL::text FROM %s ORDER BY %s', among, place)
        USING own, closed, hidden, first, best, good, late, skip, size;
        IF NOT FOUND AND skip > 0 THEN
            RETURN QUERY EXECUTE format('SELECT NULL::bigint, count(*), NULL::int, NULL::text FROM %s', among)
            USING own, closed, hidden;
        END IF;
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'WITH d AS MATERIALIZED (
            SELECT d.id, d.case_id, d.kind, d.status, d.platform, d.lang, d.at%s FROM %s
        ), page AS (SELECT d.id FROM d ORDER BY %s)
        SELECT page.id, NULL::bigint, NULL::int, NULL::text FROM page
        UNION ALL (
            SELECT NULL, COALESCE(sum(number), 0)::bigint,
                GROUPING(kind, case_id, status, platform, language, year),
                COALESCE(kind, case_id::text, status, platform, language, lpad(year::text, 4, ''0''))
            FROM (
                SELECT kind, case_id, status, platform, split_part(lower(lang), ''-'', 1) AS language, year, number
                FROM (
                    SELECT kind, case_id, status, platform, lang, date_part(''year'', at AT TIME ZONE ''UTC'')::int
                        AS year, count(*) AS number
                    FROM d GROUP BY 1, 2, 3, 4, 5, 6
                ) alike
            ) named GROUP BY GROUPING SETS ((), (kind), (case_id), (status), (platform), (language), (year)))',
        CASE WHEN best IS NULL THEN '' ELSE ', d.heads' END, among, place)
    USING own, closed, hidden, first, best, good, late, skip, size;
END $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0003_noted"), ("posts", "0002_walls")]

    operations = [migrations.RunSQL(POSTS + DOCUMENTS)]
