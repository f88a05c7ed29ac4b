"""Every page of claims: who gets it, that it shows what there is, and that hostile text stays text."""

import csv
import io
import json
import re

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from audit.models import Event
from cases.actions.users import choose_language
from cases.models import Person
from claims import timeline
from claims.canonical import content_of
from claims.dossier.snapshot import describe
from claims.models import Correction, Publication
from claims.queries import gate_report
from claims.views import overview, publications
from tests.access.events import payload_of
from tests.factories.story import HOSTILE, Story, approve

pytestmark = pytest.mark.xdist_group("claims pages")


def test_pages_escape_hostile_text(story, enter):
    client = enter(story.editor)
    number = story.claims["hostile"].claim.number
    ref, citation = story.case.ref, story.claims["hostile"].citations.get()
    for url in (
        reverse("claims:claim", args=[ref, number]),
        reverse("claims:panel", args=[ref, number]),
        reverse("claims:list", args=[ref]),
        reverse("claims:desk_claim", args=[ref, number]),
        reverse("claims:desk_copy", args=[ref, citation.pk]),
        reverse("case_overview", args=[ref]),
        reverse("case_timeline", args=[ref]),
        reverse("claims:of_exhibit", args=[ref, story.items["hostile"].exhibit]),
        reverse("claims:cite", args=[ref, story.items["hostile"].exhibit]),
        reverse("home"),
    ):
        page = client.get(url).content.decode()
        assert "<script>alert(1)" not in page, url
        assert "<img src=x" not in page, url
        assert "{{7*7}}" in page or "alert(1)" not in page, url


def test_graph_of_hostile_text_is_plain_json(story, enter):
    Person.objects.filter(pk=story.subjects["xalil"].pk).update(label=HOSTILE)
    answer = enter(story.editor).get(reverse("claims:graph", args=[story.case.ref]))
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert HOSTILE in [node["label"] for node in json.loads(answer.content)["nodes"]]


def test_graph_links_accounts_people_and_organisations(story, enter):
    graph = json.loads(enter(story.viewer).get(reverse("claims:graph", args=[story.case.ref])).content)
    types = {node["id"]: node["type"] for node in graph["nodes"]}
    first = next(edge for edge in graph["edges"] if edge["id"] == "claim-1")
    assert (types[first["source"]], types[first["target"]]) == ("account", "person")
    assert first["state"] == "published"
    assert first["likelihood_words"] == "likely"
    assert first["disputed"] is True
    account = next(node for node in graph["nodes"] if node["id"] == first["source"])
    assert account["status"] == "suspended"


def test_export_disarms_formulas(story, enter):
    version = story.claims["draft"]
    type(version).objects.filter(pk=version.pk).update(public_text="=HYPERLINK(1)")
    answer = enter(story.auditor).get(reverse("claims:export", args=[story.case.ref]))
    assert "'=HYPERLINK(1)" in answer.getvalue().decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith("attachment")


def test_home_shows_each_person_what_waits_for_them(story, enter, stranger):
    assert "To review" in enter(story.editor).get(reverse("home")).content.decode()
    approve(story, "hostile")
    assert "Approved, to publish" in enter(story.publisher).get(reverse("home")).content.decode()
    assert "Yours to write" in enter(story.author).get(reverse("home")).content.decode()
    assert "Nothing waits for you" in enter(story.viewer).get(reverse("home")).content.decode()
    assert "You are in no case yet" in enter(stranger).get(reverse("home")).content.decode()


def test_claim_page_shows_support_contradiction_and_origins(story, enter):
    page = enter(story.viewer).get(reverse("claims:claim", args=[story.case.ref, 1])).content.decode()
    assert "3 citations, 2 origins" in page
    assert "What speaks against it" in page
    assert "The committee gives no other holder." in page
    assert "<mark><bdi>The radio linked it to Esmira Xalil</bdi></mark>" in page


def test_claim_page_shows_rivals_side_by_side(story, enter):
    page = enter(story.viewer).get(reverse("claims:claim", args=[story.case.ref, 3])).content.decode()
    assert "Rival claims" in page
    assert "C-4" in page


def test_claim_page_links_each_gap_to_where_it_is_mended(story, enter):
    number = story.claims["draft"].claim.number
    page = enter(story.author).get(reverse("claims:claim", args=[story.case.ref, number])).content.decode()
    assert reverse("claims:edit", args=[story.case.ref, number]) in page
    assert "G-40" in page


def test_claim_page_leads_a_reader_to_no_page_that_is_closed_to_them(story, enter):
    number = story.claims["draft"].claim.number
    page = enter(story.viewer).get(reverse("claims:claim", args=[story.case.ref, number])).content.decode()
    assert "G-40" in page
    assert f'href="{reverse("claims:edit", args=[story.case.ref, number])}' not in page


def test_each_gap_leads_the_author_to_a_page_that_opens(story, enter):
    """While it is written, and when it is submitted and frozen: its forms would then only refuse."""
    author, address = enter(story.author), [story.case.ref, story.claims["draft"].claim.number]
    for step, mended in (("claims:gate", "Edit the claim"), ("claims:submit", "Reopen the claim to edit it")):
        author.post(reverse(step, args=address))
        page = author.get(reverse("claims:claim", args=address)).content.decode()
        gaps = re.findall(r'<li class="gate-item">.*?<a href="([^"#]*)', page, re.DOTALL)
        assert mended in page
        assert {url: author.get(url).status_code for url in gaps} == dict.fromkeys(gaps, 200)


def test_overview_leads_a_reader_to_no_page_that_is_closed_to_them(story, enter):
    """Who only reads is told what is missing; who writes, where it is mended too."""
    overview, draft = reverse("case_overview", args=[story.case.ref]), story.claims["draft"].claim.number
    enter(story.author).post(reverse("claims:gate", args=[story.case.ref, draft]))
    for person, led in ((story.author, True), (story.viewer, False), (story.publisher, False)):
        page = enter(person).get(overview).content.decode()
        [missing] = re.findall(r'<span class="gate-id">.*?</p>', page, re.DOTALL)
        assert ("<a href" in missing) == led


def test_overview_shows_the_chain_with_its_weakest_link(story, enter):
    page = enter(story.viewer).get(reverse("case_overview", args=[story.case.ref])).content.decode()
    assert "weakest link" in page
    assert "Esmira Xalil holds the role" in page


def test_timeline_tells_the_three_clocks_apart(story, enter):
    client = enter(story.viewer)
    url = reverse("case_timeline", args=[story.case.ref])
    whole = client.get(url).content.decode()
    for words in ("True in the world", "Seen by somebody", "Recorded here", "@esmirak seen: suspended"):
        assert words in whole
    seen = client.get(url, {"clock": "seen"}).content.decode()
    assert 'data-clock="seen"' in seen
    assert 'data-clock="recorded"' not in seen
    assert client.get(url, {"since": "2024-05-16", "until": "2024-05-16"}).content.count(b"timeline-entry") >= 2
    assert client.get(url, {"cursor": "nonsense"}).status_code == 400
    assert client.get(url, {"clock": "fourth"}).status_code == 400


def test_list_filters_and_sorts(story, enter):
    client = enter(story.viewer)
    url = reverse("claims:list", args=[story.case.ref])

    def numbers(**query):
        return [row["number"] for row in client.get(url, query).context["rows"]]

    assert numbers() == [1, 2, 3, 4, 5, 6]
    assert numbers(sort="-number") == [6, 5, 4, 3, 2, 1]
    assert numbers(state="submitted") == [5]
    assert numbers(predicate="first_known_publisher") == [3, 4]
    assert numbers(subject=f"person:{story.subjects['xalil'].pk}") == [1, 2]
    assert numbers(author=str(story.author.pk), gate="passed") == [1, 2, 3, 4]
    assert numbers(gate="unasked") == [5, 6]
    assert numbers(q="headed the press") == [2]
    for unknown in ({"state": "nonsense"}, {"cursor": "x"}, {"sort": "password"}):
        assert client.get(url, unknown).status_code == 400


def test_publication_page_shows_what_was_frozen(story, enter):
    page = enter(story.viewer).get(reverse("claims:publication", args=[story.case.ref, 1])).content.decode()
    assert story.publication.snapshot_sha256 in page
    assert "python3 verify.py" in page
    assert "Download the dossier" in page


def rows_of(client, name: str, story: Story, **query) -> list[dict[str, str]]:
    """What the export holds, read back as CSV."""
    response = client.get(reverse(name, args=[story.case.ref]), query)
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_publications_leave_as_csv_with_their_hashes(story, enter):
    [row] = rows_of(enter(story.publisher), "claims:publications_csv", story)
    publication = Publication.objects.get()
    assert (row["number"], row["title"]) == ("1", publication.title)
    assert row["snapshot_sha256"] == publication.snapshot_sha256
    assert payload_of("case_exported")["after"]["what"] == "publications"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "{title}"}, 1),
        ({"q": "no such words"}, 0),
        ({"since": "2000-01-01", "until": "2100-01-01"}, 1),
        ({"since": "2100-01-01"}, 0),
        ({"until": "2000-01-01", "sort": "title"}, 0),
        ({"sort": "-by", "q": ""}, 1),
    ],
)
def test_publications_are_narrowed_alike_on_the_page_and_in_the_file(story, enter, query, found):
    query = {name: value.format(title=Publication.objects.get().title[3:9].upper()) for name, value in query.items()}
    client = enter(story.publisher)
    page = client.get(reverse("claims:publications", args=[story.case.ref]), query)
    assert len(page.context["page"].rows) == page.context["count"] == found
    assert ("No publication fits" in page.content.decode()) is (found == 0)
    assert len(rows_of(client, "claims:publications_csv", story, **query)) == found


def test_publications_are_ordered_by_what_their_columns_say(story, enter):
    first = story.publication
    copy = {"snapshot": first.snapshot, "snapshot_sha256": first.snapshot_sha256}
    Publication.objects.create(case=story.case, number=2, title="A first one", published_by=story.editor, **copy)
    client, url = enter(story.publisher), reverse("claims:publications", args=[story.case.ref])
    by = [1, 2] if first.published_by.username < story.editor.username else [2, 1]
    orders = {
        sort: [row.number for row in client.get(url, {"sort": sort}).context["page"].rows]
        for sort in ("number", "-number", "title", "-published", "by")
    }
    assert orders == {"number": [1, 2], "-number": [2, 1], "title": [2, 1], "-published": [2, 1], "by": by}
    assert [row["number"] for row in rows_of(client, "claims:publications_csv", story, sort="-title")] == ["1", "2"]
    # Nobody released the second one: the walls would refuse it at the end of the transaction.
    transaction.set_rollback(True)


def correct_thrice(story: Story) -> list[Correction]:
    """Two corrections and a retraction of claim 1, of which the last is the newest."""
    version = story.claims["operated"]
    facts = {"case": story.case, "claim": version.claim, "from_version": version, "corrected_by": story.editor}
    told = (("correction", "We named 2014.", "=A reader"), ("correction", "The <b> ministry.", "The ministry"))
    return [
        Correction.objects.create(kind=kind, public_note=note, cause=cause, **facts)
        for kind, note, cause in (*told, ("retraction", "All of it.", "The source withdrew"))
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [2, 1, 0]),
        ({"sort": "at"}, [0, 1, 2]),
        ({"kind": "retraction"}, [2]),
        ({"q": "MINISTRY", "sort": "kind"}, [1]),
        ({"q": "reader", "since": "2000-01-01", "until": "2100-01-01"}, [0]),
        ({"until": "2000-01-01"}, []),
    ],
)
def test_corrections_are_narrowed_and_ordered_alike_on_the_page_and_in_the_file(story, enter, query, expected):
    made = correct_thrice(story)
    client, url = enter(story.auditor), reverse("claims:corrections", args=[story.case.ref])
    page = client.get(url, query)
    assert [made.index(row) for row in page.context["page"].rows] == expected
    assert page.context["count"] == len(expected)
    assert ("No correction fits" in page.text) is (expected == [])
    causes = [row["cause"] for row in rows_of(client, "claims:corrections_csv", story, **query)]
    assert [cause.removeprefix("'") for cause in causes] == [made[place].cause for place in expected]
    # Nobody corrected anything by the real steps: the walls would refuse it at the end of the transaction.
    transaction.set_rollback(True)


def test_page_of_publications_shows_the_newest_corrections_and_where_all_are(story, enter, monkeypatch):
    monkeypatch.setattr(publications, "NEWEST", 2)
    correct_thrice(story)
    page = enter(story.viewer).get(reverse("claims:publications", args=[story.case.ref])).text
    assert "All of it." in page
    assert "The &lt;b&gt; ministry." in page
    assert "We named 2014." not in page
    assert reverse("claims:corrections", args=[story.case.ref]) in page
    transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("claims:corrections", {"kind": "odd"}),
        ("claims:corrections_csv", {"sort": "cause"}),
        ("claims:publications", {"sort": "snapshot"}),
        ("claims:publications", {"since": "31/31/31"}),
        ("claims:publications_csv", {"sort": "snapshot"}),
        ("claims:publications_csv", {"q": "x" * 201}),
        ("claims:list", {"sort": "claim__case__ref"}),
        ("claims:list", {"gate": "odd"}),
        ("claims:export", {"author": "nobody"}),
    ],
)
def test_lists_name_what_they_do_not_know(story, enter, name, query):
    """A03: neither a column nor a value that is not offered is passed over in silence."""
    answer = enter(story.publisher).get(reverse(name, args=[story.case.ref]), query)
    assert answer.status_code == 400
    assert not Event.objects.filter(action="case_exported").exists()


def test_timeline_leaves_as_csv_page_after_page(story, enter, monkeypatch):
    client = enter(story.editor)
    whole = rows_of(client, "case_timeline_csv", story)
    monkeypatch.setattr(timeline, "SIZE", 3)
    assert rows_of(client, "case_timeline_csv", story) == whole
    assert len(whole) > 6
    assert [row["at_utc"] for row in whole] == sorted((row["at_utc"] for row in whole), reverse=True)
    seen = rows_of(client, "case_timeline_csv", story, clock="seen")
    assert seen == [row for row in whole if row["clock"] == "seen"] != []


def test_overview_shows_the_first_links_and_says_how_many_there_are(story, enter, monkeypatch):
    client, url = enter(story.viewer), reverse("case_overview", args=[story.case.ref])
    whole = client.get(url).content.decode()
    links = whole.count("data-edge=")
    assert f"The same {links} links as a table" in whole
    monkeypatch.setattr(overview, "MOST_ROWS", 1)
    short = client.get(url).content.decode()
    assert short.count("data-edge=") == 1
    assert f"The first 1 of {links} links as a table" in short
    assert f'<a href="{reverse("claims:list", args=[story.case.ref])}">All {links} links' in short


def test_what_is_stored_is_the_same_whichever_language_somebody_reads(story):
    """The content, the run of the gate and the snapshot of a claim are records, not pages."""
    versions = [story.now(name) for name in ("operated", "role")]

    def records() -> list:
        shown = describe(case=story.case, number=1, title="T", note="", versions=versions)
        return [content_of(versions[0]), gate_report(versions[0]).as_dicts(), shown]

    english = records()
    with override("fr"):
        assert records() == english


def test_publisher_chooses_the_language_of_the_dossier(story, enter):
    approve(story, "hostile")
    client, url = enter(story.publisher), reverse("claims:publish", args=[story.case.ref])
    page = client.get(url).content.decode()
    assert '<option value="en" selected>English</option>' in page
    answer = client.post(url, {"title": "En français", "language": "xx", "claims": ["5"]})
    assert answer.status_code == 400


def test_editor_reads_the_pages_of_a_claim_in_french(story, enter):
    choose_language(actor=story.editor, language="fr")
    client, ref = enter(story.editor), story.case.ref
    number = story.claims["hostile"].claim.number
    for name, arguments, words in (
        ("claims:claim", [ref, 1], ("Ce qui l’appuie", "Le contrôle", "Publiée", "3 citations, 2 origines")),
        ("claims:desk_claim", [ref, number], ("Texte public", "Votre avis", "Approuver", "Copie conservée")),
        ("case_overview", [ref], ("Vue d’ensemble", "Qui est relié à qui", "Arrêtées au contrôle")),
        ("home", [], ("À moi", "Vos enquêtes")),
    ):
        page = client.get(reverse(name, args=arguments))
        assert page["Content-Language"] == "fr"
        assert [one for one in words if one not in page.content.decode()] == []


def test_refusal_is_french_on_a_page_and_english_for_programs(story, enter):
    choose_language(actor=story.editor, language="fr")
    client = enter(story.editor)
    page = client.get(reverse("claims:edit", args=[story.case.ref, 1]))
    assert page.status_code == 409
    assert '<html lang="fr">' in page.content.decode()
    assert "Cela ne convient pas à l’état présent" in page.content.decode()
    assert "figée : corrigez l’allégation" in page.content.decode().replace("\u00a0", " ")
    told = client.post(f"/api/v1/cases/{story.case.ref}/claims/1/reopen/", content_type="application/json").json()
    assert told["detail"].startswith("A claim that is published cannot be reopened")
