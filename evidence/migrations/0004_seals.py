"""Readings, grades and decisions about origins are written by the application only.

Otherwise whoever can write as the application's role could insert a text that nobody read in the bytes, and a quote
would be "found" in it; a grade or an independent origin could be made up alike. So these rows carry a seal that
PostgreSQL checks with a key which that role cannot read, leave an event however they are made, and are what a source's
letter and origin follow. The key's table and its functions also serve the packages that build on this one.
"""

from django.conf import settings
from django.db import migrations

from audit.triggers import guard_rows
from evidence.seals import sealed_rows

_FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
WEB = settings.DB_ROLES["web"]

# SHA-256 of both sides, so that the time of the comparison tells nothing about the seal that would fit.
KEY = f"""
CREATE TABLE evidence_sealkey (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    inner_block bytea NOT NULL CHECK (length(inner_block) = 64),
    outer_block bytea NOT NULL CHECK (length(outer_block) = 64)
);
REVOKE ALL ON evidence_sealkey FROM PUBLIC, "{WEB}";

CREATE FUNCTION evidence_seal_fits(seal text, parts text[]) RETURNS boolean
{_FUNCTION}
DECLARE
    known evidence_sealkey;
BEGIN
    SELECT * INTO known FROM evidence_sealkey;
    RETURN FOUND AND sha256(convert_to(seal, 'UTF8')) = sha256(convert_to(encode(sha256(
        known.outer_block || sha256(known.inner_block || convert_to(array_to_string(parts, E'\\n', ''), 'UTF8'))
    ), 'hex'), 'UTF8'));
END $body$;

-- The arguments are the columns under the seal, in their order.
CREATE FUNCTION evidence_check_seal() RETURNS trigger
{_FUNCTION}
DECLARE
    parts text[] := ARRAY[TG_TABLE_NAME::text];
    it jsonb := to_jsonb(NEW);
BEGIN
    FOR position IN 0 .. TG_NARGS - 1 LOOP
        parts := parts || (it ->> TG_ARGV[position]);
    END LOOP;
    IF evidence_seal_fits(it ->> 'seal', parts) IS NOT TRUE THEN
        RAISE EXCEPTION 'a row of % carries the seal of the application', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $body$;
"""

TEXTS = """
ALTER TABLE evidence_textlayer ADD CONSTRAINT evidence_text_has_its_hash CHECK (
    sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')
);
"""

# Letter and origin repeat the newest decision, so that neither is changed without one.
SOURCES = f"""
CREATE FUNCTION evidence_guard_source() RETURNS trigger
{_FUNCTION}
DECLARE
    letter text := '';
    origin uuid;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.reliability, NEW.origin_group_id)
        IS NOT DISTINCT FROM (OLD.reliability, OLD.origin_group_id) THEN
        RETURN NEW;
    END IF;
    SELECT g.reliability INTO letter FROM evidence_sourcegrade g
    WHERE g.source_id = NEW.id ORDER BY g.graded_at DESC, g.id DESC LIMIT 1;
    SELECT c.to_group_id INTO origin FROM evidence_originchange c
    WHERE c.source_id = NEW.id ORDER BY c.changed_at DESC, c.id DESC LIMIT 1;
    IF NEW.reliability <> coalesce(letter, '') OR NEW.origin_group_id IS DISTINCT FROM origin THEN
        RAISE EXCEPTION 'the letter and the origin of a source are those of its newest grade and decision'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER evidence_guard BEFORE INSERT OR UPDATE ON evidence_source
    FOR EACH ROW EXECUTE FUNCTION evidence_guard_source();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_row_security")]

    operations = [
        migrations.RunSQL(KEY + TEXTS + SOURCES),
        sealed_rows(
            "evidence_textlayer", "id", "blob_id", "sha256", "pages", "tool", trigger="evidence_seal"
        ),
        sealed_rows(
            "evidence_sourcegrade",
            "id", "case_id", "source_id", "reliability", "graded_by_id", "rationale",
            trigger="evidence_seal",
        ),
        sealed_rows(
            "evidence_originchange",
            "id", "case_id", "source_id", "from_group_id", "to_group_id", "changed_by_id", "reason",
            trigger="evidence_seal",
        ),
        guard_rows("evidence_textlayer", hide=["text"]),
        guard_rows("evidence_sourcegrade"),
        guard_rows("evidence_originchange"),
    ]  # fmt: skip
