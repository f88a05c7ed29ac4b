"""The tables of what is found, the words in it, what waits to be read, and saved searches."""

import audit.ids
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('object_id', models.UUIDField()),
                ('seq', models.BigIntegerField()),
                ('news', models.BigIntegerField(default=0, help_text='`seq` when it last told something else, whatever made it anew.')),
                ('part', models.PositiveIntegerField(default=0)),
                ('live', models.BooleanField(default=True)),
                ('sensitive', models.BooleanField(default=False)),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('kind', models.CharField(max_length=20)),
                ('status', models.CharField(blank=True, max_length=20)),
                ('platform', models.CharField(blank=True, max_length=20)),
                ('lang', models.CharField(blank=True, max_length=35)),
                ('heads', django.contrib.postgres.search.SearchVectorField(help_text='The words of title, names and handles alone.')),
                ('exact', django.contrib.postgres.search.SearchVectorField()),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='document_by_word'), django.contrib.postgres.indexes.GinIndex(fields=['exact'], name='document_by_exact_word'), django.contrib.postgres.indexes.GinIndex(fields=['keys'], name='document_by_key'), models.Index(fields=['case', 'seq'], name='document_by_case'), models.Index(fields=['case', 'news'], name='document_by_news')],
                'constraints': [models.UniqueConstraint(fields=('object_id', 'kind', 'part'), name='document_once_per_part'), models.UniqueConstraint(fields=('seq',), name='document_seq_once')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='search.document')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('title', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('names', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('handles', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('place', models.JSONField(blank=True, default=dict)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('made_by', models.CharField(blank=True, help_text='Version of the rules that made it.', max_length=40)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['made_by'], name='wording_by_rules')],
            },
        ),
        migrations.CreateModel(
            name='Noted',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('what', models.CharField(max_length=20)),
                ('object_id', models.UUIDField()),
                ('hides', models.BooleanField(default=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'db_table': 'search_outbox',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['object_id'], name='outbox_by_object')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'sensitive', 'word', blank=True, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('sensitive', models.BooleanField(help_text='A document has it that only those find who may open sensitive exhibits.')),
                ('word', models.TextField(db_collation='C')),
                ('backwards', models.TextField(db_collation='C')),
            ],
            options={
                'ordering': ['word'],
                'indexes': [models.Index(fields=['case', 'sensitive', 'backwards'], name='word_backwards')],
            },
        ),
        migrations.CreateModel(
            name='Likeness',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='likenesses', to='cases.case')),
                ('left_kind', models.CharField(choices=[('account', 'account'), ('organisation', 'organisation'), ('person', 'person')], max_length=12)),
                ('left_id', models.UUIDField()),
                ('right_kind', models.CharField(choices=[('account', 'account'), ('organisation', 'organisation'), ('person', 'person')], max_length=12)),
                ('right_id', models.UUIDField()),
                ('verdict', models.CharField(choices=[('same', 'The same'), ('different', 'Different'), ('unsure', 'Cannot be told yet')], max_length=10)),
                ('note', models.TextField()),
                ('why', models.TextField(blank=True)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'likenesses',
                'ordering': ['-decided_at', '-id'],
                'indexes': [models.Index(fields=['case', 'left_id'], name='likeness_by_left'), models.Index(fields=['case', 'right_id'], name='likeness_by_right')],
                'constraints': [models.CheckConstraint(condition=models.Q(('left_id__lt', models.F('right_id'))), name='likeness_has_one_form')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=100)),
                ('query', models.CharField(blank=True, max_length=1024)),
                ('filters', models.JSONField(blank=True, default=dict)),
                ('seen_seq', models.BigIntegerField(help_text='The last change of any document when its owner last looked.')),
                ('new_since', models.BigIntegerField(help_text='What `seen_seq` was before: the page of what is new begins there.')),
                ('looked_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('new_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, help_text='Documents; null: not to be counted.', null=True, size=None)),
                ('counted_for', models.CharField(blank=True, help_text="The state of its owner's cases it counted.", max_length=64)),
            ],
            options={
                'verbose_name_plural': 'saved searches',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='saved_search_name_once_per_owner')],
            },
        ),
    ]
