"""Through whose hands a claim goes before it is released, beside what 0004 asks.

* what accuses by its nature counts as harmful, whatever its author says: else lawyer, checker and replies fall away;
* the editor who approves is not the lawyer who signed off the same content, in whatever role they did it.
"""

from django.db import migrations

_TRIGGER = """RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"""

# The predicates are those of `claims.shapes.accuses`; a test compares the two.
HANDS = f"""
CREATE FUNCTION claims_check_hands() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.id;
    IF NOT FOUND OR v.state NOT IN ('approved', 'published') THEN
        RETURN NULL;
    END IF;
    IF NOT v.adverse AND (
        v.predicate IN ('accounts_coordinated', 'account_in_campaign', 'campaign_attributed_to')
        OR (v.predicate = 'account_operated_by' AND v.object_person_id IS NOT NULL)
    ) THEN
        PERFORM claims_refuse('what accuses by its nature is released as a claim that could harm');
    END IF;
    IF NOT EXISTS (
        SELECT FROM claims_review r
        WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'editor'
            AND r.content_sha256 = v.content_sha256
            AND NOT claims_wrote(v, r.reviewed_by_id) AND NOT claims_granted(v, r.reviewed_by_id)
            AND NOT EXISTS (
                SELECT FROM claims_review l
                WHERE l.version_id = v.id AND l.verdict = 'approved' AND l.stage = 'legal'
                    AND l.content_sha256 = v.content_sha256 AND l.reviewed_by_id = r.reviewed_by_id
            )
    ) THEN
        PERFORM claims_refuse('whoever signed a claim off as a lawyer does not give the approval of an editor');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_release_to_hands AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_hands();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_replies")]

    operations = [
        migrations.RunSQL(
            HANDS,
            "DROP TRIGGER claims_release_to_hands ON claims_claimversion; DROP FUNCTION claims_check_hands();",
        )
    ]
