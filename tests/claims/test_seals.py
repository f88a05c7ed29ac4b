"""What only the application can write: runs of the gate and reviews, and with them every release."""

import hmac
import json
from hashlib import sha256

import psycopg
import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audit.ids import uuid7
from audit.models import Event
from caseapp.checks import WALLS, database_problems
from claims.actions.corrections import correct, retract
from claims.actions.reviews import approve, judge_citation, reopen, submit
from claims.dossier import render
from claims.dossier.snapshot import thaw
from claims.enums import VersionState
from claims.exceptions import GateRefused
from claims.gate.evaluation import evaluate
from claims.gate.loading import load_facts
from claims.models import (
    CitationReview,
    ClaimVersion,
    Correction,
    GateEvaluation,
    GateException,
    Publication,
    PublishedVersion,
    Review,
)
from evidence import seals
from evidence.models import OriginChange, SourceGrade, TextLayer
from evidence.seals import is_key_installed, seal
from tests.claims.test_walls import (
    forge_approval,
    forge_review,
    forge_run,
    forged_publication,
    raises_refusal,
    shown_of,
    sql,
    with_commits,
)
from tests.factories.claims import (
    World,
    add_citation,
    make_approved,
    make_checked,
    make_draft,
    make_publication,
    make_published,
    make_submitted,
)

HEDGED = "Esmira Xalil may operate the account @esmirak, and this proves it."


def is_accepted(value: str, *parts: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT evidence_seal_fits(%s, %s)", [value, list(parts)])
        return cursor.fetchone()[0]


# --- the seal itself


@given(st.lists(st.text(), min_size=1))
def test_seal_is_the_hmac_that_the_standard_library_computes(parts):
    expected = hmac.new(seals._key(), "\n".join(parts).encode(), sha256).hexdigest()
    assert seal(*parts) == expected


@pytest.mark.parametrize("parts", [("gate",), ("", ""), ("Ünïcödé", "ﬁ", "𝒳"), ("x" * 10_000,)])
def test_postgresql_computes_the_same_seal(db, parts):
    assert is_accepted(seal(*parts), *parts)
    assert not is_accepted(seal(*parts), *parts, "more")
    assert not is_accepted(seal(*parts).upper(), *parts)
    assert not is_accepted("", *parts)


def test_truth_is_written_as_postgresql_writes_it(db):
    assert is_accepted(seal("gate", True, False), "gate", "true", "false")


def test_seal_of_another_secret_is_refused_and_serving_too(db):
    assert is_key_installed()
    assert database_problems() == []
    with override_settings(SECRET_KEY="another secret of this length, which nobody installed here"):
        assert not is_accepted(seal("gate"), "gate")
        assert any("run migrate" in problem for problem in database_problems())


def test_list_of_the_walls_is_what_the_migrations_make(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname ~ '^(cases|claims|evidence)_'"
            " ORDER BY 1, 2"
        )
        assert tuple(cursor.fetchall()) == WALLS


@with_commits
def test_nothing_is_served_while_a_wall_is_down(owner_connection):
    """F30: what an administrator switched off is missed before anybody works without it."""
    owner_connection.execute("ALTER TABLE claims_claimversion DISABLE TRIGGER claims_release")
    try:
        assert any("claims_claimversion.claims_release" in problem for problem in database_problems())
    finally:
        owner_connection.execute("ALTER TABLE claims_claimversion ENABLE TRIGGER claims_release")
    assert database_problems() == []


@with_commits
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM evidence_sealkey",
        "DELETE FROM evidence_sealkey",
        "UPDATE evidence_sealkey SET inner_block = outer_block",
        "INSERT INTO evidence_sealkey SELECT true, repeat('x', 64)::bytea, repeat('x', 64)::bytea",
        "CREATE TABLE public.evidence_sealkey2 AS TABLE evidence_sealkey",
        "CREATE OR REPLACE FUNCTION evidence_seal_fits(text, text[]) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "ALTER TABLE claims_gateevaluation DISABLE TRIGGER claims_guard",
    ],
)
def test_web_role_neither_reads_nor_replaces_the_key(web_connection, statement):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)):
        web_connection.execute(statement)


@with_commits
def test_shadowing_the_key_with_a_temporary_table_does_not_help(web_connection):
    """A search path that begins elsewhere, and tables of the same name in front, change nothing for the functions."""
    try:
        web_connection.execute(
            "CREATE TEMP TABLE evidence_sealkey (is_only bool, inner_block bytea, outer_block bytea)"
        )
    except psycopg.errors.InsufficientPrivilege:
        return
    web_connection.execute("SET search_path = pg_temp, public")
    row = web_connection.execute("SELECT public.evidence_seal_fits(%s, ARRAY['gate'])", [seal("gate")]).fetchone()
    assert row == (True,)


# --- forged runs and reviews


def test_run_of_the_gate_without_a_seal_is_refused(world):
    version = make_submitted(world)
    with raises_refusal("the seal of the application"):
        forge_run(version, world.editor, sealed=False)


def test_review_without_a_seal_is_refused(world):
    """Four eyes cannot be made up either: a fact check in somebody's name would let one editor's approval suffice."""
    version = make_submitted(world)
    with raises_refusal("the seal of the application"):
        forge_review(version, world.checker, sealed=False, stage="fact_check")


def test_seal_of_one_row_does_not_fit_another(world):
    version = make_checked(world)
    run = forge_run(version, world.editor)
    with raises_refusal("the seal of the application"):
        GateEvaluation.objects.create(
            version=version, case=version.case, content_sha256=run.content_sha256, gate_version="1",
            inputs_sha256=run.inputs_sha256, results=run.results, passed=True, evaluated_by=world.editor, seal=run.seal,
        )  # fmt: skip
    with raises_refusal("the seal of the application"):
        sql(
            "INSERT INTO claims_gateevaluation SELECT (jsonb_populate_record(g, jsonb_build_object("
            "'id', gen_random_uuid()))).* FROM claims_gateevaluation g WHERE id = %s",
            run.pk,
        )


@pytest.mark.parametrize("text", [HEDGED, "It is likely, with high confidence, that Esmira Xalil runs @esmirak."])
def test_text_that_breaks_the_wording_rules_is_not_released_by_a_forged_run(world, text):
    """What PostgreSQL cannot read, hedges and caveats, no longer rests on a row that anybody could write."""
    version = make_submitted(world, make_draft(world, public_text=text))
    with raises_refusal("the seal of the application"):
        forge_run(version, world.editor, sealed=False)
        forge_review(version, world.editor)
        sql("UPDATE claims_claimversion SET state = 'approved' WHERE id = %s", version.pk)
    assert world.newest(version).state == VersionState.SUBMITTED


@with_commits
def test_honest_run_of_an_earlier_transaction_releases_nothing(transactional_world, web_connection):
    """The gate lets a claim pass for the one step in which it was asked."""
    version = make_approved(transactional_world)
    assert version.evaluations.filter(passed=True).exists()
    web_connection.execute("UPDATE claims_claimversion SET state = 'draft' WHERE id = %s", [version.pk])
    with web_connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for state in ("submitted", "approved"):
            cursor.execute("UPDATE claims_claimversion SET state = %s WHERE id = %s", [state, version.pk])
        with pytest.raises(psycopg.errors.CheckViolation, match="the gate lets exactly this content pass"):
            cursor.execute("COMMIT")


def test_when_a_run_was_written_is_not_for_its_writer_to_say(world):
    version = make_submitted(world)
    values = {
        "case_id": version.case_id, "version_id": version.pk, "content_sha256": version.content_sha256,
        "gate_version": "1", "inputs_sha256": "0" * 64, "results": '[{"rule": "G-01", "blocks": false}]',
        "passed": True, "evaluated_by_id": world.editor.pk, "evaluated_at": "2024-05-16", "id": uuid7(), "xact": "1",
    }  # fmt: skip
    values["seal"] = seal(
        "claims_gateevaluation", values["id"], version.pk, version.content_sha256, values["inputs_sha256"], True
    )
    names = ", ".join(values)
    sql(f"INSERT INTO claims_gateevaluation ({names}) VALUES ({', '.join(['%s'] * len(values))})", *values.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT xact = pg_current_xact_id() FROM claims_gateevaluation WHERE id = %s", [values["id"]])
        assert cursor.fetchone() == (True,)


ALL = ", ".join(field.column for field in ClaimVersion._meta.concrete_fields)
OTHER_WAYS = {
    "conflict": f"INSERT INTO claims_claimversion ({ALL}) SELECT {ALL} FROM claims_claimversion WHERE id = %(id)s"
    " ON CONFLICT (id) DO UPDATE SET state = 'approved'",
    "merge": "MERGE INTO claims_claimversion v USING (SELECT %(id)s::uuid AS id) one ON v.id = one.id"
    " WHEN MATCHED THEN UPDATE SET state = 'approved'",
    "common table": "WITH gone AS (DELETE FROM claims_citation RETURNING 1)"
    " UPDATE claims_claimversion SET state = 'approved' WHERE id = %(id)s",
    "as the system": "WITH me AS (SELECT set_config('app.uid', 'system', true))"
    " UPDATE claims_claimversion SET state = 'approved' FROM me WHERE id = %(id)s",
}


@with_commits
@pytest.mark.parametrize("way", OTHER_WAYS)
def test_other_statements_release_nothing_either(transactional_world, web_connection, way):
    version = make_checked(transactional_world)
    with pytest.raises(psycopg.errors.CheckViolation):
        web_connection.execute(OTHER_WAYS[way], {"id": version.pk})
    assert transactional_world.newest(version).state == VersionState.SUBMITTED


@with_commits
def test_copying_released_rows_in_is_refused(web_connection):
    """PostgreSQL has no COPY into tables whose rows are secured, so there is no bulk way round the triggers."""
    with (
        pytest.raises(psycopg.errors.FeatureNotSupported, match="row-level security"),
        web_connection.cursor().copy("COPY claims_claimversion FROM STDIN"),
    ):
        pass


# --- readings, grades and origins


SEALED = (TextLayer, SourceGrade, OriginChange, Review, CitationReview, GateEvaluation, GateException)


@pytest.mark.parametrize("model", SEALED)
def test_seal_covers_the_columns_that_its_model_names(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgargs FROM pg_trigger WHERE tgrelid = %s::regclass AND tgfoid = 'evidence_check_seal'::regproc",
            [model._meta.db_table],
        )
        [(arguments,)] = cursor.fetchall()
    assert tuple(bytes(arguments).decode().rstrip("\0").split("\0")) == model.SEALED


PLANTED = {
    "text": "INSERT INTO evidence_textlayer (id, text, pages, tool, sha256, made_at, blob_id, seal)"
    " SELECT gen_random_uuid(), 'Forged.', pages, 'forged 1', encode(sha256('Forged.'), 'hex'), now(), blob_id, seal"
    " FROM evidence_textlayer LIMIT 1",
    "grade": "INSERT INTO evidence_sourcegrade (id, case_id, source_id, reliability, rationale, graded_by_id,"
    " graded_at, seal) SELECT gen_random_uuid(), case_id, source_id, 'A', rationale, graded_by_id, now(), seal"
    " FROM evidence_sourcegrade LIMIT 1",
    "origin": "INSERT INTO evidence_originchange (id, case_id, source_id, from_group_id, to_group_id, reason,"
    " changed_by_id, changed_at, seal) SELECT gen_random_uuid(), case_id, source_id, from_group_id, to_group_id,"
    " reason, changed_by_id, now(), seal FROM evidence_originchange LIMIT 1",
}


@pytest.mark.parametrize("what", PLANTED)
def test_reading_grade_and_origin_are_not_made_up(world, what):
    """Copied with the seal of an honest row, it is still another row."""
    with raises_refusal("carries the seal of the application"):
        sql(PLANTED[what])


def test_text_has_its_hash(world):
    layer = TextLayer.objects.first()
    forged = TextLayer(blob=layer.blob, text="Forged.", pages=layer.pages, tool="forged 1", sha256=layer.sha256)
    with raises_refusal("evidence_text_has_its_hash"):
        seals.seal_row(forged).save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [
        "reliability = 'A'",
        "reliability = ''",
        "origin_group_id = NULL",
        "origin_group_id = (SELECT id FROM evidence_origingroup WHERE id <> origin_group_id LIMIT 1)",
    ],
)
def test_source_is_not_graded_or_moved_without_a_decision(world, change):
    with raises_refusal("those of its newest grade and decision"):
        sql(f"UPDATE evidence_source SET {change} WHERE id = %s", world.radio.pk)


def test_source_is_not_born_graded(world):
    with raises_refusal("those of its newest grade and decision"):
        sql(
            "INSERT INTO evidence_source SELECT (jsonb_populate_record(s, jsonb_build_object("
            "'id', gen_random_uuid(), 'name', 'Forged', 'origin_group_id', NULL))).*"
            " FROM evidence_source s WHERE id = %s",
            world.radio.pk,
        )


def test_quote_is_not_found_because_its_row_says_so(world):
    """Nothing that stands in the row is believed: the words are looked for in what was read for the exhibit."""
    version = make_draft(world)
    sql("UPDATE claims_citation SET exact = 'She runs it.', start = 8, \"end\" = 20, verified = true")
    assert not any(citation.counts for citation in load_facts(world.newest(version)).citations)
    version = submit(actor=world.author, version=version)
    assert not any(citation.verified for citation in version.citations.all())
    with raises_refusal("only with a citation"):
        forge_approval(version, world.editor, run_by=world.editor)


@with_commits
def test_planted_text_leaves_an_event(transactional_world):
    """Even by somebody who has stolen the key."""
    layer = TextLayer.objects.first()
    forged = seals.seal_row(
        TextLayer(blob=layer.blob, text="x", pages=[], tool="forged", sha256=sha256(b"x").hexdigest())
    )
    forged.save(force_insert=True)
    assert Event.objects.filter(object=f"textlayer:{forged.pk}", action="row_changed").count() == 1


# --- verdicts on citations


def page_of_claim(world: World, version: ClaimVersion) -> str:
    client = Client()
    client.force_login(world.editor)
    address = reverse("claims:claim", args=[world.case.ref, version.claim.number])
    return client.get(address, follow=True).content.decode()


def judged(version: ClaimVersion, person, verdict: str) -> CitationReview:
    citation = version.citations.order_by("order").first()
    return judge_citation(actor=person, citation=citation, verdict=verdict, comment="It says the opposite.")


def test_verdict_without_a_seal_is_refused(world):
    version = make_submitted(world)
    given = judged(version, world.checker, "does_not_support")
    with raises_refusal("carries the seal of the application"):
        CitationReview.objects.create(
            case=version.case, version=version, citation=given.citation, verdict="supports_claim", comment="",
            content_sha256=version.content_sha256, reviewed_by=world.checker, seal=given.seal,
        )  # fmt: skip


@pytest.mark.parametrize("verdict", ["does_not_support", "question"])
def test_citation_that_a_checker_objects_to_is_no_support_until_a_new_verdict(world, verdict):
    version = make_checked(world)
    for citation in version.citations.all():
        judge_citation(actor=world.checker, citation=citation, verdict=verdict, comment="Where does it say that?")
    report = evaluate(version, approving=world.editor)
    assert not report.facts.counted
    assert "G-71" in {entry.rule.id for entry in report.missing}
    with raises_refusal("only with a citation"):
        forge_approval(version, world.editor, run_by=world.editor)
    for citation in version.citations.all():
        judge_citation(actor=world.checker, citation=citation, verdict="supports_claim")
    report = evaluate(version, approving=world.editor)
    assert report.passed
    assert len(report.facts.counted) == version.citations.count()


def test_explained_objection_is_shown_and_does_not_count(world):
    """On the claim's page and in what is published; the words of the checker stay inside."""
    draft = make_draft(world)
    note = "Kept, because the first report is often quoted."
    add_citation(world, draft, world.radio_text, "Esmira", disposition="explained", disposition_note=note)
    version = make_checked(world, draft)
    extra = version.citations.get(exact="Esmira")
    judge_citation(actor=world.checker, citation=extra, verdict="does_not_support", comment="Only her first name.")
    page = page_of_claim(world, version)
    assert "Does not support it. It does not count as support." in page
    assert "Only her first name." in page
    assert "2 citations, 2 origins" in page
    publication = make_publication(world, make_approved(world, version))
    snapshot = thaw(publication.snapshot)
    [claim] = snapshot["claims"]
    assert claim["origins"]["citations"] == 2
    assert [one["objection"] for one in claim["citations"] if one["id"] == str(extra.pk)] == ["Does not support it"]
    dossier = render.page(snapshot, published_at="2024-06-10T12:00:00.000000Z")
    assert "A checker judged: does not support it." in dossier
    assert note in dossier
    assert "Only her first name" not in dossier


def test_objection_outlives_a_new_submission(world):
    version = make_submitted(world)
    judged(version, world.checker, "does_not_support")
    version = submit(actor=world.author, version=reopen(actor=world.author, version=version))
    with pytest.raises(GateRefused) as refused:
        approve(actor=world.editor, version=version, content_sha256=version.content_sha256)
    assert "does not support it" in str(refused.value.evaluation.results)


# --- publications


def test_publication_that_shows_other_words_is_refused(world):
    """The claim is published; a second publication puts words into its mouth."""
    version = make_published(world)
    snapshot = shown_of(version)
    snapshot["claims"][0]["public_text"] = "Something else."
    data = json.dumps(snapshot).encode()
    with raises_refusal("exactly the claims that it holds"):
        forge_run(version, world.editor)
        other = Publication.objects.create(
            case=world.case, number=98, title="Forged", snapshot=data, published_by=world.publisher,
            snapshot_sha256=sha256(data).hexdigest(),
        )  # fmt: skip
        PublishedVersion.objects.create(
            case=world.case, publication=other, version=version, content_sha256=version.content_sha256
        )


def test_publication_of_nothing_is_refused(world):
    with raises_refusal("exactly the claims that it holds"):
        data = b'{"claims":[]}'
        Publication.objects.create(
            case=world.case, number=98, title="Forged", snapshot=data, published_by=world.publisher,
            snapshot_sha256=sha256(data).hexdigest(),
        )  # fmt: skip


@with_commits
def test_published_claim_is_not_published_again_without_the_gate(transactional_world):
    version = make_published(transactional_world)
    with raises_refusal("in one step with the run of the gate"):
        PublishedVersion.objects.create(
            case=version.case,
            publication=forged_publication(version),
            version=version,
            content_sha256=version.content_sha256,
        )


# --- corrections and retractions


@pytest.mark.parametrize("state", ["corrected", "retracted"])
def test_published_claim_does_not_disappear_without_a_public_note(world, state):
    version = make_published(world)
    with raises_refusal("with a public note"):
        sql("UPDATE claims_claimversion SET state = %s WHERE id = %s", state, version.pk)


@pytest.mark.parametrize("kind", ["correction", "retraction"])
def test_note_without_its_step_is_refused(world, kind):
    version = make_published(world)
    with raises_refusal("speaks of a version that was"):
        Correction.objects.create(
            case=world.case, claim=version.claim, kind=kind, from_version=version, cause="x", public_note="x",
            corrected_by=world.publisher,
        )  # fmt: skip


def test_blank_note_is_no_note(world):
    version = make_published(world)
    with raises_refusal("with a public note"):
        Correction.objects.create(
            case=world.case, claim=version.claim, kind="retraction", from_version=version, cause="x", public_note=" ",
            corrected_by=world.publisher,
        )  # fmt: skip
        sql("UPDATE claims_claimversion SET state = 'retracted' WHERE id = %s", version.pk)


def test_honest_correction_and_retraction_pass(world):
    version = make_published(world)
    draft = correct(actor=world.author, claim=version.claim, cause="A wrong year.", public_note="The year was wrong.")
    second = make_published(world, draft)
    assert world.newest(version).state == VersionState.CORRECTED
    retract(actor=world.publisher, claim=second.claim, cause="No longer holds.", public_note="We withdraw this.")
    connection.check_constraints()
    assert world.newest(second).state == VersionState.RETRACTED
    assert GateEvaluation.objects.filter(version__claim=version.claim, passed=True).count() >= 4
