"""Hints that sources may be one origin: seen by members of their case, and made anew by each look."""

import audit.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from audit.triggers import guard_rows
from cases.row_security import secure_rows


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_walls_of_access'),
        ('claims', '0006_people_and_the_law'),
        ('evidence', '0005_media_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='OriginHint',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('owner', 'One owner'), ('bytes', 'The same file'), ('data', 'The same data'), ('words', 'The same words'), ('cites', 'One names the other'), ('picture', 'The same picture')], max_length=10)),
                ('words', models.TextField()),
                ('exhibits', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), help_text='Numbers of those whose text `words` repeats.', size=None)),
                ('found_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.source')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.source')),
            ],
            options={
                'ordering': ['first__name', 'second__name', 'id'],
            },
        ),
        guard_rows("claims_originhint"),
        secure_rows("claims_originhint"),
    ]
