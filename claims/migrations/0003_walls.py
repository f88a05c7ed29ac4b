"""What no path may do, whoever takes it: form, API, admin, import, save(), update() or raw SQL as the web role.

* a version is born a draft, moves only along `claims/workflow.py`, and is frozen from submission on with its citations;
* approved and published versions are cited, reviewed by somebody else, passed by the gate, and bound to their hash;
* verdicts, runs of the gate, publications and corrections are never changed.

The functions run as the schema's owner, so that they see every row whatever the person may see.
"""

from django.db import migrations

from audit.triggers import append_only, guard_rows

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
"""

VERSIONS = """
CREATE FUNCTION claims_guard_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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
PARTS = """
CREATE FUNCTION claims_check_open(version uuid, part_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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

CREATE FUNCTION claims_guard_citation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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

CREATE FUNCTION claims_guard_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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
"""

VERDICTS = """
CREATE FUNCTION claims_guard_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    IF NEW.case_id <> v.case_id OR NEW.content_sha256 <> v.content_sha256 OR NEW.content_sha256 = '' THEN
        PERFORM claims_refuse('a verdict is bound to the content of the version as it is submitted');
    END IF;
    IF NEW.reviewed_by_id IN (v.author_id, v.submitted_by_id) OR NEW.reviewed_by_id = ANY (v.contributors) THEN
        PERFORM claims_refuse('nobody reviews what they wrote');
    END IF;
    IF NOT EXISTS (
        SELECT FROM cases_membership m
        WHERE m.case_id = v.case_id AND m.user_id = NEW.reviewed_by_id AND m.role = 'editor' AND m.ended_at IS NULL
    ) THEN
        PERFORM claims_refuse('only an editor of the case reviews');
    END IF;
    IF TG_TABLE_NAME = 'claims_citationreview' THEN
        IF v.state NOT IN ('submitted', 'approved') OR NOT EXISTS (
            SELECT FROM claims_citation c WHERE c.id = NEW.citation_id AND c.version_id = v.id
        ) THEN
            PERFORM claims_refuse('only citations of a submitted version are judged');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.author_id <> v.author_id THEN
        PERFORM claims_refuse('a review names the author of its version');
    END IF;
    IF NOT (v.state = 'submitted' OR (v.state = 'approved' AND NEW.verdict = 'changes_requested')) THEN
        PERFORM claims_refuse('a version that is ' || v.state || ' is not under review');
    END IF;
    RETURN NEW;
END $body$;

CREATE FUNCTION claims_guard_evaluation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    v claims_claimversion;
BEGIN
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

CREATE TRIGGER claims_guard BEFORE INSERT ON claims_review
    FOR EACH ROW EXECUTE FUNCTION claims_guard_review();
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_citationreview
    FOR EACH ROW EXECUTE FUNCTION claims_guard_review();
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_gateevaluation
    FOR EACH ROW EXECUTE FUNCTION claims_guard_evaluation();
"""

# Runs at commit. Everything is computed anew from the rows, so that no flag is believed.
RELEASES = """
CREATE FUNCTION claims_citation_counts(citation claims_citation) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT citation.stance = 'supports' AND citation.verified AND EXISTS (
        SELECT FROM evidence_item i JOIN evidence_blob b ON b.sha256 = i.blob_id
        WHERE i.id = citation.item_id AND i.state = 'active' AND i.captured_at IS NOT NULL
            AND b.fixity NOT IN ('changed', 'missing')
            AND CASE citation.selector_type
                WHEN 'region' THEN
                    citation.region ~ '^xywh=percent:[0-9.,]+$' AND citation.region_sha256 ~ '^[0-9a-f]{64}$'
                ELSE
                    btrim(citation.exact) <> '' AND EXISTS (
                        SELECT FROM evidence_textlayer t
                        WHERE t.blob_id = b.sha256
                            AND substr(t.text, citation.start + 1, length(citation.exact)) = citation.exact
                    )
                END
    )
$body$;

-- The frozen content names this version, its text, and exactly its citations with the hashes of their evidence.
CREATE FUNCTION claims_content_describes(v claims_claimversion) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    WITH content AS (SELECT convert_from(v.content, 'UTF8')::jsonb AS it),
    frozen AS (
        SELECT e ->> 'id' AS id, e ->> 'stance' AS stance, e ->> 'exact' AS exact, e #>> '{item,sha256}' AS sha256
        FROM content, jsonb_array_elements(it -> 'citations') e
    ),
    stored AS (
        SELECT c.id::text AS id, c.stance::text AS stance, c.exact AS exact, i.blob_id::text AS sha256
        FROM claims_citation c JOIN evidence_item i ON i.id = c.item_id WHERE c.version_id = v.id
    )
    SELECT it #>> '{version,id}' = v.id::text AND it #>> '{claim,id}' = v.claim_id::text
        AND it ->> 'predicate' = v.predicate AND it ->> 'public_text' = v.public_text
        AND NOT EXISTS (SELECT * FROM frozen EXCEPT ALL SELECT * FROM stored)
        AND NOT EXISTS (SELECT * FROM stored EXCEPT ALL SELECT * FROM frozen)
    FROM content
$body$;

CREATE FUNCTION claims_check_release() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.id;
    IF NOT FOUND OR v.state NOT IN ('approved', 'published') THEN
        RETURN NULL;
    END IF;
    IF v.content IS NULL OR v.content_sha256 <> encode(sha256(v.content), 'hex') THEN
        PERFORM claims_refuse('a claim is released with the hash of its content');
    END IF;
    IF claims_content_describes(v) IS NOT TRUE THEN
        PERFORM claims_refuse('the content of a released claim is what its rows say');
    END IF;
    IF NOT EXISTS (SELECT FROM claims_citation c WHERE c.version_id = v.id AND claims_citation_counts(c)) THEN
        PERFORM claims_refuse('a claim is released only with a citation that is found in preserved evidence');
    END IF;
    IF NOT EXISTS (
        SELECT FROM claims_review r
        WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'editor'
            AND r.content_sha256 = v.content_sha256
            AND r.reviewed_by_id NOT IN (v.author_id, v.submitted_by_id)
            AND r.reviewed_by_id <> ALL (v.contributors)
    ) THEN
        PERFORM claims_refuse('a claim is released only after somebody else approved exactly this content');
    END IF;
    IF NOT EXISTS (
        SELECT FROM claims_gateevaluation g
        WHERE g.version_id = v.id AND g.content_sha256 = v.content_sha256 AND g.passed
    ) THEN
        PERFORM claims_refuse('a claim is released only after the gate let exactly this content pass');
    END IF;
    IF v.state = 'published' AND NOT EXISTS (
        SELECT FROM claims_publishedversion e JOIN claims_publication p ON p.id = e.publication_id
        WHERE e.version_id = v.id AND e.content_sha256 = v.content_sha256 AND p.case_id = v.case_id
            AND p.snapshot_sha256 = encode(sha256(p.snapshot), 'hex')
            AND position(v.content_sha256 IN convert_from(p.snapshot, 'UTF8')) > 0
    ) THEN
        PERFORM claims_refuse('a claim is published only as part of a publication that pins its hash');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_release AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_release();

CREATE FUNCTION claims_check_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    IF NOT EXISTS (
        SELECT FROM claims_claimversion v
        WHERE v.id = NEW.version_id AND v.state IN ('published', 'corrected', 'retracted')
            AND v.content_sha256 = NEW.content_sha256 AND v.case_id = NEW.case_id
    ) THEN
        PERFORM claims_refuse('a publication holds published claims only');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_entry AFTER INSERT ON claims_publishedversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_check_entry();
"""

UNDO = """
DROP TRIGGER claims_entry ON claims_publishedversion;
DROP TRIGGER claims_release ON claims_claimversion;
DROP TRIGGER claims_guard ON claims_gateevaluation;
DROP TRIGGER claims_guard ON claims_citationreview;
DROP TRIGGER claims_guard ON claims_review;
DROP TRIGGER claims_guard ON claims_claimlink;
DROP TRIGGER claims_guard ON claims_citation;
DROP TRIGGER claims_guard ON claims_claimversion;
DROP FUNCTION claims_check_entry(), claims_check_release(), claims_content_describes(claims_claimversion),
    claims_citation_counts(claims_citation), claims_guard_evaluation(), claims_guard_review(), claims_guard_link(),
    claims_guard_citation(), claims_check_open(uuid, uuid), claims_guard_version(), claims_refuse(text),
    claims_step_allowed(text, text);
ALTER TABLE claims_publication DROP CONSTRAINT claims_snapshot_has_its_hash;
ALTER TABLE claims_claimversion DROP CONSTRAINT claims_content_has_its_hash;
"""

WRITTEN_ONCE = (
    "claims_review",
    "claims_citationreview",
    "claims_gateevaluation",
    "claims_publication",
    "claims_publishedversion",
    "claims_correction",
)
OTHERS = ("claims_claim", "claims_claimversion", "claims_claimlink", "claims_citation")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("cases", "0001_initial"),
        ("evidence", "0001_initial"),
        ("claims", "0002_contributors_and_corrections"),
    ]

    operations = [
        migrations.RunSQL(STEPS + HASHES + VERSIONS + PARTS + VERDICTS + RELEASES, UNDO),
        *(append_only(table) for table in WRITTEN_ONCE),
        *(guard_rows(table) for table in WRITTEN_ONCE + OTHERS),
    ]
