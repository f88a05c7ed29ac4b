"""Documents in half the space: what people are shown of one stands apart, facts that are columns are no keys any more,
and the columns that are read of each hit stand first. The worker makes all anew, by other rules; people find meanwhile
what there was.

And whose documents are found is said once, as two lists of cases.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models import CASCADE

from cases.row_security import secure_rows

ENGINE = """id, case_id, object_id, seq, news, part, live, sensitive, at, kind, status, platform, lang, heads, exact, keys,
    words"""
WORDING = "title, text, names, handles, place, digest, made_by"
KEEP = "CREATE TABLE search_document_before AS TABLE search_document"
BRING = f"""
    INSERT INTO search_document ({ENGINE}) SELECT {ENGINE} FROM search_document_before;
    SELECT setval(pg_get_serial_sequence('search_document', 'id'), COALESCE(max(id), 0) + 1) FROM search_document;
    INSERT INTO search_wording (document_id, case_id, {WORDING})
    SELECT id, case_id, {WORDING} FROM search_document_before WHERE live;
    DROP TABLE search_document_before"""  # noqa: S608 - names from above

FUNCTIONS = r"""
DROP FUNCTION search_answer(jsonb, text[], uuid[], bigint[], tsquery, tsquery, text[], integer, integer, boolean);
DROP FUNCTION search_found(jsonb, text[], uuid[]);
DROP FUNCTION search_own(text[], boolean);

CREATE OR REPLACE FUNCTION search_condition(node jsonb) RETURNS text
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
CREATE OR REPLACE FUNCTION search_among(tree jsonb, hidden uuid[]) RETURNS text
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
    dependencies = [("search", "0013_note_replies"), ("cases", "0008_imported_logs")]

    operations = [
        migrations.RunSQL(KEEP),
        migrations.DeleteModel("Document"),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case", models.ForeignKey(on_delete=CASCADE, related_name="+", to="cases.case")),
                ("object_id", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("news", models.BigIntegerField(default=0, help_text="`seq` when it last told something else, whatever made it anew.")),
                ("part", models.PositiveIntegerField(default=0)),
                ("live", models.BooleanField(default=True)),
                ("sensitive", models.BooleanField(default=False)),
                ("at", models.DateTimeField(blank=True, null=True)),
                ("kind", models.CharField(max_length=20)),
                ("status", models.CharField(blank=True, max_length=20)),
                ("platform", models.CharField(blank=True, max_length=20)),
                ("lang", models.CharField(blank=True, max_length=35)),
                ("heads", SearchVectorField(help_text="The words of title, names and handles alone.")),
                ("exact", SearchVectorField()),
                ("keys", ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ("words", SearchVectorField()),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [GinIndex(fields=["words"], name="document_by_word"), GinIndex(fields=["exact"], name="document_by_exact_word"), GinIndex(fields=["keys"], name="document_by_key"), models.Index(fields=["case", "seq"], name="document_by_case"), models.Index(fields=["case", "news"], name="document_by_news")],
                "constraints": [models.UniqueConstraint(fields=("object_id", "kind", "part"), name="document_once_per_part"), models.UniqueConstraint(fields=("seq",), name="document_seq_once")],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("document", models.OneToOneField(on_delete=CASCADE, primary_key=True, serialize=False, to="search.document")),
                ("case", models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to="cases.case")),
                ("title", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("names", ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ("handles", ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ("place", models.JSONField(blank=True, default=dict)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("made_by", models.CharField(blank=True, help_text="Version of the rules that made it.", max_length=40)),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["made_by"], name="wording_by_rules")],
                
            },
        ),
        secure_rows("search_document"),
        secure_rows("search_wording"),
        migrations.RunSQL(BRING),
        migrations.RunSQL(FUNCTIONS),
    ]
