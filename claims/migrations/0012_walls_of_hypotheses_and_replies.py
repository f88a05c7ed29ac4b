"""What no path may do with alternatives and replies, whoever takes it.

* alternatives and their ratings are parts of a version: frozen with it;
* a request keeps its party and its allegations; once something was sent it is never deleted, its letter never changes;
* messages and replies are never changed; an outcome says no more than they show, and only a late reply changes it.
"""

from django.db import migrations

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows

ALTERNATIVES = """
CREATE FUNCTION claims_guard_hypothesis() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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

CREATE FUNCTION claims_guard_fit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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

REPLIES = """
CREATE FUNCTION claims_guard_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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

CREATE FUNCTION claims_guard_part_of_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    IF NEW.case_id IS DISTINCT FROM (SELECT case_id FROM claims_replyrequest WHERE id = NEW.request_id) THEN
        PERFORM claims_refuse('a part of a request belongs to its case');
    END IF;
    RETURN NEW;
END $body$;

CREATE FUNCTION claims_guard_allegation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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

TABLES = (
    "claims_hypothesis",
    "claims_evidencefit",
    "claims_replyrequest",
    "claims_allegation",
    "claims_sending",
    "claims_reply",
)
UNDO = "".join(
    f"DROP TRIGGER claims_guard ON {table};" for table in TABLES
) + """DROP FUNCTION claims_guard_hypothesis(), claims_guard_fit(), claims_guard_request(),
    claims_guard_part_of_request(), claims_guard_allegation();"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("cases", "0006_row_security"),
        ("claims", "0011_hypotheses_and_replies"),
    ]

    operations = [
        migrations.RunSQL(ALTERNATIVES + REPLIES, UNDO),
        append_only("claims_sending"),
        append_only("claims_reply"),
        *(guard_rows(table) for table in TABLES),
        *(secure_rows(table) for table in TABLES),
    ]
