"""Rows of access leave a trace however they change; and the cache that all web processes share."""

from django.db import migrations

from audit.triggers import guard_rows

# The time of last use changes at reads, which have no event of their own: it is not among the guarded columns.
GUARD_TOKENS = """
CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR DELETE
    OR UPDATE OF id, owner_id, name, prefix, secret_sha256, scopes, created_at, expires_at, revoked_at
    ON cases_apitoken DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION audit_guard_row('apitoken', 'id', 'case_id', 'secret_sha256')
"""
# Django's own layout of a cache table (createcachetable), which has no model.
CACHE = """
CREATE TABLE cases_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX cases_cache_expires ON cases_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_subjects"), ("audit", "0001_initial")]

    operations = [
        guard_rows("cases_case", case_column="id"),
        guard_rows("cases_membership"),
        guard_rows("cases_user", hide=["password"]),
        migrations.RunSQL(GUARD_TOKENS, "DROP TRIGGER audit_guard ON cases_apitoken"),
        migrations.RunSQL(CACHE, "DROP TABLE cases_cache"),
    ]
