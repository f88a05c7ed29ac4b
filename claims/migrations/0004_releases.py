"""What a release needs is computed anew by PostgreSQL, at commit, from the rows: no flag is believed.

* approved and published versions are sourced, reviewed by somebody else who granted no exception, and passed by the
  gate in the same transaction, so that no earlier run is used again after its evidence changed;
* what could harm a person waits for the lawyer's word on exactly this content (G-63), and a claim about a person or an
  account for a record of its case that says why (G-62);
* a publication shows exactly the claims it holds, word for word as approved, and is made in that same transaction;
* a published version becomes corrected or retracted only with its public note.

Each condition is no stricter than its rule; what needs language (hedges, labels, caveats) stays with the application,
whose runs of the gate are sealed.
"""

from django.db import migrations

_FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
_TRIGGER = f"RETURNS trigger\n{_FUNCTION}"
_SQL = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"

# A region may lie in a page of a document, in a picture on it, or in a keyframe of a film, besides in an image.
# The newest verdict on a citation holds, whatever was written since: only a checker takes back what a checker said.
CITATIONS = f"""
CREATE FUNCTION claims_citation_is_found(citation claims_citation) RETURNS boolean
{_SQL}
    SELECT citation.stance = 'supports' AND citation.verified AND EXISTS (
        SELECT FROM evidence_item i JOIN evidence_blob b ON b.sha256 = i.blob_id
        WHERE i.id = citation.item_id AND i.state = 'active' AND i.captured_at IS NOT NULL
            AND b.fixity NOT IN ('changed', 'missing')
            AND CASE citation.selector_type
                WHEN 'region' THEN
                    citation.region_sha256 ~ '^[0-9a-f]{{64}}$'
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

-- The newest verdict holds, whatever was written since: only a checker takes back what a checker said.
CREATE FUNCTION claims_citation_counts(citation claims_citation) RETURNS boolean
{_SQL}
    SELECT claims_citation_is_found(citation) AND coalesce((
        SELECT r.verdict FROM claims_citationreview r
        WHERE r.citation_id = citation.id ORDER BY r.reviewed_at DESC, r.id DESC LIMIT 1
    ), '') NOT IN ('does_not_support', 'question')
$body$;

-- The frozen content names this version, its text, and exactly its citations with the hashes of their evidence.
CREATE FUNCTION claims_content_describes(v claims_claimversion) RETURNS boolean
{_SQL}
    WITH content AS (SELECT convert_from(v.content, 'UTF8')::jsonb AS it),
    frozen AS (
        SELECT e ->> 'id' AS id, e ->> 'stance' AS stance, e ->> 'exact' AS exact, e #>> '{{item,sha256}}' AS sha256
        FROM content, jsonb_array_elements(it -> 'citations') e
    ),
    stored AS (
        SELECT c.id::text AS id, c.stance::text AS stance, c.exact AS exact, i.blob_id::text AS sha256
        FROM claims_citation c JOIN evidence_item i ON i.id = c.item_id WHERE c.version_id = v.id
    )
    SELECT it #>> '{{version,id}}' = v.id::text AND it #>> '{{claim,id}}' = v.claim_id::text
        AND it ->> 'predicate' = v.predicate AND it ->> 'public_text' = v.public_text
        AND NOT EXISTS (SELECT * FROM frozen EXCEPT ALL SELECT * FROM stored)
        AND NOT EXISTS (SELECT * FROM stored EXCEPT ALL SELECT * FROM frozen)
    FROM content
$body$;
"""

SOURCING = f"""
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
"""

RELEASES = f"""
CREATE FUNCTION claims_passed_now(version uuid, hash text) RETURNS boolean
{_SQL}
    SELECT EXISTS (
        SELECT FROM claims_gateevaluation g
        WHERE g.version_id = version AND g.content_sha256 = hash AND g.passed AND g.xact = pg_current_xact_id()
    )
$body$;

CREATE FUNCTION claims_check_release() {_TRIGGER}
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

CREATE CONSTRAINT TRIGGER claims_release AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_release();

-- Runs at commit, after claims_check_release, which says better what is missing where nobody approved.
CREATE FUNCTION claims_check_granters() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.id;
    IF NOT FOUND OR v.state NOT IN ('approved', 'published') THEN
        RETURN NULL;
    END IF;
    IF v.single_source_label AND (v.single_source_by_id IS NULL OR claims_wrote(v, v.single_source_by_id)) THEN
        PERFORM claims_refuse('nobody lets a single source suffice for what they wrote');
    END IF;
    IF NOT EXISTS (
        SELECT FROM claims_review r
        WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'editor'
            AND r.content_sha256 = v.content_sha256
            AND NOT claims_wrote(v, r.reviewed_by_id) AND NOT claims_granted(v, r.reviewed_by_id)
    ) THEN
        PERFORM claims_refuse('whoever granted an exception does not give the approval');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_release_granters AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_granters();

CREATE FUNCTION claims_check_law() {_TRIGGER}
DECLARE
    v claims_claimversion;
    names_person boolean;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.id;
    IF NOT FOUND OR v.state NOT IN ('approved', 'published') THEN
        RETURN NULL;
    END IF;
    names_person := v.subject_person_id IS NOT NULL OR v.object_person_id IS NOT NULL;
    IF (names_person OR v.subject_account_id IS NOT NULL OR v.object_account_id IS NOT NULL) AND NOT EXISTS (
        SELECT FROM claims_dataprotectionrecord d WHERE d.case_id = v.case_id AND d.person_id IS NULL
    ) THEN
        PERFORM claims_refuse('a claim about people is released only where a record says why their data are handled');
    END IF;
    IF v.adverse AND names_person AND NOT EXISTS (
        SELECT FROM claims_review r
        WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'legal'
            AND r.content_sha256 = v.content_sha256 AND NOT claims_wrote(v, r.reviewed_by_id)
    ) THEN
        PERFORM claims_refuse('what could harm a person is released only after legal sign-off on exactly this content');
    END IF;
    IF EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (t.kind, t.passage) t.kind, t.settled, t.decided_at FROM claims_tracedecision t
            WHERE t.version_id = v.id AND t.content_sha256 = v.content_sha256
            ORDER BY t.kind, t.passage, t.decided_at DESC, t.id DESC
        ) newest
        WHERE newest.kind IN ('name', 'minor') AND newest.settled = 'waived' AND NOT EXISTS (
            SELECT FROM claims_review r
            WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'legal'
                AND r.content_sha256 = v.content_sha256 AND r.reviewed_at >= newest.decided_at
        )
    ) THEN
        PERFORM claims_refuse('a private person is named only after the legal sign-off that follows the decision');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_release_law AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_law();
"""

# In which transaction a row was written: set by the row's trigger, whatever the statement says.
PUBLICATIONS = f"""
ALTER TABLE claims_publication ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();

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

CREATE FUNCTION claims_check_entry() {_TRIGGER}
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

CREATE CONSTRAINT TRIGGER claims_entry AFTER INSERT ON claims_publishedversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_check_entry();
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
    dependencies = [("claims", "0003_verdicts")]

    operations = [migrations.RunSQL(CITATIONS + SOURCING + RELEASES + PUBLICATIONS + CORRECTIONS)]
