"""Rows leave a trace however they change, and what was observed, imported or laid down stays; and the shared cache."""

from django.db import migrations

from audit.triggers import append_only, guard_rows

# The time of last use changes at reads, which have no event of their own: it is not among the guarded columns.
GUARD_TOKENS = """
CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR DELETE
    OR UPDATE OF id, owner_id, name, prefix, secret_sha256, scopes, created_at, expires_at, revoked_at
    ON cases_apitoken DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION audit_guard_row('apitoken', 'id', 'case_id', 'secret_sha256')
"""
# Django's own layout of a cache table (createcachetable), which has no model. All web processes share it.
CACHE = """
CREATE TABLE cases_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX cases_cache_expires ON cases_cache (expires);
"""
GUARDED = ("account", "observation", "person", "organisation", "name", "membership", "casepolicy", "housepolicy")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("audit", "0002_append")]

    operations = [
        *(append_only(f"cases_{table}") for table in ("observation", "importedlog", "casepolicy", "housepolicy")),
        *(guard_rows(f"cases_{table}") for table in GUARDED),
        guard_rows("cases_case", case_column="id"),
        guard_rows("cases_user", hide=["password"]),
        guard_rows("cases_importedlog", hide=["lines"]),
        migrations.RunSQL(GUARD_TOKENS + ";" + CACHE),
    ]
