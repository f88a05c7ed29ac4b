"""Verdicts on citations are sealed as reviews are, and what a checker objects to is no support.

The key and its functions are those of `evidence`, where readings and grades are sealed too; those of 0006 go.
"""

from django.db import migrations, models

from evidence.seals import sealed_rows

_TRIGGER = (
    "RETURNS trigger\nLANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
)

SEALS = f"""
DROP TRIGGER claims_guard_seal ON claims_review;
DROP FUNCTION claims_guard_review_seal();

CREATE OR REPLACE FUNCTION claims_guard_evaluation() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    NEW.xact := pg_current_xact_id();
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id;
    IF NEW.case_id <> v.case_id OR NEW.content_sha256 <> v.content_sha256 THEN
        PERFORM claims_refuse('a run of the gate is bound to the content of the version');
    END IF;
    IF jsonb_typeof(NEW.results) <> 'array' OR jsonb_array_length(NEW.results) = 0 OR NEW.passed = EXISTS (
        SELECT FROM jsonb_array_elements(NEW.results) entry WHERE (entry ->> 'blocks')::boolean
    ) THEN
        PERFORM claims_refuse('the outcome of the gate follows from its results');
    END IF;
    RETURN NEW;
END $body$;

DROP FUNCTION claims_seal_fits(text, text[]);
DROP TABLE claims_gatekey;
"""

COUNTS = """
ALTER FUNCTION claims_citation_counts(claims_citation) RENAME TO claims_citation_is_found;

-- The newest verdict holds, whatever was written since: only a checker takes back what a checker said.
CREATE FUNCTION claims_citation_counts(citation claims_citation) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT claims_citation_is_found(citation) AND coalesce((
        SELECT r.verdict FROM claims_citationreview r
        WHERE r.citation_id = citation.id ORDER BY r.reviewed_at DESC, r.id DESC LIMIT 1
    ), '') NOT IN ('does_not_support', 'question')
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_readings_of_the_exhibit"), ("evidence", "0007_seals")]

    operations = [
        migrations.AddField(
            "citationreview", "seal", models.CharField(blank=True, editable=False, max_length=64, default="")
        ),
        # Forwards only, as 0006.
        migrations.RunSQL(SEALS + COUNTS),
        sealed_rows(
            "claims_gateevaluation",
            "id", "version_id", "content_sha256", "inputs_sha256", "passed",
            trigger="claims_guard_seal",
        ),
        # After "claims_guard", which says better what is wrong with a review that nobody forged.
        sealed_rows(
            "claims_review",
            "id", "version_id", "content_sha256", "stage", "verdict", "reviewed_by_id",
            trigger="claims_guard_seal",
        ),
        sealed_rows(
            "claims_citationreview",
            "id", "version_id", "content_sha256", "citation_id", "verdict", "reviewed_by_id", "comment",
            trigger="claims_guard_seal",
        ),
    ]  # fmt: skip
