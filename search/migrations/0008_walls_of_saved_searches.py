"""Saved searches are their owner's alone."""

from django.db import migrations

from cases.row_security import secure_rows_through

OWN = "owner_id = (SELECT app_uid())"


class Migration(migrations.Migration):
    dependencies = [("search", "0007_saved_searches"), ("cases", "0006_row_security")]

    operations = [secure_rows_through("search_savedsearch", visible=OWN, writable=OWN)]
