"""The functions of `0004_found_by_index` at less cost: what a question takes before anything is looked for.

Those that only the others call hold no search path of their own, so that they become a part of what calls them. Whose
cases they are is read from the memberships. A page without facets is a function of its own, which needs no columns for
groups. A condition that holds for every row is left out, because the planner would think about it. What it is told of
the cost of a page is true of disks that do not turn: with the default, it reads the index of half of all cases to spare
a few hundred pages.
"""

from django.db import migrations

FUNCTIONS = r"""
DROP FUNCTION search_answer(jsonb, uuid[], uuid[], uuid[], bigint[], tsquery, tsquery, text[], integer, integer, boolean);
DROP FUNCTION search_found(jsonb, uuid[], uuid[], uuid[]);
DROP FUNCTION search_among(jsonb, uuid[]);
DROP FUNCTION search_own(uuid[]);

-- As before, without a statement for each node.
CREATE OR REPLACE FUNCTION search_condition(node jsonb) RETURNS text
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    kind text := node ->> 0;
    given jsonb := node -> 1;
    found text;
    texts text[];
BEGIN
    IF kind IN ('words', 'exact') THEN
        RETURN format('d.%I @@ %L::tsquery', kind, given #>> '{}');
    ELSIF kind IN ('and', 'or') THEN
        FOR place IN 0 .. jsonb_array_length(given) - 1 LOOP
            found := concat_ws(' ' || kind || ' ', found, '(' || search_condition(given -> place) || ')');
        END LOOP;
        RETURN COALESCE(found, CASE kind WHEN 'and' THEN 'true' ELSE 'false' END);
    ELSIF kind = 'not' THEN
        RETURN format('(%s) IS NOT TRUE', search_condition(given));
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

-- Those of `cases` of which the person is a member, as the policy of row security says, from which the owner is exempt.
-- A case that has no members yet has no documents either.
CREATE FUNCTION search_own(cases uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    person uuid;
BEGIN
    IF current_setting('app.uid', true) = 'system' THEN
        RETURN cases;
    END IF;
    person := app_uid();
    RETURN ARRAY(SELECT m.case_id FROM cases_membership m
        WHERE m.user_id = person AND m.ended_at IS NULL AND m.case_id = ANY (cases));
END $body$;

-- Where a statement looks: $1 are one's own of the cases `opened`, whose documents are found, $2 those of them whose
-- sensitive ones are too, $3 rows that nobody finds.
CREATE FUNCTION search_among(tree jsonb, opened uuid[], closed uuid[], hidden uuid[]) RETURNS text
LANGUAGE sql STABLE RETURN concat('search_document d WHERE d.live AND d.case_id = ANY ($1)',
    CASE WHEN opened = closed THEN '' ELSE ' AND (NOT d.sensitive OR d.case_id = ANY ($2))' END,
    CASE WHEN cardinality(hidden) > 0 THEN ' AND NOT d.object_id = ANY ($3)' END,
    ' AND (', search_condition(tree), ')');

-- Which come first: $4 as given, then those whose heads have all of $5, then some of $6, then what is of none of the
-- kinds $7, then the newest.
CREATE FUNCTION search_order(first bigint[], best tsquery, good tsquery) RETURNS text
LANGUAGE sql STABLE RETURN concat(' ORDER BY ',
    CASE WHEN cardinality(first) > 0 THEN 'array_position($4, d.id), ' END,
    CASE WHEN best = good THEN '(d.heads @@ $5) DESC, '
        WHEN best IS NOT NULL THEN 'CASE WHEN d.heads @@ $6 THEN 1 + (d.heads @@ $5)::int ELSE 0 END DESC, ' END,
    '(d.kind = ANY ($7)), d.at DESC NULLS LAST, d.id DESC OFFSET $8 LIMIT $9');

CREATE FUNCTION search_found(tree jsonb, opened uuid[], closed uuid[], hidden uuid[])
RETURNS TABLE (id bigint, case_id uuid, kind varchar, status varchar, platform varchar, lang varchar, at timestamptz,
    heads tsvector)
LANGUAGE plpgsql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET random_page_cost = 1.1 AS $body$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT d.id, d.case_id, d.kind, d.status, d.platform, d.lang, d.at, d.heads FROM '
        || search_among(tree, opened, closed, hidden)
    USING search_own(opened), closed, hidden;
END $body$;

-- One page of hits, each with the number of all; behind the last one, that number alone.
CREATE FUNCTION search_page(tree jsonb, opened uuid[], closed uuid[], hidden uuid[], first bigint[], best tsquery,
    good tsquery, late text[], skip integer, size integer)
RETURNS TABLE (id bigint, total bigint)
LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET random_page_cost = 1.1 AS $body$
DECLARE
    own uuid[] := search_own(opened);
BEGIN
    RETURN QUERY EXECUTE 'SELECT d.id, count(*) OVER () FROM '
        || search_among(tree, opened, closed, hidden) || search_order(first, best, good)
    USING own, closed, hidden, first, best, good, late, skip, size;
    IF NOT FOUND AND skip > 0 THEN
        RETURN QUERY EXECUTE 'SELECT NULL::bigint, count(*) FROM ' || search_among(tree, opened, closed, hidden)
        USING own, closed, hidden;
    END IF;
END $body$;

-- The same with how many hits there are in each group, as GROUPING says of (kind, case, status, platform, language,
-- year), and of none.
CREATE FUNCTION search_answer(tree jsonb, opened uuid[], closed uuid[], hidden uuid[], first bigint[], best tsquery,
    good tsquery, late text[], skip integer, size integer)
RETURNS TABLE (id bigint, total bigint, grouped integer, value text)
LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET random_page_cost = 1.1 AS $body$
BEGIN
    RETURN QUERY EXECUTE format(
        'WITH d AS MATERIALIZED (
            SELECT d.id, d.case_id, d.kind, d.status, d.platform, d.lang, d.at%s FROM %s
        ), page AS (SELECT d.id FROM d %s)
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
        CASE WHEN best IS NULL THEN '' ELSE ', d.heads' END,
        search_among(tree, opened, closed, hidden), search_order(first, best, good))
    USING search_own(opened), closed, hidden, first, best, good, late, skip, size;
END $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0004_found_by_index")]

    operations = [migrations.RunSQL(FUNCTIONS)]
