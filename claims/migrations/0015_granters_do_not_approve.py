"""Whoever lets something stand that the gate asks for neither wrote the claim nor gives the approval it is released on.

Until now the walls compared the granter of an exception with the author alone. The guards of verdicts on reviews,
citations and sentences say the same of their people and become one function.
"""

from django.db import migrations

_FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
_TRIGGER = f"RETURNS trigger\n{_FUNCTION}"
_SQL = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"

PEOPLE = f"""
CREATE FUNCTION claims_wrote(v claims_claimversion, person uuid) RETURNS boolean
{_SQL}
    SELECT coalesce(person IN (v.author_id, v.submitted_by_id), false) OR person = ANY (v.contributors)
$body$;

-- Whether an exception of `person` stands for the content of now: the newest decision on each rule counts.
CREATE FUNCTION claims_granted(v claims_claimversion, person uuid) RETURNS boolean
{_SQL}
    SELECT (v.single_source_label AND v.single_source_by_id IS NOT DISTINCT FROM person) OR EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (x.rule) x.granted, x.decided_by_id FROM claims_gateexception x
            WHERE x.version_id = v.id AND x.content_sha256 = v.content_sha256
            ORDER BY x.rule, x.decided_at DESC, x.id DESC
        ) newest WHERE newest.granted AND newest.decided_by_id = person
    )
$body$;

CREATE FUNCTION claims_check_judge(v claims_claimversion, of_case uuid, content text, person uuid) RETURNS void
{_FUNCTION}
BEGIN
    IF of_case <> v.case_id OR content <> v.content_sha256 OR content = '' THEN
        PERFORM claims_refuse('a verdict is bound to the content of the version as it is submitted');
    END IF;
    IF claims_wrote(v, person) THEN
        PERFORM claims_refuse('nobody reviews what they wrote');
    END IF;
    IF NOT EXISTS (
        SELECT FROM cases_membership m
        WHERE m.case_id = v.case_id AND m.user_id = person AND m.role = 'editor' AND m.ended_at IS NULL
    ) THEN
        PERFORM claims_refuse('only an editor of the case reviews');
    END IF;
END $body$;
"""

VERDICTS = f"""
CREATE OR REPLACE FUNCTION claims_guard_review() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    PERFORM claims_check_judge(v, NEW.case_id, NEW.content_sha256, NEW.reviewed_by_id);
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

CREATE OR REPLACE FUNCTION claims_guard_sentence() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    PERFORM claims_check_judge(v, NEW.case_id, NEW.content_sha256, NEW.reviewed_by_id);
    IF v.state NOT IN ('submitted', 'approved') OR strpos(v.public_text, NEW.sentence) = 0 THEN
        PERFORM claims_refuse('only sentences of a submitted version are checked');
    END IF;
    IF NEW.verdict = 'ticked' AND (jsonb_typeof(NEW.citations) <> 'array' OR NEW.citations = '[]') THEN
        PERFORM claims_refuse('a sentence is ticked against citations');
    END IF;
    RETURN NEW;
END $body$;
"""

EXCEPTIONS = f"""
CREATE OR REPLACE FUNCTION claims_guard_exception() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    IF NEW.case_id <> v.case_id OR NEW.content_sha256 <> v.content_sha256
        OR v.state NOT IN ('submitted', 'approved') THEN
        PERFORM claims_refuse('an exception is bound to the content of the version as it is submitted');
    END IF;
    IF claims_wrote(v, NEW.decided_by_id) OR NOT EXISTS (
        SELECT FROM cases_membership m
        WHERE m.case_id = v.case_id AND m.user_id = NEW.decided_by_id AND m.role = 'editor' AND m.ended_at IS NULL
    ) THEN
        PERFORM claims_refuse('only an editor of the case who did not write the claim decides on an exception');
    END IF;
    IF NEW.granted AND length(btrim(NEW.reason)) < 40 THEN
        PERFORM claims_refuse('an exception has a reason of at least 40 characters');
    END IF;
    RETURN NEW;
END $body$;

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
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0014_gate_exceptions")]

    # Forwards only: going back would open what this closes.
    operations = [migrations.RunSQL(PEOPLE + VERDICTS + EXCEPTIONS)]
