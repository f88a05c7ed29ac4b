"""A passage counts only where it stands in a reading of the very exhibit that is cited, not of its bytes elsewhere."""

from django.db import migrations

COUNTS = """
CREATE OR REPLACE FUNCTION claims_citation_counts(citation claims_citation) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT citation.stance = 'supports' AND citation.verified AND EXISTS (
        SELECT FROM evidence_item i JOIN evidence_blob b ON b.sha256 = i.blob_id
        WHERE i.id = citation.item_id AND i.state = 'active' AND i.captured_at IS NOT NULL
            AND b.fixity NOT IN ('changed', 'missing')
            AND CASE citation.selector_type
                WHEN 'region' THEN
                    citation.region ~ '^xywh=percent:[0-9.,]+$' AND citation.region_sha256 ~ '^[0-9a-f]{64}$'
                    AND b.media_type LIKE 'image/%'
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
    dependencies = [("claims", "0006_seals"), ("evidence", "0005_readings")]

    # Forwards only, as 0006: going back would judge by less.
    operations = [migrations.RunSQL(COUNTS)]
