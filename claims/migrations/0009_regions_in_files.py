"""A region may lie in a page of a document, in a picture on it, or in a keyframe of a film, besides in an image."""

from django.db import migrations, models

FOUND = """
CREATE OR REPLACE FUNCTION claims_citation_is_found(citation claims_citation) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT citation.stance = 'supports' AND citation.verified AND EXISTS (
        SELECT FROM evidence_item i JOIN evidence_blob b ON b.sha256 = i.blob_id
        WHERE i.id = citation.item_id AND i.state = 'active' AND i.captured_at IS NOT NULL
            AND b.fixity NOT IN ('changed', 'missing')
            AND CASE citation.selector_type
                WHEN 'region' THEN
                    citation.region_sha256 ~ '^[0-9a-f]{64}$'
                    AND CASE
                        WHEN b.media_type LIKE 'image/%' THEN citation.region ~ '^xywh=percent:[0-9.,]+$'
                        WHEN b.media_type = 'application/pdf'
                            THEN citation.region ~ '^page=[0-9]+(&picture=[0-9]+)?&xywh=percent:[0-9.,]+$'
                        WHEN b.media_type LIKE 'video/%' THEN citation.region ~ '^t=[0-9.]+&xywh=percent:[0-9.,]+$'
                        ELSE false
                    END
                ELSE
                    btrim(citation.exact) <> '' AND EXISTS (
                        SELECT FROM evidence_textlayer t
                        WHERE t.blob_id = b.sha256 AND i.readings ? t.tool
                            AND substr(t.text, citation.start + 1, length(citation.exact)) = citation.exact
                    )
                END
    )
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0008_seals_of_verdicts"), ("evidence", "0005_readings")]

    # Forwards only, as 0007: going back would leave citations without a place.
    operations = [
        migrations.AlterField("citation", "region", models.CharField(blank=True, max_length=90)),
        migrations.RunSQL(FOUND),
    ]
