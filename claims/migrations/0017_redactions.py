"""Commitments to what was published, and what of it redacted dossiers withhold; append-only."""

import audit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows

COMMITMENT, REDACTION = "claims_commitment", "claims_redaction"
SECRET = """
ALTER TABLE claims_commitment ADD CONSTRAINT claims_secret_has_256_bits CHECK (length(secret) = 32);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_walls_of_access'),
        ('claims', '0016_what_publication_does_to_people'),
        ('audit', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('secret', models.BinaryField()),
                ('root', models.CharField(max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='commitment', to='claims.publication')),
            ],
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('privacy', 'Privacy'), ('safety', 'Safety of a person'), ('source', 'Protection of a source'), ('court', 'Order of a court or authority')], max_length=12)),
                ('reason', models.TextField()),
                ('hidden', models.JSONField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='claims.publication')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('publication', 'number'), name='redaction_number_once_per_publication')],
            },
        ),
        migrations.RunSQL(SECRET, "ALTER TABLE claims_commitment DROP CONSTRAINT claims_secret_has_256_bits"),
        *(step(table) for table in (COMMITMENT, REDACTION) for step in (append_only, guard_rows, secure_rows)),
    ]
