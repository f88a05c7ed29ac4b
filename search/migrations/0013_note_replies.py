"""What those whom claims name answered is found too, and no longer by all once its exhibit is sensitive."""

from django.db import migrations

from search.triggers import note_changes, note_rows

SENSITIVITY = """
CREATE FUNCTION search_note_replies_of_item() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    INSERT INTO search_outbox (case_id, what, object_id, hides, at, attempts, problem)
    SELECT r.case_id, 'reply', r.id, NEW.sensitivity = 'sensitive', clock_timestamp(), 0, ''
    FROM claims_reply r WHERE r.item_id = NEW.id;
    PERFORM pg_notify('search_outbox', '');
    RETURN NULL;
END $body$;
CREATE TRIGGER search_note_replies AFTER UPDATE ON evidence_item
    FOR EACH ROW WHEN (NEW.sensitivity IS DISTINCT FROM OLD.sensitivity)
    EXECUTE FUNCTION search_note_replies_of_item();
"""
UNDO = "DROP TRIGGER search_note_replies ON evidence_item; DROP FUNCTION search_note_replies_of_item();"


class Migration(migrations.Migration):
    dependencies = [("search", "0012_one_statement_of_postgresql"), ("claims", "0012_walls_of_hypotheses_and_replies")]

    operations = [
        note_changes("claims_reply", ("reply", "id")),
        migrations.RunSQL(SENSITIVITY, UNDO),
        note_rows("reply", "claims_reply"),
    ]
