"""An allegation keeps the text for readers as it read when it was put to somebody (G-53)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_hands")]

    operations = [
        migrations.AddField(model_name="allegation", name="public_text", field=models.TextField(blank=True, default=""), preserve_default=False)
    ]
