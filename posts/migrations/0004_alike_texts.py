"""Pairs of texts that are alike can be asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('posts', '0003_tellings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='analysis',
            name='method',
            field=models.CharField(choices=[('campaign', 'the campaign in one report'), ('timeline', 'posts over time'), ('hashtags', 'hashtags'), ('earlier_tags', 'what the same accounts posted under before'), ('first_posters', 'earliest posts of each text'), ('most_shared', 'most shared posts'), ('most_active', 'most active accounts'), ('locations', 'locations as declared'), ('bios', 'bios that mention a phrase'), ('creations', 'when the accounts were created'), ('clusters', 'copy-paste clusters'), ('alike', 'pairs of texts that are alike'), ('coshare', 'accounts that shared the same within seconds'), ('directed', 'who shared the same as whom, by own posts'), ('synchrony', 'posts within seconds of each other'), ('overlap', 'accounts that several datasets share'), ('follows', 'whom accounts follow, in dated lists')], max_length=20),
        ),
    ]
