"""Decisions on what leads to a person: sealed, append-only, by an editor who did not write the claim."""

import audit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows
from evidence.seals import sealed_rows

TABLE = "claims_tracedecision"
GUARD = """
CREATE FUNCTION claims_guard_trace() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    IF NEW.case_id <> v.case_id OR NEW.content_sha256 <> v.content_sha256
        OR v.state NOT IN ('submitted', 'approved') THEN
        PERFORM claims_refuse('a decision is bound to the content of the version as it is submitted');
    END IF;
    IF NEW.decided_by_id IN (v.author_id, v.submitted_by_id) OR NEW.decided_by_id = ANY (v.contributors)
        OR NOT EXISTS (
        SELECT FROM cases_membership m
        WHERE m.case_id = v.case_id AND m.user_id = NEW.decided_by_id AND m.role = 'editor' AND m.ended_at IS NULL
    ) THEN
        PERFORM claims_refuse('only an editor of the case who did not write the claim decides what may be published');
    END IF;
    IF length(btrim(NEW.reason)) < 40 THEN
        PERFORM claims_refuse('a decision has a reason of at least 40 characters');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT ON claims_tracedecision
    FOR EACH ROW EXECUTE FUNCTION claims_guard_trace();
"""
UNDO = "DROP TRIGGER claims_guard ON claims_tracedecision; DROP FUNCTION claims_guard_trace();"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_walls_of_access'),
        ('claims', '0017_redactions'),
        ('evidence', '0007_seals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TraceDecision',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('content_sha256', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('email', 'E-mail address'), ('phone', 'Telephone number'), ('address', 'Postal address'), ('place', 'Coordinates'), ('iban', 'Bank account'), ('card', 'Card number'), ('papers', 'Number of identity papers'), ('plate', 'Number plate'), ('name', 'Name of a private individual'), ('minor', 'Name of a minor')], max_length=12)),
                ('passage', models.TextField()),
                ('settled', models.CharField(choices=[('waived', 'May be published'), ('redacted', 'Withheld in the published dossier')], max_length=12)),
                ('reason', models.TextField()),
                ('decided_at', models.DateTimeField(auto_now_add=True)),
                ('seal', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trace_decisions', to='claims.claimversion')),
            ],
            options={
                'ordering': ['decided_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('content_sha256', ''), _negated=True), name='trace_is_bound_to_content')],
            },
        ),
        migrations.RunSQL(GUARD, UNDO),
        append_only(TABLE),
        guard_rows(TABLE),
        secure_rows(TABLE),
        sealed_rows(
            TABLE,
            "id", "version_id", "content_sha256", "kind", "passage", "settled", "reason", "decided_by_id",
            trigger="claims_guard_seal",
        ),
    ]  # fmt: skip
