"""The tables of exhibits, their sources, what was read in them, and pictures that match."""

import audit.ids
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('sha512', models.CharField(max_length=128)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(help_text='From the content, never from the client.', max_length=100)),
                ('fixity', models.CharField(choices=[('unchecked', 'Not checked yet'), ('ok', 'Unchanged'), ('changed', 'Changed on disk'), ('missing', 'Missing on disk')], default='unchecked', max_length=10)),
                ('received_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['sha256'],
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='blob_sha256_is_hex')],
            },
        ),
        migrations.CreateModel(
            name='FixityCheck',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='evidence.blob')),
                ('state', models.CharField(choices=[('unchecked', 'Not checked yet'), ('ok', 'Unchanged'), ('changed', 'Changed on disk'), ('missing', 'Missing on disk')], max_length=10)),
                ('found_sha256', models.CharField(blank=True, max_length=64)),
                ('checked_at', models.DateTimeField(auto_now_add=True)),
                ('checked_by', models.ForeignKey(blank=True, help_text='Empty for the scheduled sweep.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-checked_at'],
            },
        ),
        migrations.CreateModel(
            name='Derivative',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='evidence.blob')),
                ('operation', models.CharField(choices=[('rendition', 'Safe rendition'), ('thumbnail', 'Thumbnail')], max_length=20)),
                ('tool', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('media_type', models.CharField(max_length=100)),
                ('width', models.PositiveIntegerField(blank=True, null=True)),
                ('height', models.PositiveIntegerField(blank=True, null=True)),
                ('size', models.PositiveBigIntegerField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['parent', 'operation'],
                'constraints': [models.UniqueConstraint(fields=('parent', 'operation', 'tool'), name='derivative_once_per_tool')],
            },
        ),
        migrations.CreateModel(
            name='OriginGroup',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origin_groups', to='cases.case')),
                ('label', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['label'],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='cases.case')),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('official_record', 'Official record'), ('state_body', 'State body'), ('news', 'News organisation'), ('research', 'Research'), ('platform', 'Platform'), ('social_account', 'Social-media account'), ('witness', 'Witness'), ('database', 'Database'), ('anonymous', 'Anonymous')], max_length=20)),
                ('owner', models.CharField(blank=True, max_length=200)),
                ('country', models.CharField(blank=True, help_text='ISO 3166-1 alpha-2.', max_length=2)),
                ('url', models.URLField(blank=True, max_length=2000)),
                ('reliability', models.CharField(blank=True, choices=[('A', 'Completely reliable'), ('B', 'Usually reliable'), ('C', 'Fairly reliable'), ('D', 'Not usually reliable'), ('E', 'Unreliable'), ('F', 'Reliability cannot be judged')], max_length=1)),
                ('origin_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='evidence.origingroup')),
                ('note', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('case', 'name'), name='source_once_per_case')],
            },
        ),
        migrations.CreateModel(
            name='SourceGrade',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grades', to='evidence.source')),
                ('reliability', models.CharField(choices=[('A', 'Completely reliable'), ('B', 'Usually reliable'), ('C', 'Fairly reliable'), ('D', 'Not usually reliable'), ('E', 'Unreliable'), ('F', 'Reliability cannot be judged')], max_length=1)),
                ('rationale', models.TextField()),
                ('graded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('graded_at', models.DateTimeField(auto_now_add=True)),
                ('seal', models.CharField(blank=True, default='', editable=False, max_length=64)),
            ],
            options={
                'ordering': ['-graded_at'],
            },
        ),
        migrations.CreateModel(
            name='OriginChange',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origin_changes', to='evidence.source')),
                ('from_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.origingroup')),
                ('to_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.origingroup')),
                ('reason', models.TextField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_at', models.DateTimeField(auto_now_add=True)),
                ('seal', models.CharField(blank=True, default='', editable=False, max_length=64)),
            ],
            options={
                'ordering': ['-changed_at'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='cases.case')),
                ('exhibit', models.PositiveIntegerField(help_text='Number within the case; shown as E-12.')),
                ('kind', models.CharField(choices=[('page', 'Web page'), ('post', 'Post'), ('screenshot', 'Screenshot'), ('image', 'Image'), ('video', 'Video'), ('audio', 'Audio'), ('document', 'Document'), ('text', 'Pasted text'), ('link', 'Link without a preserved copy'), ('dataset', 'Dataset'), ('analysis', 'Analysis'), ('other', 'Other file')], max_length=20)),
                ('state', models.CharField(choices=[('active', 'Active'), ('withdrawn', 'Withdrawn'), ('superseded', 'Superseded')], default='active', max_length=20)),
                ('superseded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supersedes', to='evidence.item')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='evidence.source')),
                ('blob', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='evidence.blob')),
                ('file_name', models.CharField(blank=True, help_text='As the sender called it: metadata only.', max_length=500)),
                ('title', models.CharField(max_length=500)),
                ('author', models.CharField(blank=True, max_length=300)),
                ('publisher', models.CharField(blank=True, max_length=300)),
                ('original_url', models.URLField(blank=True, max_length=2000)),
                ('archived_url', models.URLField(blank=True, max_length=2000)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('published_precision', models.CharField(choices=[('second', 'Second'), ('day', 'Day'), ('month', 'Month'), ('year', 'Year')], default='day', max_length=10)),
                ('no_date_reason', models.CharField(blank=True, help_text='Why "n.d.", where no date is known.', max_length=300)),
                ('language', models.CharField(blank=True, help_text='BCP 47.', max_length=35)),
                ('relevance_note', models.TextField(blank=True)),
                ('captured_at', models.DateTimeField(help_text='When the copy was taken; also the access date.')),
                ('collector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('method', models.CharField(help_text='upload, paste, command, capture ...', max_length=100)),
                ('tool', models.CharField(max_length=100)),
                ('tool_version', models.CharField(max_length=50)),
                ('sensitivity', models.CharField(choices=[('normal', 'Normal'), ('sensitive', 'Sensitive: every reading is logged')], default='normal', max_length=20)),
                ('graphic', models.BooleanField(default=False, help_text='Blurred until a person clicks.')),
                ('width', models.PositiveIntegerField(blank=True, null=True)),
                ('height', models.PositiveIntegerField(blank=True, null=True)),
                ('exif', models.JSONField(blank=True, default=dict)),
                ('has_gps', models.BooleanField(default=False)),
                ('derived_at', models.DateTimeField(blank=True, help_text='When text and renditions were last made.', null=True)),
                ('readings', models.JSONField(blank=True, default=list, editable=False)),
                ('fixity_checked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('parse_problem', models.CharField(blank=True, max_length=300)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['exhibit'],
                'indexes': [models.Index(fields=['case', 'kind'], name='evidence_it_case_id_ed38e6_idx'), models.Index(fields=['case', 'captured_at'], name='evidence_it_case_id_788ad5_idx')],
                'constraints': [models.UniqueConstraint(fields=('case', 'exhibit'), name='exhibit_once_per_case'), models.CheckConstraint(condition=models.Q(('kind', 'link'), ('blob__isnull', False), _connector='OR'), name='item_has_bytes_unless_link')],
            },
        ),
        migrations.CreateModel(
            name='TextLayer',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='text_layers', to='evidence.blob')),
                ('text', models.TextField()),
                ('pages', models.JSONField(default=list)),
                ('tool', models.CharField(max_length=100)),
                ('sha256', models.CharField(help_text='Of the text as UTF-8.', max_length=64)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('seal', models.CharField(blank=True, default='', editable=False, max_length=64)),
            ],
            options={
                'ordering': ['blob', '-made_at'],
                'constraints': [models.UniqueConstraint(fields=('blob', 'tool'), name='text_layer_once_per_tool')],
            },
        ),
        migrations.CreateModel(
            name='CustodyEvent',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='custody', to='evidence.item')),
                ('action', models.CharField(choices=[('collect', 'Collected'), ('receive', 'Received'), ('read', 'Read'), ('copy', 'Copied'), ('derive', 'Derived'), ('export', 'Exported'), ('fixity_check', 'Fixity checked'), ('transfer', 'Transferred'), ('redact', 'Redacted'), ('withdraw', 'Withdrawn')], max_length=20)),
                ('actor', models.ForeignKey(blank=True, help_text='Empty for the scheduled sweep.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('purpose', models.CharField(blank=True, max_length=300)),
                ('result_sha256', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Frame',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frames', to='evidence.blob')),
                ('kind', models.CharField(choices=[('image', 'The image itself'), ('page', 'Page'), ('embedded', 'Picture in a page'), ('keyframe', 'Keyframe')], max_length=10)),
                ('position', models.PositiveIntegerField(help_text='Counts the pictures of this kind in the blob, from 0.')),
                ('page', models.PositiveIntegerField(blank=True, help_text='Of a document, from 1.', null=True)),
                ('second', models.FloatField(blank=True, help_text='Of a video.', null=True)),
                ('reason', models.CharField(blank=True, help_text='Why this keyframe was taken.', max_length=100)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('sha256', models.CharField(help_text='Of the upright pixels that the fingerprints were made from.', max_length=64)),
                ('picture_sha256', models.CharField(blank=True, help_text='Of its rendition; empty for an image, whose blob has one.', max_length=64)),
                ('blank', models.BooleanField(default=False, help_text='One colour: matches nothing.')),
                ('flat', models.BooleanField(default=False, help_text='A flat graphic without enough structure to be told apart.')),
            ],
            options={
                'ordering': ['blob', 'kind', 'position'],
                'constraints': [models.UniqueConstraint(fields=('blob', 'kind', 'position'), name='frame_once_per_place')],
            },
        ),
        migrations.CreateModel(
            name='Fingerprint',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fingerprints', to='evidence.frame')),
                ('algorithm', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('region', models.JSONField(blank=True, help_text='[x, y, w, h] as fractions; null is the whole frame.', null=True)),
                ('bits', models.BinaryField()),
                ('quality', models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PackedPrint',
            fields=[
                ('frame', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='packed', serialize=False, to='evidence.frame')),
                ('version', models.PositiveIntegerField()),
                ('hashes', models.BinaryField(help_text='Rows of evidence.prints.HASH: a region and its 256 bits.')),
                ('postings', models.BinaryField(help_text='Rows of evidence.media.fingerprints.POSTING: the local features.')),
                ('rendition', models.BinaryField(help_text='Small and grey, for the check on pixels: evidence.media.renditions.')),
            ],
        ),
        migrations.CreateModel(
            name='MediaScan',
            fields=[
                ('blob', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='media_scan', serialize=False, to='evidence.blob')),
                ('version', models.PositiveIntegerField(help_text='Of the fingerprints together.')),
                ('frames', models.PositiveIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('scanned_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='MediaReport',
            fields=[
                ('blob', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='media_report', serialize=False, to='evidence.blob')),
                ('version', models.PositiveIntegerField()),
                ('facts', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='MediaFinding',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='media_findings', to='evidence.item')),
                ('authenticity', models.CharField(choices=[('OriginalMediaContent', 'Original'), ('DecontextualizedContent', 'Shown out of its context'), ('EditedOrCroppedContent', 'Edited or cropped'), ('TransformedContent', 'Altered in substance'), ('StagedContent', 'Staged'), ('SatireOrParodyContent', 'Satire or parody')], max_length=30)),
                ('original_search', models.CharField(choices=[('located', 'Original located'), ('not_found', 'Looked for and not found')], max_length=10)),
                ('note', models.TextField(help_text='Where the original was found, or where it was looked for in vain.')),
                ('found_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('found_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-found_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='WaitingForMatches',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='waiting_for_matches', serialize=False, to='evidence.item')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('since', models.DateTimeField(auto_now_add=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('taken_at', models.DateTimeField(blank=True, help_text='By a worker; for another one after a while.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='IgnoredPicture',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ignored_pictures', to='cases.case')),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.frame')),
                ('region', models.JSONField(blank=True, help_text='[x, y, w, h] as fractions; null is the whole frame.', null=True)),
                ('reason', models.CharField(choices=[('logo', 'Logo'), ('flag', 'Flag or emblem'), ('stock', 'Stock picture'), ('chrome', "Part of a platform's interface"), ('other', 'Other')], max_length=10)),
                ('note', models.TextField(blank=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-added_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('case', 'frame', 'region'), name='ignored_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='ignored_end_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='cases.case')),
                ('other_case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('query', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.frame')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.frame')),
                ('kind', models.CharField(choices=[('exact', 'Same file'), ('whole', 'Same picture'), ('panel', 'Same panel'), ('region', 'Same region')], max_length=10)),
                ('mirrored', models.BooleanField(default=False)),
                ('score', models.FloatField(help_text='0 to 1.')),
                ('distance', models.PositiveSmallIntegerField(blank=True, help_text='Bits of 256 that differ.', null=True)),
                ('regions', models.JSONField(default=list)),
                ('version', models.PositiveIntegerField(help_text='Of the algorithms that found it last.')),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                ('verdict', models.CharField(choices=[('suggested', 'Suggested'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected')], default='suggested', max_length=10)),
                ('ignored', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.ignoredpicture')),
            ],
            options={
                'ordering': ['-found_at', '-id'],
                'indexes': [models.Index(fields=['case', 'verdict', '-found_at'], name='match_by_case'), models.Index(fields=['other_case'], name='match_by_other_case')],
                'constraints': [models.UniqueConstraint(fields=('case', 'other_case', 'query', 'stored'), name='match_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('other_case', None), models.Q(('other_case', models.F('case')), _negated=True), _connector='OR'), name='match_other_case_is_another')],
            },
        ),
        migrations.CreateModel(
            name='MatchJudgement',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('match', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='evidence.match')),
                ('verdict', models.CharField(choices=[('suggested', 'Suggested'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected')], max_length=10)),
                ('note', models.TextField()),
                ('judged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('judged_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['judged_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MatchNotice',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='match_notices', to='cases.case')),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.frame')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.UniqueConstraint(fields=('case', 'frame', 'contact'), name='notice_once_per_contact')],
            },
        ),
        migrations.CreateModel(
            name='LookUp',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='look_ups', to='cases.case')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('prints', models.BinaryField(blank=True, null=True)),
                ('result', models.JSONField(blank=True, help_text="What was found among the actor's cases; null until then.", null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['case', 'actor', '-at'], name='look_up_by_actor')],
            },
        ),
        migrations.CreateModel(
            name='DownloadTicket',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.item')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session_sha256', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField(auto_now_add=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-issued_at'],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file_name', models.CharField(max_length=500)),
                ('size', models.PositiveBigIntegerField()),
                ('received', models.PositiveBigIntegerField(default=0)),
                ('state', models.CharField(choices=[('open', 'Open'), ('complete', 'Complete'), ('cancelled', 'Cancelled')], default='open', max_length=10)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.item')),
                ('metadata', models.JSONField(default=dict, help_text='What the sender said of the file: title, source, dates ...')),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['-started_at'],
            },
        ),
    ]
