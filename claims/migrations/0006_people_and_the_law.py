"""Why a case may hold data about people, the lawyer's word on exactly one content, and names that are not told.

* `claims_dataprotectionrecord` and `claims_pseudonym` are kept and never changed;
* the legal sign-off is a review by an auditor of the case, with the states whose law was looked at;
* what could harm a person at its ends is approved and published only after it, on exactly this content (G-63), and a
  claim about a person or an account only while a record of its case says why (G-62);
* whoever let something stand that leads to a person does not give the approval.
"""

import audit.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.triggers import append_only, guard_rows
from cases.row_security import secure_rows
from evidence.seals import sealed_rows

RECORD, PSEUDONYM, REVIEW = "claims_dataprotectionrecord", "claims_pseudonym", "claims_review"
_FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
_TRIGGER = f"RETURNS trigger\n{_FUNCTION}"
_SQL = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"

# The newest decision on each passage counts, as for exceptions the newest on each rule.
GRANTED = f"""
CREATE OR REPLACE FUNCTION claims_granted(v claims_claimversion, person uuid) RETURNS boolean
{_SQL}
    SELECT (v.single_source_label AND v.single_source_by_id IS NOT DISTINCT FROM person) OR EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (x.rule) x.granted, x.decided_by_id FROM claims_gateexception x
            WHERE x.version_id = v.id AND x.content_sha256 = v.content_sha256
            ORDER BY x.rule, x.decided_at DESC, x.id DESC
        ) newest WHERE newest.granted AND newest.decided_by_id = person
    ) OR EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (t.kind, t.passage) t.settled, t.decided_by_id FROM claims_tracedecision t
            WHERE t.version_id = v.id AND t.content_sha256 = v.content_sha256
            ORDER BY t.kind, t.passage, t.decided_at DESC, t.id DESC
        ) newest WHERE newest.settled = 'waived' AND newest.decided_by_id = person
    )
$body$;
"""

# The row is read as JSON: verdicts on citations, which the same function guards, have no stage.
SIGN_OFF = f"""
CREATE FUNCTION claims_holds_role(in_case uuid, person uuid, wanted text) RETURNS boolean
{_SQL}
    SELECT EXISTS (
        SELECT FROM cases_membership m
        WHERE m.case_id = in_case AND m.user_id = person AND m.role = wanted AND m.ended_at IS NULL
    )
$body$;

CREATE FUNCTION claims_check_reader(v claims_claimversion, of_case uuid, content text, person uuid) RETURNS void
{_FUNCTION}
BEGIN
    IF of_case <> v.case_id OR content <> v.content_sha256 OR content = '' THEN
        PERFORM claims_refuse('a verdict is bound to the content of the version as it is submitted');
    END IF;
    IF claims_wrote(v, person) THEN
        PERFORM claims_refuse('nobody reviews what they wrote');
    END IF;
END $body$;

CREATE OR REPLACE FUNCTION claims_check_judge(v claims_claimversion, of_case uuid, content text, person uuid)
RETURNS void
{_FUNCTION}
BEGIN
    PERFORM claims_check_reader(v, of_case, content, person);
    IF NOT claims_holds_role(v.case_id, person, 'editor') THEN
        PERFORM claims_refuse('only an editor of the case reviews');
    END IF;
END $body$;

CREATE OR REPLACE FUNCTION claims_guard_review() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    IF to_jsonb(NEW) ->> 'stage' = 'legal' THEN
        PERFORM claims_check_reader(v, NEW.case_id, NEW.content_sha256, NEW.reviewed_by_id);
        IF NOT claims_holds_role(v.case_id, NEW.reviewed_by_id, 'auditor') THEN
            PERFORM claims_refuse('only an auditor of the case gives the legal sign-off');
        END IF;
        IF NEW.verdict = 'approved' AND cardinality(NEW.jurisdictions) = 0 THEN
            PERFORM claims_refuse('a legal sign-off names the states whose law was looked at');
        END IF;
    ELSE
        PERFORM claims_check_judge(v, NEW.case_id, NEW.content_sha256, NEW.reviewed_by_id);
    END IF;
    IF TG_TABLE_NAME = 'claims_citationreview' THEN
        IF v.state NOT IN ('submitted', 'approved') OR NOT EXISTS (
            SELECT FROM claims_citation c WHERE c.id = NEW.citation_id AND c.version_id = v.id
        ) THEN
            PERFORM claims_refuse('only citations of a submitted version are judged');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.author_id <> v.author_id THEN
        PERFORM claims_refuse('a review names the author of its version');
    END IF;
    IF NOT (v.state = 'submitted' OR (v.state = 'approved' AND NEW.verdict = 'changes_requested')) THEN
        PERFORM claims_refuse('a version that is ' || v.state || ' is not under review');
    END IF;
    RETURN NEW;
END $body$;
"""

# Runs at commit, after claims_check_release; no stricter than the rules, which also read the text.
RELEASES = f"""
CREATE FUNCTION claims_check_law() {_TRIGGER}
DECLARE
    v claims_claimversion;
    names_person boolean;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.id;
    IF NOT FOUND OR v.state NOT IN ('approved', 'published') THEN
        RETURN NULL;
    END IF;
    names_person := v.subject_person_id IS NOT NULL OR v.object_person_id IS NOT NULL;
    IF (names_person OR v.subject_account_id IS NOT NULL OR v.object_account_id IS NOT NULL) AND NOT EXISTS (
        SELECT FROM claims_dataprotectionrecord d WHERE d.case_id = v.case_id AND d.person_id IS NULL
    ) THEN
        PERFORM claims_refuse('a claim about people is released only where a record says why their data are handled');
    END IF;
    IF v.adverse AND names_person AND NOT EXISTS (
        SELECT FROM claims_review r
        WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'legal'
            AND r.content_sha256 = v.content_sha256 AND NOT claims_wrote(v, r.reviewed_by_id)
    ) THEN
        PERFORM claims_refuse('what could harm a person is released only after legal sign-off on exactly this content');
    END IF;
    IF EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (t.kind, t.passage) t.kind, t.settled, t.decided_at FROM claims_tracedecision t
            WHERE t.version_id = v.id AND t.content_sha256 = v.content_sha256
            ORDER BY t.kind, t.passage, t.decided_at DESC, t.id DESC
        ) newest
        WHERE newest.kind IN ('name', 'minor') AND newest.settled = 'waived' AND NOT EXISTS (
            SELECT FROM claims_review r
            WHERE r.version_id = v.id AND r.verdict = 'approved' AND r.stage = 'legal'
                AND r.content_sha256 = v.content_sha256 AND r.reviewed_at >= newest.decided_at
        )
    ) THEN
        PERFORM claims_refuse('a private person is named only after the legal sign-off that follows the decision');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER claims_release_law AFTER UPDATE ON claims_claimversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'published') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION claims_check_law();
"""

RECORDS = f"""
CREATE FUNCTION claims_guard_record() {_TRIGGER}
BEGIN
    IF NEW.person_id IS NOT NULL AND NEW.case_id IS DISTINCT FROM (
        SELECT case_id FROM cases_person WHERE id = NEW.person_id
    ) THEN
        PERFORM claims_refuse('a record and a pseudonym are about a person of their case');
    END IF;
    IF TG_TABLE_NAME = 'claims_dataprotectionrecord' AND NOT (
        claims_holds_role(NEW.case_id, (to_jsonb(NEW) ->> 'written_by_id')::uuid, 'editor')
        OR claims_holds_role(NEW.case_id, (to_jsonb(NEW) ->> 'written_by_id')::uuid, 'investigator')
    ) THEN
        PERFORM claims_refuse('only who works on the case writes why it handles data about people');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT ON claims_dataprotectionrecord
    FOR EACH ROW EXECUTE FUNCTION claims_guard_record();
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_pseudonym
    FOR EACH ROW EXECUTE FUNCTION claims_guard_record();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_walls_of_access'),
        ('claims', '0005_replies'),
        ('evidence', '0005_media_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='redaction',
            name='pseudonyms',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='review',
            name='jurisdictions',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None),
        ),
        migrations.CreateModel(
            name='DataProtectionRecord',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('purpose', models.TextField()),
                ('lawful_basis', models.CharField(choices=[('legitimate_interests', 'Legitimate interests, Art. 6(1)(f)'), ('public_task', 'Task in the public interest, Art. 6(1)(e)'), ('consent', 'Consent, Art. 6(1)(a)'), ('legal_obligation', 'Legal obligation, Art. 6(1)(c)'), ('vital_interests', 'Vital interests, Art. 6(1)(d)')], max_length=24)),
                ('special_ground', models.CharField(blank=True, choices=[('journalism', 'Journalism, Art. 85 and national law'), ('made_public', 'Manifestly made public by the person, Art. 9(2)(e)'), ('public_interest', 'Substantial public interest, Art. 9(2)(g)'), ('consent', 'Explicit consent, Art. 9(2)(a)'), ('legal_claims', 'Legal claims, Art. 9(2)(f)'), ('archiving', 'Archiving or research, Art. 9(2)(j)')], max_length=24)),
                ('special_reasoning', models.TextField(blank=True)),
                ('has_criminal_data', models.BooleanField()),
                ('criminal_reasoning', models.TextField(blank=True)),
                ('retention', models.CharField(choices=[('case', 'Until the case is closed'), ('limitation', 'Until actions over it are barred by time'), ('archive', 'As a journalistic archive')], max_length=12)),
                ('review_at', models.DateField()),
                ('transparency', models.TextField()),
                ('contact', models.CharField(max_length=300)),
                ('public_interest', models.TextField(blank=True)),
                ('written_at', models.DateTimeField(auto_now_add=True)),
                ('seal', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_protection_records', to='cases.case')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_protection_records', to='cases.person')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['written_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='data_protection_number_once_per_case'), models.CheckConstraint(condition=models.Q(('special_ground', ''), models.Q(('special_reasoning', ''), _negated=True), _connector='OR'), name='special_ground_has_its_reasoning'), models.CheckConstraint(condition=models.Q(('has_criminal_data', False), models.Q(('criminal_reasoning', ''), _negated=True), _connector='OR'), name='criminal_data_have_their_reason'), models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('public_interest', '')), models.Q(('person__isnull', False), models.Q(('public_interest', ''), _negated=True)), _connector='OR'), name='naming_a_person_has_its_public_interest')],
            },
        ),
        migrations.CreateModel(
            name='Pseudonym',
            fields=[
                ('id', models.UUIDField(default=audit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('given_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pseudonym', to='cases.person')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='pseudonym_once_per_case')],
            },
        ),
        # Forwards only: going back would open what this closes.
        migrations.RunSQL(GRANTED + SIGN_OFF + RELEASES + RECORDS),
        *(step(table) for table in (RECORD, PSEUDONYM) for step in (append_only, guard_rows, secure_rows)),
        sealed_rows(
            RECORD,
            "id", "case_id", "person_id", "number", "purpose", "lawful_basis", "special_ground", "special_reasoning",
            "has_criminal_data", "public_interest", "written_by_id",
            trigger="claims_guard_seal",
        ),
        # The states whose law was looked at come under the seal of a review.
        migrations.RunSQL('DROP TRIGGER claims_guard_seal ON "claims_review"'),
        sealed_rows(
            REVIEW,
            "id", "version_id", "content_sha256", "stage", "verdict", "reviewed_by_id", "jurisdictions",
            trigger="claims_guard_seal",
        ),
    ]  # fmt: skip
