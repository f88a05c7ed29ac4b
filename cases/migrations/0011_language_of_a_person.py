from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_policy_is_one_of_two")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en-gb", "English"), ("fr", "Français")],
                default="",
                help_text="Of the pages; empty: what the browser asks for.",
                max_length=10,
            ),
        )
    ]
