"""The whole question in one statement, planned once: hits are not handed from one function to another any more.

What one may find is worked out before the statement, not for each row; what nobody asked for is not in it.
"""

from django.db import migrations

FUNCTIONS = r"""
-- The cases of `audiences` (search.drafts: a:<case>, or a:<case>! for those who may open sensitive exhibits) that are
-- the person's own: what the policy of row security says, from which the owner of these functions is exempt.
CREATE FUNCTION search_own(audiences text[], closed boolean) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT ARRAY(
        SELECT substr(one, 3, 36)::uuid FROM unnest(audiences) one
        WHERE (right(one, 1) = '!') = closed AND (current_setting('app.uid', true) = 'system'
            OR substr(one, 3, 36)::uuid IN (SELECT app_case_ids())))
$body$;

-- Where a statement looks: $1 are cases whose open documents are found, $2 those whose sensitive ones are, $3 rows that
-- nobody finds.
CREATE FUNCTION search_among(tree jsonb, hidden uuid[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT format('search_document d WHERE d.live AND d.case_id = ANY ($1 || $2)
        AND CASE WHEN d.sensitive THEN d.case_id = ANY ($2) ELSE d.case_id = ANY ($1) END AND %s (%s)',
        CASE WHEN cardinality(hidden) > 0 THEN 'NOT d.object_id = ANY ($3) AND' END, search_condition(tree))
$body$;

CREATE OR REPLACE FUNCTION search_found(tree jsonb, audiences text[], hidden uuid[])
RETURNS TABLE (id bigint, case_id uuid, kind varchar, status varchar, platform varchar, lang varchar, at timestamptz,
    heads tsvector)
LANGUAGE plpgsql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT d.id, d.case_id, d.kind, d.status, d.platform, d.lang, d.at, d.heads FROM '
        || search_among(tree, hidden)
    USING search_own(audiences, false), search_own(audiences, true), hidden;
END $body$;

-- One page of hits, each with the number of all; with `facets`, then how many there are in each group, as GROUPING says
-- of (kind, case, status, platform, language, year), and of none. `best` and `good` are words that heads should have.
CREATE FUNCTION search_answer(tree jsonb, audiences text[], hidden uuid[], first bigint[], best tsquery, good tsquery,
    late text[], skip integer, size integer, facets boolean)
RETURNS TABLE (id bigint, total bigint, grouped integer, value text)
LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    among text := search_among(tree, hidden);
    opened uuid[] := search_own(audiences, false);
    closed uuid[] := search_own(audiences, true);
    tier text := CASE WHEN best IS NULL THEN '' ELSE '(d.heads @@ $5)::int + (d.heads @@ $6)::int DESC,' END;
    place text := CASE WHEN cardinality(first) > 0 THEN 'array_position($4, d.id),' ELSE '' END
        || tier || '(d.kind = ANY ($7)), d.at DESC NULLS LAST, d.id DESC OFFSET $8 LIMIT $9';
BEGIN
    IF NOT facets THEN
        RETURN QUERY EXECUTE format(
            'SELECT d.id, count(*) OVER (), NULL::int, NULL::text FROM %s ORDER BY %s', among, place)
        USING opened, closed, hidden, first, best, good, late, skip, size;
        IF NOT FOUND AND skip > 0 THEN
            RETURN QUERY EXECUTE format('SELECT NULL::bigint, count(*), NULL::int, NULL::text FROM %s', among)
            USING opened, closed, hidden;
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
    USING opened, closed, hidden, first, best, good, late, skip, size;
END $body$;
"""
NONE = """
DROP FUNCTION search_answer(jsonb, text[], uuid[], bigint[], tsquery, tsquery, text[], integer, integer, boolean);
DROP FUNCTION search_among(jsonb, uuid[]); DROP FUNCTION search_own(text[], boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0011_saved_searches_are_counted")]

    operations = [migrations.RunSQL(FUNCTIONS, NONE)]
