"""What no path may do with requests and replies, whoever takes it.

* a request keeps its party and its allegations; once something was sent it is never deleted, its letter never changes;
* an outcome says no more than messages and replies show, and only a late reply changes it.
"""

from django.db import migrations

_FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
_TRIGGER = f"RETURNS trigger\n{_FUNCTION}"

REPLIES = f"""
CREATE FUNCTION claims_guard_request() {_TRIGGER}
DECLARE
    fixed text[] := ARRAY['id', 'case_id', 'number', 'party_account_id', 'party_person_id', 'party_organisation_id',
        'party_text', 'asked_by', 'created_by_id', 'created_at'];
    name text;
    sent boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.outcome <> '' THEN
            PERFORM claims_refuse('a request begins without an outcome');
        END IF;
        IF NEW.case_id IS DISTINCT FROM COALESCE(
            (SELECT case_id FROM cases_account WHERE id = NEW.party_account_id),
            (SELECT case_id FROM cases_person WHERE id = NEW.party_person_id),
            (SELECT case_id FROM cases_organisation WHERE id = NEW.party_organisation_id),
            NEW.case_id
        ) THEN
            PERFORM claims_refuse('a party is of the case of the request');
        END IF;
        RETURN NEW;
    END IF;
    sent := EXISTS (SELECT FROM claims_sending s WHERE s.request_id = OLD.id);
    IF TG_OP = 'DELETE' THEN
        IF sent OR OLD.outcome <> '' THEN
            PERFORM claims_refuse('a request that was sent, or decided on, is never deleted');
        END IF;
        RETURN OLD;
    END IF;
    FOREACH name IN ARRAY fixed LOOP
        IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
            PERFORM claims_refuse('the ' || name || ' of a request never changes');
        END IF;
    END LOOP;
    IF sent AND NEW.letter <> OLD.letter THEN
        PERFORM claims_refuse('a letter that was sent never changes');
    END IF;
    IF NEW.outcome <> OLD.outcome AND OLD.outcome <> '' AND NEW.outcome <> 'responded' THEN
        PERFORM claims_refuse('only a reply changes what came of a request');
    END IF;
    IF NEW.outcome <> OLD.outcome AND NOT (CASE NEW.outcome
        WHEN 'responded' THEN EXISTS (SELECT FROM claims_reply r WHERE r.request_id = OLD.id)
        WHEN 'unreachable' THEN
            2 <= (SELECT count(DISTINCT s.channel) FROM claims_sending s WHERE s.request_id = OLD.id)
        WHEN 'withheld' THEN NOT sent
        ELSE sent
    END) THEN
        PERFORM claims_refuse('an outcome says no more than what was sent and what came back');
    END IF;
    RETURN NEW;
END $body$;

CREATE FUNCTION claims_guard_part_of_request() {_TRIGGER}
BEGIN
    IF NEW.case_id IS DISTINCT FROM (SELECT case_id FROM claims_replyrequest WHERE id = NEW.request_id) THEN
        PERFORM claims_refuse('a part of a request belongs to its case');
    END IF;
    RETURN NEW;
END $body$;

CREATE FUNCTION claims_guard_allegation() {_TRIGGER}
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM claims_refuse('what was put to a party never changes');
    END IF;
    IF EXISTS (SELECT FROM claims_sending s WHERE s.request_id = COALESCE(NEW.request_id, OLD.request_id)) THEN
        PERFORM claims_refuse('what was put to a party never changes');
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.case_id IS DISTINCT FROM (SELECT case_id FROM claims_claimversion WHERE id = NEW.version_id)
        OR NEW.case_id IS DISTINCT FROM (SELECT case_id FROM claims_replyrequest WHERE id = NEW.request_id) THEN
        PERFORM claims_refuse('an allegation is of a claim of the case of its request');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT OR UPDATE OR DELETE ON claims_replyrequest
    FOR EACH ROW EXECUTE FUNCTION claims_guard_request();
CREATE TRIGGER claims_guard BEFORE INSERT OR UPDATE OR DELETE ON claims_allegation
    FOR EACH ROW EXECUTE FUNCTION claims_guard_allegation();
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_sending
    FOR EACH ROW EXECUTE FUNCTION claims_guard_part_of_request();
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_reply
    FOR EACH ROW EXECUTE FUNCTION claims_guard_part_of_request();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_releases")]

    operations = [migrations.RunSQL(REPLIES)]
