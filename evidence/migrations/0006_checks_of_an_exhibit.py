"""Each exhibit knows when its original was last read for it: of other cases' checks of the same bytes it learns nothing."""

from django.db import migrations, models

# The guard is off meanwhile: no person changes anything here.
LAST_CHECKED = """
ALTER TABLE evidence_item DISABLE TRIGGER audit_guard;
UPDATE evidence_item i SET fixity_checked_at = own.last
FROM (
    SELECT item_id, max(at) AS last FROM evidence_custodyevent WHERE action IN ('receive', 'fixity_check') GROUP BY item_id
) own
WHERE own.item_id = i.id AND i.blob_id IS NOT NULL;
ALTER TABLE evidence_item ENABLE TRIGGER audit_guard;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_readings")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="fixity_checked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(LAST_CHECKED, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="blob", name="fixity_checked_at"),
    ]
