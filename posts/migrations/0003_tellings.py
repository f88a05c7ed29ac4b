"""A post may be told in several ways, and a file may have several records of one post: each that differs is kept."""

from django.db import migrations, models

from posts.identity import ID_IN_SQL, ID_OF_TELLING

IDENTITY = f"""
ALTER TABLE posts_post DROP CONSTRAINT post_id_is_made_of_native_id;
ALTER TABLE posts_post ADD CONSTRAINT post_id_is_made_of_native_id CHECK (
    id = CASE telling WHEN '' THEN {ID_IN_SQL} ELSE {ID_OF_TELLING.format(telling="telling")} END
);
"""
RECORDS = """
ALTER TABLE posts_sighting DROP CONSTRAINT posts_sighting_pkey;
ALTER TABLE posts_sighting ADD PRIMARY KEY (dataset_id, post_id, line, item);
"""


class Migration(migrations.Migration):
    dependencies = [("posts", "0002_walls")]

    operations = [
        migrations.AddField(
            "post",
            "telling",
            models.CharField(
                blank=True, default="", help_text='SHA-256 of the content; "" as it was told first.', max_length=64
            ),
        ),
        migrations.RunSQL(IDENTITY),
        migrations.AddIndex(
            "post",
            models.Index(
                condition=models.Q(("telling__gt", "")), fields=["case", "native_id", "platform"], name="post_told_again"
            ),
        ),
        # Django changes no primary key of several columns itself.
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(RECORDS)],
            [
                migrations.AlterField(
                    "sighting",
                    "pk",
                    models.CompositePrimaryKey(
                        "dataset_id", "post_id", "line", "item", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                )
            ],
        ),
    ]
