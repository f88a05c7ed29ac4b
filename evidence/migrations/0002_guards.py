"""Rows that must not change refuse to, whoever asks; the others leave an event however they are changed."""

from django.db import migrations

from audit.triggers import append_only, guard_rows

# What was preserved, and how it was collected, is settled when it is logged. Everything else about an exhibit may be
# corrected, and each correction leaves its event.
KEEP_ORIGINALS = """
CREATE FUNCTION evidence_keep_blob() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.sha256, NEW.sha512, NEW.size, NEW.media_type, NEW.received_at)
        IS DISTINCT FROM (OLD.sha256, OLD.sha512, OLD.size, OLD.media_type, OLD.received_at) THEN
        RAISE EXCEPTION 'originals never change: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $body$;
CREATE FUNCTION evidence_keep_item() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.case_id, NEW.exhibit, NEW.blob_id, NEW.file_name, NEW.captured_at, NEW.collector_id,
            NEW.method, NEW.tool, NEW.tool_version, NEW.recorded_at)
        IS DISTINCT FROM (OLD.case_id, OLD.exhibit, OLD.blob_id, OLD.file_name, OLD.captured_at, OLD.collector_id,
            OLD.method, OLD.tool, OLD.tool_version, OLD.recorded_at) THEN
        RAISE EXCEPTION 'what was preserved, and how, never changes: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER evidence_keep_blob BEFORE UPDATE OR DELETE ON evidence_blob
    FOR EACH ROW EXECUTE FUNCTION evidence_keep_blob();
CREATE TRIGGER evidence_keep_item BEFORE UPDATE OR DELETE ON evidence_item
    FOR EACH ROW EXECUTE FUNCTION evidence_keep_item();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial"), ("audit", "0002_append")]

    operations = [
        migrations.RunSQL(KEEP_ORIGINALS),
        append_only("evidence_custodyevent"),
        append_only("evidence_fixitycheck"),
        append_only("evidence_sourcegrade"),
        append_only("evidence_originchange"),
        append_only("evidence_textlayer"),
        guard_rows("evidence_item"),
        guard_rows("evidence_source"),
        guard_rows("evidence_origingroup"),
        guard_rows("evidence_custodyevent"),
        guard_rows("evidence_blob", pk="sha256"),
    ]
