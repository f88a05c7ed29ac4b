"""More of the gate recomputed by PostgreSQL at release: a forged run of the gate is not believed.

0003 computes citations, hashes and reviews anew and takes the rest from a stored run, which the application's role can
insert. What can be read off the rows is computed here as well: judgement (G-40), grades (G-05, G-06), independent
origins (G-07), identity links (G-20) and the dates of a role (G-22). Each condition is no stricter than its rule;
what needs language (hedges, labels, caveats) stays with the application.
"""

from django.db import migrations

GRADES = """
CREATE FUNCTION claims_check_grades() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    v claims_claimversion;
    counted record;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.id;
    IF NOT FOUND OR v.state NOT IN ('approved', 'published') THEN
        RETURN NULL;
    END IF;
    IF '' IN (v.likelihood, v.analytic_confidence, btrim(v.public_text), btrim(v.confidence_information_base),
              btrim(v.confidence_rigour), btrim(v.confidence_volatility)) THEN
        PERFORM claims_refuse('a released claim has its text, its likelihood and a confidence with three reasons');
    END IF;
    -- One row about the citations that count: how many, from how many origins, graded and described or not.
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
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_release_grades AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_grades();
"""

UNDO = """
DROP TRIGGER claims_release_grades ON claims_claimversion;
DROP FUNCTION claims_check_grades();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_row_security")]
    operations = [migrations.RunSQL(GRADES, UNDO)]
