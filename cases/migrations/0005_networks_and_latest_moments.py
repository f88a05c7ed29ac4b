"""Truth Social and Gab are platforms; an observation may be known by its latest moment alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_walls_of_access'),
    ]

    operations = [
        migrations.AlterField(
            model_name='account',
            name='platform',
            field=models.CharField(choices=[('x', 'X (Twitter)'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('tiktok', 'TikTok'), ('telegram', 'Telegram'), ('youtube', 'YouTube'), ('vk', 'VK'), ('mastodon', 'Mastodon'), ('bluesky', 'Bluesky'), ('threads', 'Threads'), ('truthsocial', 'Truth Social'), ('gab', 'Gab'), ('other', 'Other')], max_length=20),
        ),
        migrations.AlterField(
            model_name='observation',
            name='observed_precision',
            field=models.CharField(choices=[('second', 'Second'), ('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('by', 'At the latest')], default='second', max_length=10),
        ),
    ]
