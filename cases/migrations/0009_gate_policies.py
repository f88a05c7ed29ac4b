"""What the editorial gate asks of a case and of the house, as rows that are never changed."""

import audit.ids
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_imported_logs'),
    ]

    operations = [
        migrations.CreateModel(
            name='CasePolicy',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(blank=True, choices=[('standard', 'Standard: blocking rules block'), ('strict', 'Strict: warnings block too')], max_length=20)),
                ('fixity_days', models.PositiveIntegerField(blank=True, help_text='A fixity check is at most so many days old (G-03).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)])),
                ('role_months', models.PositiveIntegerField(blank=True, help_text='Evidence of a role is at most so many months older than the conduct (G-22).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)])),
                ('reply_hours', models.PositiveIntegerField(blank=True, help_text='Whoever is accused has at least so many hours to answer (G-50).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(8760)])),
                ('reason', models.TextField()),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='cases.case')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'case policies',
                'ordering': ['set_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='HousePolicy',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(blank=True, choices=[('standard', 'Standard: blocking rules block'), ('strict', 'Strict: warnings block too')], max_length=20)),
                ('fixity_days', models.PositiveIntegerField(blank=True, help_text='A fixity check is at most so many days old (G-03).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)])),
                ('role_months', models.PositiveIntegerField(blank=True, help_text='Evidence of a role is at most so many months older than the conduct (G-22).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)])),
                ('reply_hours', models.PositiveIntegerField(blank=True, help_text='Whoever is accused has at least so many hours to answer (G-50).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(8760)])),
                ('reason', models.TextField()),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'house policies',
                'ordering': ['set_at', 'id'],
            },
        ),
        append_only("cases_casepolicy"),
        append_only("cases_housepolicy"),
        guard_rows("cases_casepolicy"),
        guard_rows("cases_housepolicy"),
        secure_rows("cases_casepolicy"),
    ]
