"""Who may judge a claim, and that it was the application that wrote down what they said.

* nobody judges what they wrote, and every verdict is bound to the content as it was submitted; the legal sign-off is a
  review by an auditor of the case, with the states whose law was looked at;
* reviews, checks, exceptions and runs of the gate carry a seal that PostgreSQL checks with a key which the
  application's role cannot read: no SQL makes up a verdict that nobody gave.
"""

from django.db import migrations

from evidence.seals import sealed_rows

_FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"
_TRIGGER = f"RETURNS trigger\n{_FUNCTION}"
_SQL = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$"

PEOPLE = f"""
CREATE FUNCTION claims_wrote(v claims_claimversion, person uuid) RETURNS boolean
{_SQL}
    SELECT coalesce(person IN (v.author_id, v.submitted_by_id), false) OR person = ANY (v.contributors)
$body$;

-- Whether an exception of `person` stands for the content of now, or something that they let stand although it leads to
-- somebody: the newest decision on each rule and on each passage counts.
CREATE FUNCTION claims_granted(v claims_claimversion, person uuid) RETURNS boolean
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

CREATE FUNCTION claims_check_judge(v claims_claimversion, of_case uuid, content text, person uuid)
RETURNS void
{_FUNCTION}
BEGIN
    PERFORM claims_check_reader(v, of_case, content, person);
    IF NOT claims_holds_role(v.case_id, person, 'editor') THEN
        PERFORM claims_refuse('only an editor of the case reviews');
    END IF;
END $body$;
"""

VERDICTS = f"""
-- The row is read as JSON: verdicts on citations have no stage.
CREATE FUNCTION claims_guard_review() {_TRIGGER}
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

CREATE FUNCTION claims_guard_sentence() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    PERFORM claims_check_judge(v, NEW.case_id, NEW.content_sha256, NEW.reviewed_by_id);
    IF v.state NOT IN ('submitted', 'approved') OR strpos(v.public_text, NEW.sentence) = 0 THEN
        PERFORM claims_refuse('only sentences of a submitted version are checked');
    END IF;
    IF NEW.verdict = 'ticked' AND (jsonb_typeof(NEW.citations) <> 'array' OR NEW.citations = '[]') THEN
        PERFORM claims_refuse('a sentence is ticked against citations');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT ON claims_review
    FOR EACH ROW EXECUTE FUNCTION claims_guard_review();
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_citationreview
    FOR EACH ROW EXECUTE FUNCTION claims_guard_review();
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_sentencecheck
    FOR EACH ROW EXECUTE FUNCTION claims_guard_sentence();
"""

# In which transaction a row was written: set by the row's trigger, whatever the statement says.
RUNS = f"""
ALTER TABLE claims_gateevaluation ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION claims_guard_evaluation() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    NEW.xact := pg_current_xact_id();
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id;
    IF NEW.case_id <> v.case_id OR NEW.content_sha256 <> v.content_sha256 THEN
        PERFORM claims_refuse('a run of the gate is bound to the content of the version');
    END IF;
    IF jsonb_typeof(NEW.results) <> 'array' OR jsonb_array_length(NEW.results) = 0 OR NEW.passed = EXISTS (
        SELECT FROM jsonb_array_elements(NEW.results) entry WHERE (entry ->> 'blocks')::boolean
    ) THEN
        PERFORM claims_refuse('the outcome of the gate follows from its results');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER claims_guard BEFORE INSERT ON claims_gateevaluation
    FOR EACH ROW EXECUTE FUNCTION claims_guard_evaluation();
"""

EXCEPTIONS = f"""
CREATE FUNCTION claims_guard_exception() {_TRIGGER}
DECLARE
    v claims_claimversion;
BEGIN
    SELECT * INTO v FROM claims_claimversion WHERE id = NEW.version_id FOR SHARE;
    IF NEW.case_id <> v.case_id OR NEW.content_sha256 <> v.content_sha256
        OR v.state NOT IN ('submitted', 'approved') THEN
        PERFORM claims_refuse('an exception is bound to the content of the version as it is submitted');
    END IF;
    IF claims_wrote(v, NEW.decided_by_id) OR NOT EXISTS (
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

CREATE FUNCTION claims_guard_trace() {_TRIGGER}
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

CREATE TRIGGER claims_guard BEFORE INSERT ON claims_gateexception
    FOR EACH ROW EXECUTE FUNCTION claims_guard_exception();
CREATE TRIGGER claims_guard BEFORE INSERT ON claims_tracedecision
    FOR EACH ROW EXECUTE FUNCTION claims_guard_trace();
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

# After "claims_guard", which says better what is wrong with a verdict that nobody forged.
SEALED = {
    "claims_gateevaluation": ("id", "version_id", "content_sha256", "inputs_sha256", "passed"),
    "claims_review": ("id", "version_id", "content_sha256", "stage", "verdict", "reviewed_by_id", "jurisdictions"),
    "claims_citationreview": (
        "id", "version_id", "content_sha256", "citation_id", "verdict", "reviewed_by_id", "comment",
    ),
    "claims_sentencecheck": (
        "id", "version_id", "content_sha256", "basis_sha256", "verdict", "reviewed_by_id", "comment",
    ),
    "claims_gateexception": ("id", "version_id", "content_sha256", "rule", "granted", "reason", "decided_by_id"),
    "claims_tracedecision": (
        "id", "version_id", "content_sha256", "kind", "passage", "settled", "reason", "decided_by_id",
    ),
    "claims_dataprotectionrecord": (
        "id", "case_id", "person_id", "number", "purpose", "lawful_basis", "special_ground", "special_reasoning",
        "has_criminal_data", "public_interest", "written_by_id",
    ),
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_walls"), ("evidence", "0004_seals")]

    operations = [
        migrations.RunSQL(PEOPLE + VERDICTS + RUNS + EXCEPTIONS + RECORDS),
        *(sealed_rows(table, *columns, trigger="claims_guard_seal") for table, columns in SEALED.items()),
    ]
