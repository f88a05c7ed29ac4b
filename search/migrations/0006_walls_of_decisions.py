"""Decisions about entries that may be one are seen by members of their case, and stay as they were made."""

from django.db import migrations

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows


class Migration(migrations.Migration):
    dependencies = [("search", "0005_likenesses"), ("audit", "0001_initial")]

    operations = [
        secure_rows("search_likeness"),
        append_only("search_likeness"),
        guard_rows("search_likeness"),
    ]
