"""What rows may not hide, whoever writes them, beside what 0002 to 0006 ask.

* who operates an account leaves as a record, not as words, which no pseudonym covers and nobody tells apart; whoever is
  blamed in words counts as a person for the lawyer (G-20, G-63);
* a version that replaces another one remembers who wrote that one: a copy does not make them its reviewers (G-70);
* that a party declined comes with its words, and deadlines are not moved once a message went out (G-50).
"""

from django.db import migrations, models

_TRIGGER = """RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"""

# The predicates are those of `claims.shapes.ATTRIBUTIONS`; a test compares the two.
WORDS = f"""
CREATE FUNCTION claims_check_words() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.id;
    IF NOT FOUND OR v.state NOT IN ('approved', 'published') OR btrim(v.object_text) = '' THEN
        RETURN NULL;
    END IF;
    IF v.predicate = 'account_operated_by' THEN
        PERFORM claims_refuse('who operates an account is released as a record, not as words');
    END IF;
    IF v.adverse AND v.predicate IN ('campaign_attributed_to', 'org_controlled_by') AND NOT EXISTS (
        SELECT FROM claims_review r
        WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'legal'
            AND r.content_sha256 = v.content_sha256 AND NOT claims_wrote(v, r.reviewed_by_id)
    ) THEN
        PERFORM claims_refuse('what blames somebody in words is released only after legal sign-off on exactly this');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_release_words AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_words();
"""

HEIRS = f"""
CREATE FUNCTION claims_guard_heir() {_TRIGGER}
BEGIN
    IF NOT EXISTS (
        SELECT FROM claims_claimversion p
        WHERE p.id = NEW.supersedes_id AND p.claim_id = NEW.claim_id
            AND array_remove(p.contributors || ARRAY[p.author_id, p.submitted_by_id], NULL) <@ NEW.contributors
    ) THEN
        PERFORM claims_refuse('a version that replaces another one names everybody who wrote that one');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard_heir BEFORE INSERT ON claims_claimversion
    FOR EACH ROW WHEN (NEW.supersedes_id IS NOT NULL) EXECUTE FUNCTION claims_guard_heir();
"""

REQUESTS = f"""
CREATE FUNCTION claims_guard_outcome() {_TRIGGER}
BEGIN
    IF NEW.outcome = 'declined' AND OLD.outcome <> 'declined' AND btrim(NEW.outcome_note) = '' THEN
        PERFORM claims_refuse('that a party declined comes with who said so, when and in which words');
    END IF;
    IF (NEW.deadline IS DISTINCT FROM OLD.deadline OR NEW.urgency <> OLD.urgency)
        AND EXISTS (SELECT FROM claims_sending s WHERE s.request_id = OLD.id) THEN
        PERFORM claims_refuse('the deadline that was given to a party never changes');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard_outcome BEFORE UPDATE ON claims_replyrequest
    FOR EACH ROW EXECUTE FUNCTION claims_guard_outcome();

CREATE FUNCTION claims_guard_channel() {_TRIGGER}
BEGIN
    IF NEW.channel = 'not_said' AND (SELECT asked_by FROM claims_replyrequest WHERE id = NEW.request_id) = '' THEN
        PERFORM claims_refuse('a message of our own says by what it went');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard_channel BEFORE INSERT ON claims_sending
    FOR EACH ROW EXECUTE FUNCTION claims_guard_channel();
"""

UNDO = """
DROP TRIGGER claims_release_words ON claims_claimversion; DROP FUNCTION claims_check_words();
DROP TRIGGER claims_guard_heir ON claims_claimversion; DROP FUNCTION claims_guard_heir();
DROP TRIGGER claims_guard_outcome ON claims_replyrequest; DROP FUNCTION claims_guard_outcome();
DROP TRIGGER claims_guard_channel ON claims_sending; DROP FUNCTION claims_guard_channel();
"""

KINDS = [
    ("email", "E-mail address"),
    ("phone", "Telephone number"),
    ("address", "Postal address"),
    ("place", "Coordinates"),
    ("iban", "Bank account"),
    ("card", "Card number"),
    ("papers", "Number of identity papers"),
    ("plate", "Number plate"),
    ("family", "Relative, by name"),
    ("name", "Name of a private individual"),
    ("minor", "Name of a minor"),
]


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_text_put_to_parties")]

    operations = [
        migrations.RunSQL(WORDS + HEIRS + REQUESTS, UNDO),
        migrations.AlterField(
            model_name="tracedecision",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12),
        ),
    ]
