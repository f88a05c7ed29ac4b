"""A dataset says whose ids those are that name no server, and which earlier reading of the same file it replaces.

What was read before keeps the names that it was given: analyses must recompute to the same bytes. Read again, a file's
posts and accounts get names with their server.
"""

import django.db.models.deletion
from django.db import migrations, models

# As in 0002, with the two new columns among those that never change.
KEEP = """
CREATE OR REPLACE FUNCTION posts_keep_dataset() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.case_id, NEW.number, NEW.item_id, NEW.asked_format, NEW.zone, NEW.platform,
            NEW.server, NEW.encoding, NEW.mapping, NEW.replaces_id, NEW.created_by_id, NEW.created_at)
        IS DISTINCT FROM (OLD.case_id, OLD.number, OLD.item_id, OLD.asked_format, OLD.zone, OLD.platform,
            OLD.server, OLD.encoding, OLD.mapping, OLD.replaces_id, OLD.created_by_id, OLD.created_at)
        OR (OLD.state = 'ready' AND (NEW.state, NEW.run_id, NEW.format, NEW.reader_version, NEW.lacks, NEW.read,
            NEW.accepted, NEW.duplicate, NEW.known, NEW.rejected, NEW.reasons, NEW.posts, NEW.accounts, NEW.kinds,
            NEW.first_at, NEW.last_at, NEW.undated, NEW.problem, NEW.imported_at, NEW.title, NEW.source_note,
            NEW.query, NEW.gaps)
        IS DISTINCT FROM (OLD.state, OLD.run_id, OLD.format, OLD.reader_version, OLD.lacks, OLD.read,
            OLD.accepted, OLD.duplicate, OLD.known, OLD.rejected, OLD.reasons, OLD.posts, OLD.accounts, OLD.kinds,
            OLD.first_at, OLD.last_at, OLD.undated, OLD.problem, OLD.imported_at, OLD.title, OLD.source_note,
            OLD.query, OLD.gaps)) THEN
        RAISE EXCEPTION 'what was imported, and how, never changes: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $body$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('posts', '0004_alike_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataset',
            name='replaces',
            field=models.ForeignKey(blank=True, help_text='An earlier reading of the same bytes, which is not in use when this one is.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='posts.dataset'),
        ),
        migrations.AddField(
            model_name='dataset',
            name='server',
            field=models.CharField(blank=True, help_text='Whose ids those are that name none: gab.com.', max_length=100),
        ),
        migrations.AlterField(
            model_name='followlist',
            name='platform',
            field=models.CharField(choices=[('x', 'X (Twitter)'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('tiktok', 'TikTok'), ('telegram', 'Telegram'), ('youtube', 'YouTube'), ('vk', 'VK'), ('mastodon', 'Mastodon'), ('bluesky', 'Bluesky'), ('threads', 'Threads'), ('truthsocial', 'Truth Social'), ('gab', 'Gab'), ('other', 'Other')], max_length=20),
        ),
        migrations.RunSQL(KEEP),
    ]
