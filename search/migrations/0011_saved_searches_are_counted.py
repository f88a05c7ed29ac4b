"""What is new for a saved search is counted by a job; documents that are made anew by other rules are no news."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_walls_of_access"), ("search", "0010_note_what_shows_it")]

    operations = [
        migrations.AddField(
            "document",
            "news",
            models.BigIntegerField(default=0, help_text="`seq` when it last told something else, whatever made it anew."),
        ),
        migrations.RunSQL("UPDATE search_document SET news = seq", migrations.RunSQL.noop),
        migrations.AddField(
            "savedsearch",
            "counted_for",
            models.CharField(blank=True, help_text="The state of its owner's cases it counted.", max_length=64),
        ),
        migrations.AddField(
            "savedsearch",
            "new_ids",
            ArrayField(
                models.BigIntegerField(),
                blank=True,
                default=list,
                help_text="Documents; null: not to be counted.",
                null=True,
                size=None,
            ),
        ),
        migrations.AddIndex("document", models.Index(fields=["case", "news"], name="document_by_news")),
    ]
