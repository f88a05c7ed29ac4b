"""Runs of the gate keep their inputs, and editors' exceptions are kept, sealed and never changed."""

import audit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows
from evidence.seals import sealed_rows

TABLE = "claims_gateexception"
INPUTS = """
ALTER TABLE claims_gateevaluation ADD CONSTRAINT claims_inputs_have_their_hash CHECK (
    inputs IS NULL OR inputs_sha256 = encode(sha256(inputs), 'hex')
);
"""
GUARD = """
CREATE FUNCTION claims_guard_exception() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    IF NEW.case_id <> v.case_id OR NEW.content_sha256 <> v.content_sha256
        OR v.state NOT IN ('submitted', 'approved') THEN
        PERFORM claims_refuse('an exception is bound to the content of the version as it is submitted');
    END IF;
    IF NEW.decided_by_id = v.author_id OR NOT EXISTS (
        SELECT FROM cases_membership m
        WHERE m.case_id = v.case_id AND m.user_id = NEW.decided_by_id AND m.role = 'editor' AND m.ended_at IS NULL
    ) THEN
        PERFORM claims_refuse('only an editor of the case who did not write the claim decides on an exception');
    END IF;
    IF NEW.granted AND length(btrim(NEW.reason)) < 40 THEN
        PERFORM claims_refuse('an exception has a reason of at least 40 characters');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT ON claims_gateexception
    FOR EACH ROW EXECUTE FUNCTION claims_guard_exception();
"""
UNDO = """
DROP TRIGGER claims_guard ON claims_gateexception;
DROP FUNCTION claims_guard_exception();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_walls_of_access'),
        ('claims', '0013_particulars'),
        ('evidence', '0007_seals'),
        ('audit', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='gateevaluation',
            name='inputs',
            field=models.BinaryField(null=True),
        ),
        migrations.CreateModel(
            name='GateException',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('content_sha256', models.CharField(max_length=64)),
                ('rule', models.CharField(max_length=10)),
                ('granted', models.BooleanField()),
                ('reason', models.TextField()),
                ('decided_at', models.DateTimeField(auto_now_add=True)),
                ('seal', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gate_exceptions', to='claims.claimversion')),
            ],
            options={
                'ordering': ['decided_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('content_sha256', ''), _negated=True), name='exception_is_bound_to_content')],
            },
        ),
        migrations.RunSQL(INPUTS, "ALTER TABLE claims_gateevaluation DROP CONSTRAINT claims_inputs_have_their_hash"),
        migrations.RunSQL(GUARD, UNDO),
        append_only(TABLE),
        guard_rows(TABLE),
        secure_rows(TABLE),
        sealed_rows(
            TABLE,
            "id", "version_id", "content_sha256", "rule", "granted", "reason", "decided_by_id",
            trigger="claims_guard_seal",
        ),
    ]  # fmt: skip
