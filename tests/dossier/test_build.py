"""What goes into a dossier, what stays out, and that the same publication gives the same bytes."""

import io
import json
import re
import zipfile
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cases.enums import JobState
from cases.jobs import perform
from cases.models import JobRun
from claims.actions.dossiers import MAKE_DOSSIER
from claims.dossier import checks
from claims.dossier.build import Dossier, build, pages_of, seal, store
from claims.dossier.files import load
from claims.jobs import make_dossier_of
from tests.factories.story import Story, approve, publish

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sequencer"]),
    pytest.mark.xdist_group("dossier"),
]


def build_now(story: Story) -> Dossier:
    return build(actor=story.publisher, publication=story.publication)


def text_of(html: bytes) -> str:
    found = []

    class Reader(HTMLParser):
        def handle_data(self, data):
            found.append(data)

    Reader().feed(html.decode())
    return " ".join("".join(found).split())


def test_dossier_of_a_publication_is_whole(dossier):
    report = checks.check(dossier.files)
    assert report[1].startswith("4 claims with 7 citations")
    assert report[2].startswith("4 exhibits")


def test_dossier_built_again_has_the_same_bytes(story):
    first = build_now(story)
    story.publisher.username = "renamed"
    story.publisher.save()
    build_now(story)
    again = build(actor=story.viewer, publication=story.publication)
    assert again.files == first.files
    assert again.zip == first.zip
    assert Event.objects.filter(action="dossier_sealed").count() == 1


def test_api_hands_a_member_the_same_file_as_the_page_and_each_is_on_record(story):
    client = Client()
    client.force_login(story.viewer)
    by_api = client.get(f"/api/v1/cases/{story.case.ref}/publications/1/dossier/")
    assert (by_api.status_code, by_api["Content-Type"]) == (200, "application/zip")
    assert by_api["Content-Disposition"] == f'attachment; filename="{story.case.ref}-dossier-1.zip"'
    with zipfile.ZipFile(io.BytesIO(by_api.content)) as archive:
        assert {f"{story.case.ref}-dossier-1/{name}" for name in build_now(story).files} == set(archive.namelist())
    by_page = client.post(reverse("claims:dossier", args=[story.case.ref, 1]))
    assert by_page.content == by_api.content
    assert Event.objects.filter(action="dossier_exported", actor=f"user:{story.viewer.pk}").count() == 2


def test_dossier_of_pages_that_changed_is_sealed_anew(story):
    first = build_now(story)
    pages = pages_of(story.publication)
    seal(actor=story.publisher, publication=story.publication, pages=pages | {"index.html": b"other"})
    assert Event.objects.filter(action="dossier_sealed").count() == 2
    assert build_now(story).files == first.files


def test_publishing_has_the_dossier_made_before_anybody_asks_for_it(story, settings):
    run = JobRun.objects.get(task=MAKE_DOSSIER)
    assert (run.case, run.title, run.started_by) == (story.case, "Dossier of publication 1", story.publisher)
    perform(run.pk, make_dossier_of)
    run.refresh_from_db()
    assert run.state == JobState.SUCCEEDED
    [home] = (settings.DATA_DIR / "dossiers").iterdir()
    checks.check(load(str(home)))
    assert Event.objects.get(action="dossier_sealed").actor == f"user:{story.publisher.pk}"
    assert build(actor=story.viewer, publication=story.publication).digest == home.name


def test_dossier_stored_twice_is_one_folder(story, settings):
    made = build_now(story)
    home = store(made)
    assert store(made) == home
    assert home == settings.DATA_DIR / "dossiers" / made.digest
    assert load(str(home)) == made.files
    assert [path.name for path in home.parent.iterdir()] == [made.digest]


def test_dossier_holds_published_claims_only(dossier):
    whole = b"\n".join(dossier.files.values()).decode()
    assert "post_published_by" not in json.dumps(json.loads(dossier.files["claims.json"])["claims"])
    assert "words that nobody wrote" not in whole
    assert "account_status" not in dossier.files["claims.json"].decode()


def test_dossier_names_no_colleague_and_no_hidden_data(dossier):
    whole = b"\n".join(dossier.files.values()).decode().lower()
    for secret in (
        "newsroom.example",
        "pasted-text",
        "not for readers",
        "for colleagues",
    ):
        assert secret not in whole.replace("class=", ""), secret
    assert re.search(r"\b(person|auditor|viewer)\d", whole) is None


def test_second_publication_tells_of_the_new_claims_only(story):
    story.claims["hostile"].refresh_from_db()
    approve(story, "hostile")
    publish(story, ["hostile"])
    made = build_now(story)
    claims = json.loads(made.files["claims.json"])["claims"]
    assert [claim["number"] for claim in claims] == [5]
    checks.check(made.files)


def test_page_of_hostile_text_shows_it_as_text(story):
    approve(story, "hostile")
    publish(story, ["hostile"])
    page = pages_of(story.publication)["index.html"].decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} {% now &#x27;Y&#x27; %} ${1}" in page
    assert "\u202e" not in page
    assert "U+202E" in page
    assert "javascript:" not in page


def test_page_loads_nothing_from_elsewhere(dossier):
    page = dossier.files["index.html"].decode()
    assert "default-src 'none'" in page
    assert "src=" not in page
    assert [part for part in page.split('href="')[1:] if not part.startswith(("#", "dossier.css"))] == []
    assert "url(" not in dossier.files["dossier.css"].decode()


def test_page_keeps_likelihood_and_confidence_in_separate_sentences(dossier):
    sentences = text_of(dossier.files["index.html"]).split(".")
    assert not [one for one in sentences if "likely" in one and "confidence" in one.lower() and "We judge" in one]
    assert "We judge it likely that this is so; on the scale used here that stands for 55–80 %" in text_of(
        dossier.files["index.html"]
    )


@pytest.mark.parametrize(
    "words",
    [
        "3 citations, 2 origins.",
        "1 citation, 1 origin.",
        "What speaks against it",
        "denied as absurd that Esmira Xalil uses",
        "The committee gives no other holder.",
        "Source: usually reliable (B). Statement: probably true (2).",
        "A chain is no more certain than its weakest link, here C-1 (likely, 55–80 %)",
        "The same question is answered differently in C-4",
        "This rests on an assumption: The handle was not passed on.",
        "Everything that supports this goes back to one origin",
        "whether it was still held later is not shown",
        "How reliable A blog is could not be judged.",
        "The platform's own number of @bafadar on X (Twitter) is not known",
        "almost certain 95–99 %",
        "Captured 3 June 2024 08:30 UTC",
    ],
)
def test_page_says(dossier, words):
    assert words in text_of(dossier.files["index.html"])


def test_custody_of_an_exhibit_is_summed_up(dossier):
    first = json.loads(dossier.files["evidence-manifest.json"])["exhibits"][0]
    counts = [row["count"] for row in first["custody"]["by_action"].values()]
    assert first["custody"]["events"] == sum(counts) > 0
    assert first["collector"].startswith("user:")
    assert first["size"] > 0


def test_no_picture_leaves_with_a_dossier(dossier):
    """Neither as a file nor inside one: so no face, plate, EXIF or position does."""
    assert {name.rpartition(".")[2] for name in dossier.files} <= {"html", "css", "json", "py", "tlog-proof"} | {
        "audit/checkpoint",
        "audit/vkey",
        "audit/first-vkey",
    }
    starts = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"Exif")
    assert not [name for name, content in dossier.files.items() if any(start in content for start in starts)]
    assert not re.search(rb"<img|<picture|data:image|background-image", dossier.files["index.html"].lower())
