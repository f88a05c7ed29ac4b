"""The lens of law and ethics (G-33): public interest, harm, proportion and gentler ways, in words."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0015_granters_do_not_approve'),
    ]

    operations = [
        migrations.AddField(
            model_name='claimversion',
            name='gentler_ways',
            field=models.TextField(blank=True, help_text='Which ways with less harm were weighed.'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='proportionality',
            field=models.TextField(blank=True, help_text='Why it says no more than the public has to know.'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='public_interest',
            field=models.TextField(blank=True, help_text='Why the public has to know it.'),
        ),
        migrations.AddField(
            model_name='claimversion',
            name='who_is_harmed',
            field=models.TextField(blank=True, help_text='Whom it harms, also if it is wrong or grows old.'),
        ),
    ]
