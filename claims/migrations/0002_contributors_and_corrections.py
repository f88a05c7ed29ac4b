import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("claims", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="claimversion",
            name="contributors",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                default=list,
                help_text="Everybody who wrote part of this version; none of them may approve it (G-70).",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="claimversion",
            name="correction_cause",
            field=models.TextField(blank=True, default="", help_text="What was wrong in the version that this one corrects."),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="claimversion",
            name="correction_note",
            field=models.TextField(
                blank=True, default="", help_text="The public note that goes with the correction (G-80)."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="citation",
            name="edit_version",
            field=models.PositiveIntegerField(default=1, help_text="Optimistic lock: the If-Match value."),
        ),
        # No default: the table is empty before the first review.
        migrations.AddField(
            model_name="citationreview",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="citation_reviews",
                to="claims.claimversion",
            ),
        ),
        migrations.AlterField(
            model_name="citationreview",
            name="citation",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="reviews",
                to="claims.citation",
            ),
        ),
    ]
