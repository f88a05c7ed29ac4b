"""Runs of the gate and reviews are sealed by the application, and releases are judged by one function.

Until now whoever could write as the application's role could insert a run of the gate that never happened, and what
needs language (hedges, labels, caveats) was believed. From here on:

* a run of the gate and a review carry a seal that PostgreSQL checks with a key which that role cannot read;
* a version is approved or published only in the transaction in which the gate let it pass, so that no earlier run is
  used again after its evidence changed;
* a publication shows exactly the claims it holds, word for word as approved, and is made in that same transaction;
* a published version becomes corrected or retracted only with its public note.

What can be read off the rows is computed here as before, from one look at the citations that count.
"""

from django.conf import settings
from django.db import migrations, models

_FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
_TRIGGER = f"RETURNS trigger\n{_FUNCTION}"
WEB = settings.DB_ROLES["web"]

# SHA-256 of both sides, so that the time of the comparison tells nothing about the seal that would fit.
KEY = f"""
CREATE TABLE claims_gatekey (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    inner_block bytea NOT NULL CHECK (length(inner_block) = 64),
    outer_block bytea NOT NULL CHECK (length(outer_block) = 64)
);
REVOKE ALL ON claims_gatekey FROM PUBLIC, "{WEB}";

CREATE FUNCTION claims_seal_fits(seal text, parts text[]) RETURNS boolean
{_FUNCTION}
DECLARE
    known claims_gatekey;
BEGIN
    SELECT * INTO known FROM claims_gatekey;
    RETURN FOUND AND sha256(convert_to(seal, 'UTF8')) = sha256(convert_to(encode(sha256(
        known.outer_block || sha256(known.inner_block || convert_to(array_to_string(parts, E'\\n'), 'UTF8'))
    ), 'hex'), 'UTF8'));
END $body$;

-- In which transaction a row was written; set by the row's trigger, whatever the statement says.
ALTER TABLE claims_gateevaluation ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE claims_publication ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();
"""

VERDICTS = f"""
CREATE OR REPLACE FUNCTION claims_guard_evaluation() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    IF NOT claims_seal_fits(NEW.seal, ARRAY[
        'gate', NEW.id::text, NEW.version_id::text, NEW.content_sha256, NEW.inputs_sha256, NEW.passed::text
    ]) THEN
        PERFORM claims_refuse('a run of the gate carries the seal of the gate');
    END IF;
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

CREATE FUNCTION claims_guard_review_seal() {_TRIGGER}
BEGIN
    IF NOT claims_seal_fits(NEW.seal, ARRAY[
        'review', NEW.id::text, NEW.version_id::text, NEW.content_sha256, NEW.stage, NEW.verdict,
        NEW.reviewed_by_id::text
    ]) THEN
        PERFORM claims_refuse('a review carries the seal of the application');
    END IF;
    RETURN NEW;
END $body$;

-- After "claims_guard", which says better what is wrong with a review that nobody forged.
CREATE TRIGGER claims_guard_seal BEFORE INSERT ON claims_review
    FOR EACH ROW EXECUTE FUNCTION claims_guard_review_seal();
"""

RELEASES = f"""
-- A region is one of a picture: text has no pixels that a hash could stand for.
CREATE OR REPLACE FUNCTION claims_citation_counts(citation claims_citation) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT citation.stance = 'supports' AND citation.verified AND EXISTS (
        SELECT FROM evidence_item i JOIN evidence_blob b ON b.sha256 = i.blob_id
        WHERE i.id = citation.item_id AND i.state = 'active' AND i.captured_at IS NOT NULL
            AND b.fixity NOT IN ('changed', 'missing')
            AND CASE citation.selector_type
                WHEN 'region' THEN
                    citation.region ~ '^xywh=percent:[0-9.,]+$' AND citation.region_sha256 ~ '^[0-9a-f]{{64}}$'
                    AND b.media_type LIKE 'image/%'
                ELSE
                    btrim(citation.exact) <> '' AND EXISTS (
                        SELECT FROM evidence_textlayer t
                        WHERE t.blob_id = b.sha256
                            AND substr(t.text, citation.start + 1, length(citation.exact)) = citation.exact
                    )
                END
    )
$body$;

-- What the rows show of G-01 to G-07, G-20, G-22 and G-40; each condition is no stricter than its rule.
CREATE FUNCTION claims_check_sourcing(v claims_claimversion) RETURNS void
{_FUNCTION}
DECLARE
    counted record;
BEGIN
    SELECT count(*) AS citations,
        count(DISTINCT coalesce(s.origin_group_id::text, 'undetermined')) AS origins,
        count(DISTINCT (i.blob_id, c.start, c."end", c.region)) AS links,
        coalesce(bool_or(c.access <> 'self'), false) AS outside,
        coalesce(bool_or(s.kind = 'official_record' AND c.access IN ('issuer', 'self')), false) AS record,
        coalesce(bool_or(c.access = 'self' AND v.predicate = 'person_holds_role'), false) AS itself,
        coalesce(bool_and(s.reliability <> '' AND c.credibility <> '' AND btrim(c.credibility_rationale) <> ''),
                 false) AS graded,
        coalesce(bool_and(btrim(i.title) <> '' AND (i.published_at IS NOT NULL OR btrim(i.no_date_reason) <> '')),
                 false) AS described
    INTO counted
    FROM claims_citation c JOIN evidence_item i ON i.id = c.item_id LEFT JOIN evidence_source s ON s.id = i.source_id
    WHERE c.version_id = v.id AND claims_citation_counts(c);
    IF counted.citations = 0 THEN
        PERFORM claims_refuse('a claim is released only with a citation that is found in preserved evidence');
    END IF;
    IF '' IN (v.likelihood, v.analytic_confidence, btrim(v.public_text), btrim(v.confidence_information_base),
              btrim(v.confidence_rigour), btrim(v.confidence_volatility)) THEN
        PERFORM claims_refuse('a released claim has its text, its likelihood and a confidence with three reasons');
    END IF;
    IF NOT counted.graded THEN
        PERFORM claims_refuse('every source and citation that counts is graded, with a reason');
    END IF;
    IF NOT counted.described THEN
        PERFORM claims_refuse('every exhibit that counts has a title and a date, or the reason why it has none');
    END IF;
    IF v.predicate IN ('account_operated_by', 'accounts_coordinated', 'campaign_attributed_to')
        OR (v.predicate = 'person_holds_role' AND v.subject_person_id IS NOT NULL) THEN
        IF counted.origins < 2 AND NOT counted.record AND NOT counted.itself AND NOT (
            v.single_source_label AND v.single_source_by_id IS NOT NULL AND v.single_source_by_id <> v.author_id
            AND length(btrim(v.single_source_reason)) >= 40
        ) THEN
            PERFORM claims_refuse('this claim needs two independent origins');
        END IF;
    END IF;
    IF v.predicate = 'account_operated_by' AND (counted.links < 2 OR NOT counted.outside) THEN
        PERFORM claims_refuse('who operates an account is shown by two links, one of them from outside');
    END IF;
    IF v.predicate = 'person_holds_role' AND (
        btrim(v.role_title) = '' OR coalesce(v.valid_from, v.valid_to, v.as_of) IS NULL
    ) THEN
        PERFORM claims_refuse('a role has its title and a date');
    END IF;
END $body$;

CREATE FUNCTION claims_passed_now(version uuid, hash text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT FROM claims_gateevaluation g
        WHERE g.version_id = version AND g.content_sha256 = hash AND g.passed AND g.xact = pg_current_xact_id()
    )
$body$;

CREATE OR REPLACE FUNCTION claims_check_release() {_TRIGGER}
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
    PERFORM claims_check_sourcing(v);
    IF NOT EXISTS (
        SELECT FROM claims_review r
        WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'editor'
            AND r.content_sha256 = v.content_sha256
            AND r.reviewed_by_id NOT IN (v.author_id, v.submitted_by_id)
            AND r.reviewed_by_id <> ALL (v.contributors)
    ) THEN
        PERFORM claims_refuse('a claim is released only after somebody else approved exactly this content');
    END IF;
    IF NOT claims_passed_now(v.id, v.content_sha256) THEN
        PERFORM claims_refuse('a claim is released only where the gate lets exactly this content pass');
    END IF;
    IF v.state = 'published' AND NOT EXISTS (
        SELECT FROM claims_publishedversion e JOIN claims_publication p ON p.id = e.publication_id
        WHERE e.version_id = v.id AND e.content_sha256 = v.content_sha256 AND p.case_id = v.case_id
            AND p.xact = pg_current_xact_id()
    ) THEN
        PERFORM claims_refuse('a claim is published only as part of a publication that pins its hash');
    END IF;
    RETURN NULL;
END $body$;

DROP TRIGGER claims_release_grades ON claims_claimversion;
DROP FUNCTION claims_check_grades();
"""

PUBLICATIONS = f"""
CREATE FUNCTION claims_mark_publication() {_TRIGGER}
BEGIN
    NEW.xact := pg_current_xact_id();
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_mark BEFORE INSERT ON claims_publication
    FOR EACH ROW EXECUTE FUNCTION claims_mark_publication();

CREATE FUNCTION claims_check_publication() {_TRIGGER}
DECLARE
    wrong boolean;
BEGIN
    WITH told AS (
        SELECT c ->> 'version_id' AS id, c ->> 'content_sha256' AS hash, c ->> 'public_text' AS words, c -> 'content' AS it
        FROM jsonb_array_elements(convert_from(NEW.snapshot, 'UTF8')::jsonb -> 'claims') c
    ),
    held AS (
        SELECT v.id::text AS id, e.content_sha256::text AS hash, v.public_text AS words,
            convert_from(v.content, 'UTF8')::jsonb AS it
        FROM claims_publishedversion e JOIN claims_claimversion v ON v.id = e.version_id
        WHERE e.publication_id = NEW.id
    )
    SELECT NOT EXISTS (SELECT FROM held)
        OR EXISTS (SELECT * FROM told EXCEPT ALL SELECT * FROM held)
        OR EXISTS (SELECT * FROM held EXCEPT ALL SELECT * FROM told)
    INTO wrong;
    IF wrong IS NOT FALSE THEN
        PERFORM claims_refuse('a publication shows exactly the claims that it holds, as they were approved');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_whole AFTER INSERT ON claims_publication DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_check_publication();

CREATE OR REPLACE FUNCTION claims_check_entry() {_TRIGGER}
BEGIN
    IF NOT EXISTS (
        SELECT FROM claims_claimversion v
        WHERE v.id = NEW.version_id AND v.state IN ('published', 'corrected', 'retracted')
            AND v.content_sha256 = NEW.content_sha256 AND v.case_id = NEW.case_id
    ) THEN
        PERFORM claims_refuse('a publication holds published claims only');
    END IF;
    IF NOT claims_passed_now(NEW.version_id, NEW.content_sha256) OR NOT EXISTS (
        SELECT FROM claims_publication p
        WHERE p.id = NEW.publication_id AND p.case_id = NEW.case_id AND p.xact = pg_current_xact_id()
    ) THEN
        PERFORM claims_refuse('a publication is made in one step with the run of the gate that lets it pass');
    END IF;
    RETURN NULL;
END $body$;
"""

# Stated twice, at the version and at its note, so that neither comes without the other.
CORRECTIONS = f"""
CREATE FUNCTION claims_check_withdrawal() {_TRIGGER}
BEGIN
    IF NOT EXISTS (
        SELECT FROM claims_correction c
        WHERE c.from_version_id = NEW.id AND btrim(c.public_note) <> '' AND btrim(c.cause) <> ''
            AND CASE NEW.state WHEN 'retracted' THEN c.kind = 'retraction' AND c.to_version_id IS NULL
                ELSE c.kind = 'correction' AND c.to_version_id IS NOT NULL END
    ) THEN
        PERFORM claims_refuse('a published claim is corrected or retracted with a public note');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_withdrawal AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('corrected', 'retracted') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_withdrawal();

CREATE FUNCTION claims_check_correction() {_TRIGGER}
DECLARE
    wanted text := CASE NEW.kind WHEN 'retraction' THEN 'retracted' ELSE 'corrected' END;
BEGIN
    IF NOT EXISTS (
        SELECT FROM claims_claimversion v LEFT JOIN claims_claimversion n ON n.id = NEW.to_version_id
        WHERE v.id = NEW.from_version_id AND v.claim_id = NEW.claim_id AND v.case_id = NEW.case_id
            AND v.state = wanted
            AND (wanted = 'retracted' OR (n.claim_id = v.claim_id AND n.state IN ('published', 'corrected', 'retracted')))
    ) THEN
        PERFORM claims_refuse('a correction speaks of a version that was corrected or retracted');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_note AFTER INSERT ON claims_correction DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_check_correction();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_walls_of_grades")]

    operations = [
        migrations.AddField(
            "gateevaluation", "seal", models.CharField(blank=True, editable=False, max_length=64, default="")
        ),
        migrations.AddField("review", "seal", models.CharField(blank=True, editable=False, max_length=64, default="")),
        # Forwards only: going back would open what this closes, and what was released under it would be judged by less.
        migrations.RunSQL(KEY + VERDICTS + RELEASES + PUBLICATIONS + CORRECTIONS),
    ]
