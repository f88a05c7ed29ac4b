"""Checks of single sentences: walled, sealed and noted as the verdicts on citations are."""

import audit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows
from evidence.seals import sealed_rows

TABLE = "claims_sentencecheck"
WALL = """
CREATE FUNCTION claims_guard_sentence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    IF NEW.case_id <> v.case_id OR NEW.content_sha256 <> v.content_sha256 OR NEW.content_sha256 = '' THEN
        PERFORM claims_refuse('a verdict is bound to the content of the version as it is submitted');
    END IF;
    IF NEW.reviewed_by_id IN (v.author_id, v.submitted_by_id) OR NEW.reviewed_by_id = ANY (v.contributors) THEN
        PERFORM claims_refuse('nobody reviews what they wrote');
    END IF;
    IF NOT EXISTS (
        SELECT FROM cases_membership m
        WHERE m.case_id = v.case_id AND m.user_id = NEW.reviewed_by_id AND m.role = 'editor' AND m.ended_at IS NULL
    ) THEN
        PERFORM claims_refuse('only an editor of the case reviews');
    END IF;
    IF v.state NOT IN ('submitted', 'approved') OR strpos(v.public_text, NEW.sentence) = 0 THEN
        PERFORM claims_refuse('only sentences of a submitted version are checked');
    END IF;
    IF NEW.verdict = 'ticked' AND (jsonb_typeof(NEW.citations) <> 'array' OR NEW.citations = '[]') THEN
        PERFORM claims_refuse('a sentence is ticked against citations');
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_sentencecheck
    FOR EACH ROW EXECUTE FUNCTION claims_guard_sentence();
"""
UNDO = "DROP TRIGGER claims_guard ON claims_sentencecheck; DROP FUNCTION claims_guard_sentence();"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_walls_of_access'),
        ('claims', '0009_regions_in_files'),
        ('evidence', '0007_seals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SentenceCheck',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sentence', models.TextField()),
                ('citations', models.JSONField()),
                ('basis_sha256', models.CharField(max_length=64)),
                ('verdict', models.CharField(choices=[('ticked', 'Shown by what is cited'), ('question', 'Question to the author')], max_length=12)),
                ('comment', models.TextField(blank=True)),
                ('content_sha256', models.CharField(max_length=64)),
                ('reviewed_at', models.DateTimeField(auto_now_add=True)),
                ('seal', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sentence_checks', to='claims.claimversion')),
            ],
            options={
                'ordering': ['reviewed_at', 'id'],
            },
        ),
        migrations.RunSQL(WALL, UNDO),
        append_only(TABLE),
        guard_rows(TABLE),
        secure_rows(TABLE),
        sealed_rows(
            TABLE,
            "id", "version_id", "content_sha256", "basis_sha256", "verdict", "reviewed_by_id", "comment",
            trigger="claims_guard_seal",
        ),
    ]  # fmt: skip
