"""Since when the log waits to be sealed, for whoever asks: the event that waits may be of a case one does not see."""

from django.conf import settings
from django.db import migrations

FUNCTION = """
CREATE FUNCTION audit_waiting_since() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $body$
    SELECT e.recorded_at FROM audit_event e WHERE e.id = (SELECT min(p.id) FROM audit_pending p)
$body$;
REVOKE ALL ON FUNCTION audit_waiting_since() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_waiting_since() TO {web};
ALTER FUNCTION audit_waiting_since() OWNER TO {audit_owner};
"""


def forwards(apps, schema_editor):
    quote = schema_editor.connection.ops.quote_name
    roles = {name: quote(role) for name, role in settings.DB_ROLES.items()}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        cursor.execute(FUNCTION.format(schema=quote(cursor.fetchone()[0]), **roles))


def backwards(apps, schema_editor):
    schema_editor.execute("DROP FUNCTION audit_waiting_since()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_time_stamps")]
    operations = [migrations.RunPython(forwards, backwards)]
