"""A dictionary of a third of its size, filled again as documents are made anew; and the wall by columns, not by keys.

To compare each key of a document with each audience of a person took longer than to find the document.
"""

import django.db.models.deletion
from django.db import migrations, models

from cases.row_security import secure_rows

# As in 0004, but for the two lines about `opened` and `closed`.
FOUND = r"""
CREATE OR REPLACE FUNCTION search_found(tree jsonb, audiences text[], hidden uuid[])
RETURNS TABLE (id bigint, case_id uuid, kind varchar, status varchar, platform varchar, lang varchar, at timestamptz,
    heads tsvector)
LANGUAGE plpgsql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    -- An audience is a:<case>, or a:<case>! for those who may open sensitive exhibits (search.drafts).
    opened uuid[] := ARRAY(SELECT substr(one, 3)::uuid FROM unnest(audiences) one WHERE right(one, 1) <> '!');
    closed uuid[] := ARRAY(SELECT substr(one, 3, 36)::uuid FROM unnest(audiences) one WHERE right(one, 1) = '!');
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT d.id, d.case_id, d.kind, d.status, d.platform, d.lang, d.at, d.heads FROM search_document d
        WHERE d.live AND d.case_id = ANY ($1 || $2)
        AND CASE WHEN d.sensitive THEN d.case_id = ANY ($2) ELSE d.case_id = ANY ($1) END
        AND NOT d.object_id = ANY ($3)
        AND (current_setting(''app.uid'', true) = ''system'' OR d.case_id IN (SELECT app_case_ids()))
        AND (%s)', search_condition(tree)) USING opened, closed, hidden;
END $body$;
"""
BY_KEYS = r"""
CREATE OR REPLACE FUNCTION search_found(tree jsonb, audiences text[], hidden uuid[])
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
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0008_walls_of_saved_searches"), ("cases", "0007_walls_of_access")]

    operations = [
        migrations.RunSQL(FOUND, BY_KEYS),
        migrations.DeleteModel("Word"),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "sensitive", "word", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "sensitive",
                    models.BooleanField(
                        help_text="A document has it that only those find who may open sensitive exhibits."
                    ),
                ),
                ("word", models.TextField(db_collation="C")),
                ("backwards", models.TextField(db_collation="C")),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["word"],
                "indexes": [models.Index(fields=["case", "sensitive", "backwards"], name="word_backwards")],
            },
        ),
        secure_rows("search_word"),
    ]
