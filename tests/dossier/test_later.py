"""Corrections and retractions after publication: the address stays, the newest state is told, the older one is kept."""

import json
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import JobRun
from claims.actions.corrections import correct, retract
from claims.actions.dossiers import MAKE_DOSSIER
from claims.actions.drafts import edit_version
from claims.dossier import checks
from claims.dossier.build import build
from claims.dossier.files import Note
from claims.dossier.since import LATER, check_corrections
from tests.factories.claims import make_approved, make_publication

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sequencer"]),
    pytest.mark.xdist_group("dossier"),
]


def built(story):
    return build(actor=story.publisher, publication=story.publication)


def test_retraction_is_told_in_the_dossier_and_proven_by_the_log(story, tmp_path):
    before = built(story)
    jobs = JobRun.objects.filter(task=MAKE_DOSSIER).count()
    claim = story.claims["first_a"].claim
    retract(actor=story.publisher, claim=claim, cause="The radio took it back.", public_note="We retract this.")
    assert JobRun.objects.filter(task=MAKE_DOSSIER).count() == jobs + 1
    after = built(story)
    assert after.files == built(story).files
    assert checks.check(before.files)
    assert after.files["claims.json"] == before.files["claims.json"]
    [row] = json.loads(after.files[LATER])["corrections"]
    assert (row["claim"], row["kind"], row["public_note"]) == (claim.number, "retraction", "We retract this.")
    (tmp_path / "after.zip").write_bytes(after.zip)
    (tmp_path / "verify.py").write_bytes(after.files["verify.py"])
    command = [sys.executable, "-I", tmp_path / "verify.py", tmp_path / "after.zip"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"claim C-{claim.number}: its retraction after publication is told, and proven" in done.stdout
    check_tampering(after)
    check_pages(story, claim)


def check_tampering(made):
    """The seal covers what came later too; proofs of it that are missing are missed."""
    snapshot = checks.parse(made.files, checks.CLAIMS)
    silent = {name: content for name, content in made.files.items() if name != LATER}
    with pytest.raises(checks.Damaged, match="did not seal"):
        checks.check_audit(silent, snapshot)
    names = [
        name
        for name, content in made.files.items()
        if name.endswith(".json") and b'"action":"claim_retracted"' in content
    ]
    assert len(names) == 1
    stem = names[0].removesuffix(".json")
    unproven = {name: content for name, content in made.files.items() if not name.startswith(f"{stem}.")}
    with pytest.raises(checks.Damaged, match="the log does not prove its retraction"):
        checks.check_audit(unproven, snapshot)


def check_pages(story, claim):
    """The published addresses stay: what was said, with what was retracted, when and why."""
    client = Client()
    client.force_login(story.viewer)
    ref = story.case.ref
    for url in (reverse("claims:claim", args=[ref, claim.number]), reverse("claims:publication", args=[ref, 1])):
        page = client.get(url).content.decode()
        assert "We retract this." in page
        assert "The radio took it back." in page
        assert "Retract" in page


def test_correction_leaves_the_old_version_and_links_both_ways(story):
    publication = story.publication
    old = story.now("first_a")
    draft = correct(actor=story.author, claim=old.claim, cause="Too sure.", public_note="Less sure now.")
    changes = {"scope_note": "Under one hashtag, until June."}
    edit_version(actor=story.author, version=draft, expected_version=1, changes=changes)
    second = make_publication(story, make_approved(story, story.newest(draft)))
    made = built(story)
    [row] = json.loads(made.files[LATER])["corrections"]
    assert (row["from_version"], row["to_version"], row["published_in"]) == (1, 2, second.number)
    assert f"Version 2 stands in dossier {second.number} of this case." in made.files["index.html"].decode()
    assert any("its correction after publication" in line for line in checks.check(made.files))
    newer = build(actor=story.publisher, publication=second)
    assert LATER not in newer.files
    assert "Less sure now." in newer.files["index.html"].decode()
    client = Client()
    client.force_login(story.viewer)
    ref, number = story.case.ref, old.claim.number
    first = client.get(reverse("claims:publication", args=[ref, publication.number])).content.decode()
    assert reverse("claims:version", args=[ref, number, 2]) in first
    assert reverse("claims:publication", args=[ref, second.number]) in first
    later = client.get(reverse("claims:publication", args=[ref, second.number])).content.decode()
    assert reverse("claims:version", args=[ref, number, 1]) in later
    kept = client.get(reverse("claims:version", args=[ref, number, 1])).content.decode()
    assert old.public_text.split(" that ")[0] in kept
    assert "This is an earlier version." in kept


def test_log_that_holds_a_correction_untold_by_the_pages_is_noted(dossier):
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    entry = {"object": f"claim:{snapshot['claims'][0]['id']}", "action": "claim_retracted"}
    [note] = check_corrections(dossier.files, [entry], snapshot)
    assert isinstance(note, Note)
    assert "of which these pages do not tell" in note
