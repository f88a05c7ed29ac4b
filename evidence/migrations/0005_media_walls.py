"""Matches and what leads to them: seen by whom, written down how, and what of them never changes."""

from django.db import migrations

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows, secure_rows_through

OF_BLOB = "EXISTS (SELECT FROM evidence_item i WHERE i.blob_id = {table}.blob_id)"
OF_FRAME = "EXISTS (SELECT FROM evidence_frame f WHERE f.id = {table}.frame_id)"
# A match that names two cases is for people who are in both: nobody else learns that there is one.
OF_BOTH_CASES = """case_id IN (SELECT app_case_ids())
    AND (other_case_id IS NULL OR other_case_id IN (SELECT app_case_ids()))"""
OF_MATCH = "EXISTS (SELECT FROM evidence_match m WHERE m.id = evidence_matchjudgement.match_id)"
OF_LEAD = "EXISTS (SELECT FROM cases_case c WHERE c.id = evidence_matchnotice.case_id AND c.lead_id = (SELECT app_uid()))"

KEEP = """
CREATE FUNCTION evidence_keep_match() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF (TG_OP = 'DELETE' AND OLD.verdict <> 'suggested') OR (TG_OP = 'UPDATE' AND
        (NEW.case_id, NEW.other_case_id, NEW.query_id, NEW.stored_id, NEW.found_at)
        IS DISTINCT FROM (OLD.case_id, OLD.other_case_id, OLD.query_id, OLD.stored_id, OLD.found_at)) THEN
        RAISE EXCEPTION 'what was matched and judged stays: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $body$;
CREATE TRIGGER evidence_keep_match BEFORE UPDATE OR DELETE ON evidence_match
    FOR EACH ROW EXECUTE FUNCTION evidence_keep_match();
"""


def through(table: str, condition: str, *, writable: str = "true") -> migrations.RunSQL:
    return secure_rows_through(table, visible=condition.format(table=table), writable=writable)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_seals")]

    operations = [
        through("evidence_frame", OF_BLOB),
        through("evidence_mediascan", OF_BLOB),
        through("evidence_mediareport", OF_BLOB),
        through("evidence_fingerprint", OF_FRAME),
        through("evidence_packedprint", OF_FRAME),
        through("evidence_match", OF_BOTH_CASES, writable=OF_BOTH_CASES),
        through("evidence_matchjudgement", OF_MATCH, writable=OF_MATCH),
        through("evidence_matchnotice", OF_LEAD, writable=OF_LEAD),
        secure_rows("evidence_ignoredpicture"),
        secure_rows("evidence_waitingformatches"),
        secure_rows("evidence_lookup"),
        secure_rows("evidence_mediafinding"),
        migrations.RunSQL(KEEP),
        append_only("evidence_matchjudgement"),
        append_only("evidence_mediafinding"),
        guard_rows("evidence_match"),
        guard_rows("evidence_mediafinding"),
        guard_rows("evidence_ignoredpicture"),
        guard_rows("evidence_matchnotice"),
        guard_rows("evidence_lookup", hide=("prints",)),
    ]
