"""What no path may do, whoever takes it: form, API, admin, import, save(), update() or raw SQL as the web role.

* a version is born a draft, moves only along `claims/workflow.py`, and is frozen from submission on with its parts:
  citations, links, alternatives and their ratings;
* what was judged, released, withheld or answered is never changed;
* rows are seen by members of their case alone, and each change of one leaves an event.

The functions run as the schema's owner, so that they see every row whatever the person may see.
"""

from django.db import migrations

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows

_FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
_TRIGGER = f"RETURNS trigger\n{_FUNCTION}"

# Pairs of states; tests/claims/test_workflow.py compares them with claims/workflow.py.
STEPS = """
CREATE FUNCTION claims_step_allowed(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $body$
    SELECT (before, after) IN (
        ('draft', 'submitted'),
        ('submitted', 'approved'), ('submitted', 'changes_requested'), ('submitted', 'draft'),
        ('changes_requested', 'submitted'),
        ('approved', 'published'), ('approved', 'draft'), ('approved', 'changes_requested'),
        ('published', 'corrected'), ('published', 'retracted')
    )
$body$;

CREATE FUNCTION claims_refuse(reason text) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = 'check_violation';
END $body$;
"""

HASHES = """
ALTER TABLE claims_claimversion ADD CONSTRAINT claims_content_has_its_hash CHECK (
    CASE WHEN content IS NULL THEN content_sha256 = '' ELSE content_sha256 = encode(sha256(content), 'hex') END
);
ALTER TABLE claims_publication ADD CONSTRAINT claims_snapshot_has_its_hash CHECK (
    snapshot_sha256 = encode(sha256(snapshot), 'hex')
);
ALTER TABLE claims_gateevaluation ADD CONSTRAINT claims_inputs_have_their_hash CHECK (
    inputs IS NULL OR inputs_sha256 = encode(sha256(inputs), 'hex')
);
ALTER TABLE claims_commitment ADD CONSTRAINT claims_secret_has_256_bits CHECK (length(secret) = 32);
"""

VERSIONS = f"""
CREATE FUNCTION claims_guard_version() {_TRIGGER}
DECLARE
    free text[] := ARRAY['state', 'needs_attention', 'edited_at', 'edit_version'];
    fixed text[] := ARRAY['id', 'claim_id', 'case_id', 'number', 'author_id', 'recorded_at', 'supersedes_id'];
    name text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' OR OLD.content IS NOT NULL THEN
            PERFORM claims_refuse('a claim version that was once submitted is never deleted');
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.content IS NOT NULL THEN
            PERFORM claims_refuse('a claim version begins as a draft');
        END IF;
        IF NEW.case_id IS DISTINCT FROM (SELECT case_id FROM claims_claim WHERE id = NEW.claim_id) THEN
            PERFORM claims_refuse('a claim version belongs to the case of its claim');
        END IF;
        RETURN NEW;
    END IF;
    FOREACH name IN ARRAY fixed LOOP
        IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
            PERFORM claims_refuse('the ' || name || ' of a claim version never changes');
        END IF;
    END LOOP;
    IF NOT OLD.contributors <@ NEW.contributors OR NEW.edit_version < OLD.edit_version THEN
        PERFORM claims_refuse('who wrote a version, and how often, is never forgotten');
    END IF;
    IF NEW.state <> OLD.state AND NOT claims_step_allowed(OLD.state, NEW.state) THEN
        PERFORM claims_refuse('a claim version that is ' || OLD.state || ' cannot become ' || NEW.state);
    END IF;
    IF OLD.state NOT IN ('draft', 'changes_requested') AND to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
        PERFORM claims_refuse('a claim version that is ' || OLD.state || ' is frozen');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT OR UPDATE OR DELETE ON claims_claimversion
    FOR EACH ROW EXECUTE FUNCTION claims_guard_version();
"""

# FOR SHARE: whoever writes a part waits for a submission that is under way, and then sees that the version is frozen.
PARTS = f"""
CREATE FUNCTION claims_check_open(version uuid, part_case uuid) RETURNS void
{_FUNCTION}
DECLARE
    found_state text;
    found_case uuid;
BEGIN
    SELECT state, case_id INTO found_state, found_case FROM claims_claimversion WHERE id = version FOR SHARE;
    IF found_state NOT IN ('draft', 'changes_requested') THEN
        PERFORM claims_refuse('a claim version that is ' || found_state || ' is frozen with all its parts');
    END IF;
    IF part_case IS DISTINCT FROM found_case THEN
        PERFORM claims_refuse('a part of a claim version belongs to its case');
    END IF;
END $body$;

CREATE FUNCTION claims_guard_citation() {_TRIGGER}
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM claims_check_open(OLD.version_id, OLD.case_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM claims_check_open(NEW.version_id, NEW.case_id);
    IF NEW.case_id IS DISTINCT FROM (SELECT case_id FROM evidence_item WHERE id = NEW.item_id) THEN
        PERFORM claims_refuse('a citation points into evidence of its own case');
    END IF;
    RETURN NEW;
END $body$;

CREATE FUNCTION claims_guard_link() {_TRIGGER}
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM claims_check_open(OLD.composite_id, OLD.case_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM claims_check_open(NEW.composite_id, NEW.case_id);
    IF NEW.case_id IS DISTINCT FROM (SELECT case_id FROM claims_claim WHERE id = NEW.component_id) THEN
        PERFORM claims_refuse('a claim rests on claims of its own case');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT OR UPDATE OR DELETE ON claims_citation
    FOR EACH ROW EXECUTE FUNCTION claims_guard_citation();
CREATE TRIGGER claims_guard BEFORE INSERT OR UPDATE OR DELETE ON claims_claimlink
    FOR EACH ROW EXECUTE FUNCTION claims_guard_link();

CREATE FUNCTION claims_guard_hypothesis() {_TRIGGER}
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM claims_check_open(OLD.version_id, OLD.case_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM claims_check_open(NEW.version_id, NEW.case_id);
    RETURN NEW;
END $body$;

CREATE FUNCTION claims_guard_fit() {_TRIGGER}
DECLARE
    part claims_evidencefit;
    of_hypothesis uuid;
BEGIN
    part := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    SELECT version_id INTO of_hypothesis FROM claims_hypothesis WHERE id = part.hypothesis_id;
    PERFORM claims_check_open(of_hypothesis, part.case_id);
    IF TG_OP <> 'DELETE' AND of_hypothesis IS DISTINCT FROM (
        SELECT version_id FROM claims_citation WHERE id = NEW.citation_id
    ) THEN
        PERFORM claims_refuse('evidence is weighed against hypotheses of the version that cites it');
    END IF;
    RETURN part;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT OR UPDATE OR DELETE ON claims_hypothesis
    FOR EACH ROW EXECUTE FUNCTION claims_guard_hypothesis();
CREATE TRIGGER claims_guard BEFORE INSERT OR UPDATE OR DELETE ON claims_evidencefit
    FOR EACH ROW EXECUTE FUNCTION claims_guard_fit();
"""

WRITTEN_ONCE = (
    "claims_review",
    "claims_citationreview",
    "claims_sentencecheck",
    "claims_gateevaluation",
    "claims_gateexception",
    "claims_tracedecision",
    "claims_publication",
    "claims_publishedversion",
    "claims_correction",
    "claims_commitment",
    "claims_redaction",
    "claims_dataprotectionrecord",
    "claims_pseudonym",
    "claims_sending",
    "claims_reply",
)
OTHERS = (
    "claims_claim",
    "claims_claimversion",
    "claims_claimlink",
    "claims_citation",
    "claims_hypothesis",
    "claims_evidencefit",
    "claims_replyrequest",
    "claims_allegation",
    "claims_originhint",
)


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("cases", "0003_row_security"), ("audit", "0002_append")]

    operations = [
        migrations.RunSQL(STEPS + HASHES + VERSIONS + PARTS),
        *(append_only(table) for table in WRITTEN_ONCE),
        *(guard_rows(table) for table in WRITTEN_ONCE + OTHERS),
        *(secure_rows(table) for table in WRITTEN_ONCE + OTHERS),
    ]
