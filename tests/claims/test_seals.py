"""What only the application can write: runs of the gate and reviews, and with them every release."""

import hmac
import json
from hashlib import sha256

import psycopg
import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from audit.ids import uuid7
from caseapp.checks import WALLS, database_problems
from claims.actions.corrections import correct, retract
from claims.enums import VersionState
from claims.gate import seal as seals
from claims.gate.seal import is_key_installed, seal
from claims.models import ClaimVersion, Correction, GateEvaluation, Publication, PublishedVersion
from tests.claims.test_walls import (
    forge_review,
    forge_run,
    forged_publication,
    raises_refusal,
    shown_of,
    sql,
    with_commits,
)
from tests.factories.claims import make_approved, make_checked, make_draft, make_published, make_submitted

HEDGED = "Esmira Xalil may operate the account @esmirak, and this proves it."


def is_accepted(value: str, *parts: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_seal_fits(%s, %s)", [value, list(parts)])
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
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname ~ '^(cases|claims)_' ORDER BY 1, 2"
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
        "SELECT * FROM claims_gatekey",
        "DELETE FROM claims_gatekey",
        "UPDATE claims_gatekey SET inner_block = outer_block",
        "INSERT INTO claims_gatekey (inner_block, outer_block) VALUES (repeat('x', 64)::bytea, repeat('x', 64)::bytea)",
        "CREATE TABLE public.claims_gatekey2 AS TABLE claims_gatekey",
        "CREATE OR REPLACE FUNCTION claims_seal_fits(text, text[]) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
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
        web_connection.execute("CREATE TEMP TABLE claims_gatekey (is_only bool, inner_block bytea, outer_block bytea)")
    except psycopg.errors.InsufficientPrivilege:
        return
    web_connection.execute("SET search_path = pg_temp, public")
    row = web_connection.execute("SELECT public.claims_seal_fits(%s, ARRAY['gate'])", [seal("gate")]).fetchone()
    assert row == (True,)


# --- forged runs and reviews


def test_run_of_the_gate_without_a_seal_is_refused(world):
    version = make_submitted(world)
    with raises_refusal("the seal of the gate"):
        forge_run(version, world.editor, sealed=False)


def test_review_without_a_seal_is_refused(world):
    """Four eyes cannot be made up either: a fact check in somebody's name would let one editor's approval suffice."""
    version = make_submitted(world)
    with raises_refusal("the seal of the application"):
        forge_review(version, world.checker, sealed=False, stage="fact_check")


def test_seal_of_one_row_does_not_fit_another(world):
    version = make_checked(world)
    run = forge_run(version, world.editor)
    with raises_refusal("the seal of the gate"):
        GateEvaluation.objects.create(
            version=version, case=version.case, content_sha256=run.content_sha256, gate_version="1",
            inputs_sha256=run.inputs_sha256, results=run.results, passed=True, evaluated_by=world.editor, seal=run.seal,
        )  # fmt: skip
    with raises_refusal("the seal of the gate"):
        sql(
            "INSERT INTO claims_gateevaluation SELECT (jsonb_populate_record(g, jsonb_build_object("
            "'id', gen_random_uuid()))).* FROM claims_gateevaluation g WHERE id = %s",
            run.pk,
        )


@pytest.mark.parametrize("text", [HEDGED, "It is likely, with high confidence, that Esmira Xalil runs @esmirak."])
def test_text_that_breaks_the_wording_rules_is_not_released_by_a_forged_run(world, text):
    """What PostgreSQL cannot read, hedges and caveats, no longer rests on a row that anybody could write."""
    version = make_submitted(world, make_draft(world, public_text=text))
    with raises_refusal("the seal of the gate"):
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
    values["seal"] = seal("gate", values["id"], version.pk, version.content_sha256, values["inputs_sha256"], True)
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
