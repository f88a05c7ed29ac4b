"""The tables of people, cases, accounts and what was observed of them, persons and organisations."""

import audit.ids
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('display_name', models.CharField(blank=True, max_length=150)),
                ('can_create_cases', models.BooleanField(default=False, help_text='May open a new case and becomes its lead.')),
                ('must_change_password', models.BooleanField(default=False, help_text='Holds a one-time password; nothing else opens until it is replaced.')),
                ('language', models.CharField(blank=True, choices=[('en-gb', 'English'), ('fr', 'Français')], default='', help_text='Of the pages; empty: what the browser asks for.', max_length=10)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('ref', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9-]{1,39}$', 'Use 2 to 40 letters, digits and hyphens, e.g. NC-2024.')])),
                ('title', models.CharField(max_length=200)),
                ('scope', models.TextField(blank=True, help_text='What is investigated, and what is not.')),
                ('tlp', models.CharField(choices=[('clear', 'TLP:CLEAR'), ('green', 'TLP:GREEN'), ('amber', 'TLP:AMBER'), ('amber_strict', 'TLP:AMBER+STRICT'), ('red', 'TLP:RED')], default='amber', max_length=20)),
                ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=20)),
                ('likelihood_scale', models.CharField(choices=[('icd203_row1', 'ICD 203, first row'), ('icd203_row2', 'ICD 203, second row'), ('phia', 'PHIA probability yardstick 2025')], default='icd203_row1', max_length=20)),
                ('policy', models.CharField(choices=[('standard', 'Standard: blocking rules block'), ('strict', 'Strict: warnings block too')], default='standard', max_length=20)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.PositiveIntegerField(default=1)),
                ('last_exhibit', models.PositiveIntegerField(default=0, editable=False)),
                ('last_claim', models.PositiveIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['ref'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('ref'), name='case_ref_once_in_any_case'), models.CheckConstraint(condition=models.Q(('policy__in', ['standard', 'strict'])), name='case_policy_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='cases.case')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(choices=[('investigator', 'Investigator'), ('editor', 'Editor'), ('publisher', 'Publisher'), ('auditor', 'Auditor'), ('viewer', 'Viewer')], max_length=20)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['role', 'added_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('case', 'user', 'role'), name='membership_once_per_role'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='membership_end_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='cases.account')),
                ('merged_at', models.DateTimeField(blank=True, null=True)),
                ('merged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merge_reason', models.TextField(blank=True)),
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='cases.case')),
                ('platform', models.CharField(choices=[('x', 'X (Twitter)'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('tiktok', 'TikTok'), ('telegram', 'Telegram'), ('youtube', 'YouTube'), ('vk', 'VK'), ('mastodon', 'Mastodon'), ('bluesky', 'Bluesky'), ('threads', 'Threads'), ('other', 'Other')], max_length=20)),
                ('instance', models.CharField(blank=True, help_text='Server of a federated account, e.g. mastodon.social.', max_length=100)),
                ('platform_user_id', models.CharField(blank=True, help_text="The platform's own id, which survives renaming.", max_length=100)),
                ('id_unknown_reason', models.CharField(blank=True, max_length=300)),
                ('created_at_platform', models.DateTimeField(blank=True, null=True)),
                ('handle_reuse_checked_at', models.DateTimeField(blank=True, null=True)),
                ('handle_reuse_checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handle_reuse_note', models.TextField(blank=True)),
                ('note', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('merge_reason', ''), ('merged_at__isnull', True), ('merged_by__isnull', True), ('merged_into__isnull', True)), models.Q(('merged_at__isnull', False), ('merged_by__isnull', False), ('merged_into__isnull', False), models.Q(('merge_reason', ''), _negated=True), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='account_merge_is_signed'), models.UniqueConstraint(condition=models.Q(('platform_user_id', ''), _negated=True), fields=('case', 'platform', 'instance', 'platform_user_id'), name='account_once_per_platform_id'), models.CheckConstraint(condition=models.Q(models.Q(('platform_user_id', ''), _negated=True), models.Q(('id_unknown_reason', ''), _negated=True), _connector='OR'), name='account_has_id_or_reason'), models.CheckConstraint(condition=models.Q(models.Q(('handle_reuse_checked_at__isnull', True), ('handle_reuse_checked_by__isnull', True)), models.Q(('handle_reuse_checked_at__isnull', False), ('handle_reuse_checked_by__isnull', False)), _connector='OR'), name='account_reuse_check_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='cases.case')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='cases.account')),
                ('handle', models.CharField(blank=True, help_text='Without @, as seen.', max_length=100)),
                ('handle_key', models.CharField(blank=True, editable=False, max_length=300)),
                ('handle_skeleton', models.CharField(blank=True, editable=False, max_length=300)),
                ('display_name', models.CharField(blank=True, max_length=300)),
                ('bio', models.TextField(blank=True)),
                ('location', models.CharField(blank=True, max_length=300)),
                ('followers', models.PositiveBigIntegerField(blank=True, null=True)),
                ('following', models.PositiveBigIntegerField(blank=True, null=True)),
                ('status', models.CharField(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('deactivated', 'Deactivated'), ('deleted', 'Deleted'), ('protected', 'Protected'), ('renamed', 'Renamed'), ('not_found', 'Not found'), ('unknown', 'Unknown')], default='unknown', max_length=20)),
                ('observed_at', models.DateTimeField(help_text='When it was so seen, not when it was typed in.')),
                ('observed_precision', models.CharField(choices=[('second', 'Second'), ('day', 'Day'), ('month', 'Month'), ('year', 'Year')], default='second', max_length=10)),
                ('evidence_item', models.UUIDField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['observed_at', 'recorded_at'],
                'indexes': [models.Index(fields=['account', 'observed_at'], name='cases_obser_account_9f402a_idx'), models.Index(fields=['case', 'handle'], name='cases_obser_case_id_ec96c6_idx'), models.Index(fields=['case', 'handle_key'], name='cases_obser_case_id_262a20_idx'), models.Index(fields=['case', 'handle_skeleton'], name='cases_obser_case_id_9ccb9d_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('handle', ''), models.Q(('handle_key', ''), _negated=True), _connector='OR'), name='observation_handle_has_key')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(max_length=255)),
                ('request_sha256', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('headers', models.JSONField(default=dict)),
                ('body', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='ImportedLog',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imported_logs', to='cases.case')),
                ('vkeys', models.TextField(help_text='The public keys of that log, one a line, the first one first.')),
                ('lines', models.BinaryField(help_text='An entry a line, with its payload and its proof.')),
                ('sha256', models.CharField(max_length=64)),
                ('imported_at', models.DateTimeField(auto_now_add=True)),
                ('imported_by', models.ForeignKey(blank=True, help_text='Empty for the operator at the command line.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['imported_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='JobRun',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='job_runs', to='cases.case')),
                ('task', models.CharField(max_length=100)),
                ('title', models.CharField(max_length=200)),
                ('arguments', models.JSONField(default=dict)),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('succeeded', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=20)),
                ('done', models.PositiveBigIntegerField(default=0)),
                ('total', models.PositiveBigIntegerField(blank=True, null=True)),
                ('message', models.CharField(blank=True, max_length=500)),
                ('cancel_requested', models.BooleanField(default=False)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('queue_id', models.BigIntegerField(blank=True, help_text='The row of the queue that will run it.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['case', '-created_at'], name='job_run_by_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['succeeded', 'failed', 'cancelled'])), models.Q(('finished_at__isnull', True), models.Q(('state__in', ['succeeded', 'failed', 'cancelled']), _negated=True)), _connector='OR'), name='job_run_end_matches_state')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='cases.organisation')),
                ('merged_at', models.DateTimeField(blank=True, null=True)),
                ('merged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merge_reason', models.TextField(blank=True)),
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='cases.case')),
                ('label', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('party', 'Political party'), ('state_body', 'State body'), ('news', 'News organisation'), ('ngo', 'Non-governmental organisation'), ('company', 'Company'), ('international', 'International organisation'), ('other', 'Other')], default='other', max_length=20)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='cases.organisation')),
                ('note', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['label'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('merge_reason', ''), ('merged_at__isnull', True), ('merged_by__isnull', True), ('merged_into__isnull', True)), models.Q(('merged_at__isnull', False), ('merged_by__isnull', False), ('merged_into__isnull', False), models.Q(('merge_reason', ''), _negated=True), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='organisation_merge_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='cases.person')),
                ('merged_at', models.DateTimeField(blank=True, null=True)),
                ('merged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merge_reason', models.TextField(blank=True)),
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='cases.case')),
                ('label', models.CharField(help_text='The primary name, as the case writes it.', max_length=300)),
                ('subject_tier', models.CharField(choices=[('head_of_state', 'Head of state'), ('official', 'Official'), ('party_office_holder', 'Party office-holder'), ('public_employee', 'Public employee'), ('private_individual', 'Private individual'), ('minor', 'Minor')], default='private_individual', max_length=30)),
                ('disambiguation', models.TextField(blank=True, help_text='Specifics besides the name, to tell namesakes apart.')),
                ('note', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['label'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('merge_reason', ''), ('merged_at__isnull', True), ('merged_by__isnull', True), ('merged_into__isnull', True)), models.Q(('merged_at__isnull', False), ('merged_by__isnull', False), ('merged_into__isnull', False), models.Q(('merge_reason', ''), _negated=True), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='person_merge_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='Name',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='names', to='cases.person')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='names', to='cases.organisation')),
                ('value', models.CharField(max_length=300)),
                ('script', models.CharField(choices=[('Latn', 'Latin'), ('Cyrl', 'Cyrillic'), ('Arab', 'Arabic'), ('Armn', 'Armenian'), ('Geor', 'Georgian'), ('Grek', 'Greek'), ('Hebr', 'Hebrew'), ('Hani', 'Han'), ('Deva', 'Devanagari'), ('Zyyy', 'Other')], default='Latn', max_length=4)),
                ('language', models.CharField(blank=True, help_text='BCP 47, e.g. az, ru, fr.', max_length=35)),
                ('kind', models.CharField(choices=[('primary', 'Primary'), ('alias', 'Alias'), ('transliteration', 'Transliteration'), ('former', 'Former name'), ('native', 'In the native script'), ('acronym', 'Acronym')], default='primary', max_length=20)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('end_reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['kind', 'value'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('person__isnull', False)), models.Q(('organisation__isnull', False), ('person__isnull', True)), _connector='OR'), name='name_of_exactly_one_subject'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='name_end_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='CasePolicy',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(blank=True, choices=[('standard', 'Standard: blocking rules block'), ('strict', 'Strict: warnings block too')], max_length=20)),
                ('fixity_days', models.PositiveIntegerField(blank=True, help_text='A fixity check is at most so many days old (G-03).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)])),
                ('role_months', models.PositiveIntegerField(blank=True, help_text='Evidence of a role is at most so many months older than the conduct (G-22).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)])),
                ('reply_hours', models.PositiveIntegerField(blank=True, help_text='Whoever is accused has at least so many hours to answer (G-50).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(8760)])),
                ('reason', models.TextField()),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='cases.case')),
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
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'house policies',
                'ordering': ['set_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=100)),
                ('prefix', models.CharField(help_text='First characters, so that a person can tell tokens apart.', max_length=12)),
                ('secret_sha256', models.CharField(max_length=64, unique=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'Read'), ('evidence', 'Log evidence and observations'), ('claims', 'Write claims and citations'), ('review', 'Review claims'), ('publish', 'Publish'), ('manage', 'Manage cases and members')], max_length=20), size=None)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
    ]
