"""Whoever owns the server can change what was published, all hashes with it: the log still tells that it is another."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from audit.canonical import canonical
from audit.models import Event
from cases.models import JobRun
from claims.dossier.build import build
from claims.dossier.checks import sha256
from claims.dossier.snapshot import thaw
from claims.dossier.vouched import NotVouchedFor, check_vouched, differences
from claims.jobs import schedule_check
from claims.models import Publication
from tests.evidence.conftest import run_jobs
from tests.factories.programs import make_program

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
EMPTY = sha256(b"{}")
FORGED = "FORGED: quite another text."


def as_owner(*statements: tuple[str, list]) -> None:
    """SQL past all triggers, as only the owner of the server can."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN; SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        for sql, values in statements:
            cursor.execute(sql, values)
        cursor.execute("COMMIT")


def forge(publication: Publication) -> Publication:
    """Put another text in the place of a published one, in each table and with each hash made to fit."""
    snapshot = thaw(publication.snapshot)
    claim = snapshot["claims"][0]
    old, content = claim["content_sha256"], claim["content"] | {"public_text": FORGED}
    new = sha256(canonical(content))
    claim |= {"public_text": FORGED, "content": content, "content_sha256": new}
    for review in claim["reviews"]:
        review["content_sha256"] = new
    frozen = canonical(snapshot)
    tables = ("review", "citationreview", "sentencecheck", "gateevaluation", "publishedversion")
    as_owner(
        *((f"UPDATE claims_{name} SET content_sha256 = %s WHERE content_sha256 = %s", [new, old]) for name in tables),
        (
            "UPDATE claims_claimversion SET public_text = %s, content = %s, content_sha256 = %s WHERE id = %s",
            [FORGED, canonical(content), new, claim["version_id"]],
        ),
        (
            "UPDATE claims_publication SET snapshot = %s, snapshot_sha256 = %s WHERE id = %s",
            [frozen, sha256(frozen), publication.pk],
        ),
    )
    publication.refresh_from_db()
    return publication


def test_what_was_published_agrees_with_the_log(story):
    assert differences(story.publication) == []
    check_vouched(story.publication)


def test_forged_publication_is_told_and_never_sealed(story):
    forged = forge(story.publication)
    assert any("other claims than were published" in one for one in differences(forged))
    with pytest.raises(NotVouchedFor, match="Publication 1 is not what the log says"):
        build(actor=story.publisher, publication=forged)
    assert not Event.objects.filter(action="dossier_sealed").exists()


def test_page_warns_and_hands_nothing_out(story):
    forge(story.publication)
    client = Client()
    client.force_login(story.viewer)
    address = [story.case.ref, 1]
    assert "not what the log says was published" in client.get(reverse("claims:publication", args=address)).text
    answer = client.post(reverse("claims:dossier", args=address))
    assert (answer.status_code, answer.url) == (302, reverse("claims:publication", args=address))
    assert not Event.objects.filter(action="dossier_exported").exists()


def test_programs_are_refused_too(story):
    forge(story.publication)
    answer = make_program(story.viewer).get(f"/api/v1/cases/{story.case.ref}/publications/1/dossier/")
    assert answer.status_code == 409
    assert "not what the log says" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE claims_claimversion SET public_text = 'Another.' WHERE state = 'published'", "says something else"),
        (f"UPDATE claims_claimversion SET content = '{{}}', content_sha256 = '{sha256(b'{}')}'", "has another content"),
        (
            f"UPDATE claims_publication SET snapshot = '{{}}', snapshot_sha256 = '{sha256(b'{}')}'",
            "snapshot is damaged",
        ),
        (f"UPDATE claims_publication SET snapshot = 'x', snapshot_sha256 = '{sha256(b'x')}'", "snapshot is damaged"),
        ("DELETE FROM audit_event WHERE action = 'publication_made'", "tells of no such publication"),
    ],
)
def test_each_change_is_named(story, sql, said):
    as_owner((sql, []))
    story.publication.refresh_from_db()
    assert any(said in one for one in differences(story.publication))


def test_command_compares_all_or_those_of_a_case(story, capsys):
    call_command("verify_publications", story.case.ref)
    assert capsys.readouterr().out == "publications compared with the log: 1, different: 0\n"
    forge(story.publication)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_publications", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (ended.value.code, report["ok"], report["checked"]) == (1, False, 1)
    assert report["wrong"][0]["publication"] == 1
    with pytest.raises(CommandError, match="There is no case NOBODY"):
        call_command("verify_publications", "NOBODY")


def test_job_of_the_night_fails_where_one_differs(story):
    for state, message in (("succeeded", "1 publications"), ("failed", f"published: {story.case.ref} publication 1.")):
        schedule_check(timestamp=0)
        run_jobs()
        job = JobRun.objects.filter(title="Nightly check of what was published").latest("created_at")
        assert (job.state, job.message.endswith(message)) == (state, True)
        forge(story.publication)
