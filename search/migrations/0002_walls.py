"""Who sees documents, and that decisions about entries that may be one stay as they were made."""

from django.db import migrations

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows, secure_rows_through

TABLES = ("search_document", "search_wording", "search_outbox", "search_word", "search_likeness")
OWN = "owner_id = (SELECT app_uid())"


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("cases", "0003_row_security"), ("audit", "0002_append")]

    operations = [
        *(secure_rows(table) for table in TABLES),
        secure_rows_through("search_savedsearch", visible=OWN, writable=OWN),
        append_only("search_likeness"),
        guard_rows("search_likeness"),
    ]
