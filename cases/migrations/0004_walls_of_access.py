"""PostgreSQL shows a person only the log of their cases, and lets nobody give themselves rights.

The policies of the log are made here and not in `audit`, which knows no memberships.
"""

from django.db import migrations

from audit.offline import KEY_CHANGED
from cases.row_security import secure_rows, secure_rows_through

# The owner of a table passes: the row guard tells of what it changes, and it could drop the triggers anyway.
FUNCTIONS = """
CREATE FUNCTION cases_is_owner(relation oid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_has_role(session_user, c.relowner, 'MEMBER') FROM pg_class c WHERE c.oid = relation
$$;

-- Rights of an account are a superuser's to give, and nobody's to give themselves; so are others' credentials.
CREATE FUNCTION cases_guard_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    person uuid := app_uid();
BEGIN
    IF current_setting('app.uid', true) = 'system' OR cases_is_owner(TG_RELID) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.is_active, NEW.is_staff, NEW.is_superuser, NEW.can_create_cases)
            IS NOT DISTINCT FROM (OLD.id, OLD.is_active, OLD.is_staff, OLD.is_superuser, OLD.can_create_cases)
            AND (person IS NULL OR person = NEW.id OR (NEW.username, NEW.email, NEW.password)
                IS NOT DISTINCT FROM (OLD.username, OLD.email, OLD.password)) THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM FROM cases_user u WHERE u.id = person AND u.id <> NEW.id AND u.is_active AND u.is_superuser;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'account %: only another administrator gives or takes rights', NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- Only editors manage members, and none of them their own membership; whoever opens a case becomes its first member.
CREATE FUNCTION cases_guard_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    person uuid := app_uid();
BEGIN
    IF current_setting('app.uid', true) = 'system' OR cases_is_owner(TG_RELID) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM cases_case c WHERE c.id = NEW.case_id AND c.lead_id = person AND NEW.user_id = person
            AND NOT EXISTS (SELECT FROM cases_membership m WHERE m.case_id = c.id);
        IF FOUND THEN
            RETURN NEW;
        END IF;
    ELSIF (NEW.case_id, NEW.user_id, NEW.role) IS DISTINCT FROM (OLD.case_id, OLD.user_id, OLD.role)
        OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'membership %: it is ended, never changed', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM FROM cases_membership m WHERE m.case_id = NEW.case_id AND m.user_id = person AND m.user_id <> NEW.user_id
        AND m.role = 'editor' AND m.ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'membership %: only another editor of the case gives or takes roles', NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cases_guard_lead() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_setting('app.uid', true) IS DISTINCT FROM 'system' AND NOT cases_is_owner(TG_RELID)
        AND OLD.lead_id IS DISTINCT FROM app_uid() THEN
        RAISE EXCEPTION 'case %: only its lead hands over the lead', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- Arguments: object type, then the actions of which one must have left its event in the same transaction.
CREATE FUNCTION cases_demand_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_case uuid := (to_jsonb(NEW) ->> 'case_id')::uuid;
BEGIN
    PERFORM FROM audit_event e
    WHERE e.xact = pg_current_xact_id() AND e.action <> 'row_changed' AND e.action = ANY (TG_ARGV[1:])
        AND (e.object = TG_ARGV[0] || ':' || NEW.id OR e.case_id = of_case);
    IF NOT FOUND AND NOT cases_is_owner(TG_RELID) THEN
        RAISE EXCEPTION '% %: rights change only through an action that leaves an event', TG_ARGV[0], NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER cases_guard BEFORE INSERT OR UPDATE ON cases_user
    FOR EACH ROW EXECUTE FUNCTION cases_guard_user();
CREATE TRIGGER cases_guard BEFORE INSERT OR UPDATE ON cases_membership
    FOR EACH ROW EXECUTE FUNCTION cases_guard_membership();
CREATE TRIGGER cases_guard BEFORE UPDATE ON cases_case
    FOR EACH ROW WHEN (OLD.lead_id <> NEW.lead_id) EXECUTE FUNCTION cases_guard_lead();

CREATE CONSTRAINT TRIGGER cases_demand_at_insert AFTER INSERT ON cases_user DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.is_staff OR NEW.is_superuser OR NEW.can_create_cases)
    EXECUTE FUNCTION cases_demand_event('user', 'user_created');
CREATE CONSTRAINT TRIGGER cases_demand_at_update AFTER UPDATE ON cases_user DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN ((NEW.is_active, NEW.is_staff, NEW.is_superuser, NEW.can_create_cases)
        IS DISTINCT FROM (OLD.is_active, OLD.is_staff, OLD.is_superuser, OLD.can_create_cases))
    EXECUTE FUNCTION cases_demand_event('user', 'user_changed');
CREATE CONSTRAINT TRIGGER cases_demand AFTER INSERT OR UPDATE ON cases_membership DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cases_demand_event(
        'membership', 'case_created', 'member_added', 'member_role_changed', 'member_removed');
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_row_security")]

    operations = [
        # Events without a case tell of accounts and of the installation: no page shows them. Those that name a new
        # signing key go into every dossier.
        secure_rows("audit_event", seen=f"action = '{KEY_CHANGED}'"),
        secure_rows_through(
            "audit_payload", visible="EXISTS (SELECT FROM audit_event e WHERE e.event_id = audit_payload.event_id)"
        ),
        migrations.RunSQL(FUNCTIONS + TRIGGERS),
    ]
