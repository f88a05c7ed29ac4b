"""What a sensitive exhibit says reaches those who may open it, on record, and nobody else: one table of addresses."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse

from audit.models import Event
from cases.exceptions import InvalidInput, NotAllowed
from claims.actions.citations import edit_citation, remove_citation
from claims.actions.reviews import check_sentence, judge_citation, request_changes
from claims.exceptions import GateRefused
from claims.models import Citation
from claims.queries import gate_report
from evidence.actions.items import change_item
from evidence.models import Item
from tests.factories.claims import add_citation, make_approved, make_claim, make_draft, make_submitted
from tests.factories.story import Story, add_item

pytestmark = pytest.mark.xdist_group("claims sensitive")

TEXT = "Aardvarks came first. The kettle hides beneath the orchard. Nobody cites the omega passage at the end."
# One word for each thing that may repeat the exhibit: quote, prefix, suffix, nearest, and what colleagues wrote of it.
SECRETS = (
    "kettle",
    "Aardvarks",
    "omega",
    "beneath the orchard",
    "marmalade",
    "thimble",
    "turnip",
    "gherkin",
    "walnut",
    "parsnip",
)


@pytest.fixture
def sealed(story) -> Item:
    """A sensitive exhibit, cited by a claim that waits for its reviewers: once rightly, once in words it has not."""
    item = add_item(story, text=TEXT, title="A letter", source=story.sources["The agency"])
    item = _mark(story.author, item, "sensitive")
    version = make_claim(
        story, predicate="account_status", subject_account=story.account, object_text="suspended", public_text="It was."
    )
    written = {"translation": "marmalade", "translator": "L. Translator", "descriptor": "thimble"}
    found = add_citation(
        story, version, item, "The kettle hides beneath the orchard", disposition_note="turnip", **written
    )
    lost = add_citation(story, version, item, "The kettles hid beneath an orchard")
    assert found.verified
    assert lost.nearest
    Citation.objects.filter(pk=found.pk).update(credibility_rationale="gherkin")
    story.claims["sealed"] = make_submitted(story, story.newest(version))
    judge_citation(actor=story.checker, citation=found, verdict="does_not_support", comment="walnut")
    submitted = story.claims["sealed"]
    check_sentence(
        actor=story.checker,
        version=submitted,
        position=1,
        citations=[found.pk],
        content_sha256=submitted.content_sha256,
        comment="parsnip",
    )
    return item


def _mark(actor, item: Item, sensitivity: str, reason: str = "") -> Item:
    changes = {"sensitivity": sensitivity}
    return change_item(actor=actor, item=item, version=item.version, changes=changes, reason=reason)


def addresses(story: Story, item: Item) -> Iterator[tuple[str, bool]]:
    """Each address with whether it shows an editor words of the exhibit."""
    ref, version = story.case.ref, story.claims["sealed"]
    number, citation = version.claim.number, version.citations.order_by("order").first().pk
    claim = f"claim:{version.claim_id}"
    api = f"/api/v1/cases/{ref}"
    yield from {
        reverse("claims:claim", args=[ref, number]): True,
        reverse("claims:version", args=[ref, number, 1]): True,
        reverse("claims:panel", args=[ref, number]): True,
        reverse("claims:desk_claim", args=[ref, number]): True,
        reverse("claims:desk_copy", args=[ref, citation]): True,
        reverse("claims:of_exhibit", args=[ref, item.exhibit]): True,
        reverse("claims:cite", args=[ref, item.exhibit]): True,
        reverse("claims:list", args=[ref]): False,
        reverse("claims:list", args=[ref]) + "?q=kettle": False,
        reverse("claims:export", args=[ref]): False,
        reverse("claims:publications", args=[ref]): False,
        reverse("claims:about", args=[ref, "account", story.account.pk]): False,
        reverse("case_overview", args=[ref]): False,
        reverse("case_timeline", args=[ref]): False,
        reverse("claims:graph", args=[ref]): False,
        reverse("home"): False,
        reverse("cases:audit", args=[ref]): True,
        reverse("cases:object_audit", args=[ref, claim]): True,
        reverse("cases:audit_csv", args=[ref]): False,
        reverse("evidence:list", args=[ref]): False,
        reverse("evidence:csv", args=[ref]): False,
        reverse("evidence:item", args=[ref, item.exhibit]): True,
        reverse("evidence:sources", args=[ref]): False,
        f"{api}/claims/": False,
        f"{api}/claims/?search=kettle": False,
        f"{api}/claims/{number}/": True,
        f"{api}/claims/{number}/versions/": False,
        f"{api}/claims/{number}/reviews/": False,
        f"{api}/claims/{number}/gate/": False,
        f"{api}/claims/{number}/citation-verdicts/": True,
        f"{api}/claims/{number}/sentences/": True,
        f"{api}/claims/{number}/citations/": True,
        f"{api}/claims/{number}/citations/{citation}/": True,
        f"{api}/items/": False,
        f"{api}/items/?search=kettle": False,
        f"{api}/items/{item.pk}/": False,
        f"{api}/items/{item.pk}/text/": True,
        f"{api}/items/{item.pk}/original/": True,
        f"{api}/custody/": False,
        f"{api}/events/?object={claim}": True,
    }.items()


def _body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def _readings(item: Item) -> int:
    return Event.objects.filter(object=f"item:{item.pk}", action="item_read").count()


def test_viewer_gets_no_word_of_a_sensitive_exhibit_at_any_address(story, sealed, enter, monkeypatch):
    # A refusal by the API undoes the request's transaction, which here would be the test's own.
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", False)
    client, leaks = enter(story.viewer), {}
    for url, _ in addresses(story, sealed):
        response = client.get(url)
        assert response.status_code in (200, 403), url
        body = _body(response)
        # What was searched for stands in the search field again.
        found = [word for word in SECRETS if word in body and word not in url]
        leaks |= {url: found} if found else {}
    assert leaks == {}
    assert _readings(sealed) == 0


def test_editor_reads_the_words_and_each_reading_leaves_one_event(story, sealed, enter):
    client, wrong = enter(story.editor), {}
    for url, shows in addresses(story, sealed):
        before = _readings(sealed)
        response = client.get(url)
        assert response.status_code == 200, url
        body = _body(response)
        seen = any(word in body for word in SECRETS if word not in url)
        if (seen, _readings(sealed) - before) != (shows, int(shows)):
            wrong[url] = (seen, _readings(sealed) - before)
    assert wrong == {}


def test_viewer_learns_that_a_citation_exists_and_where_it_points(story, sealed, enter):
    number = story.claims["sealed"].claim.number
    answer = enter(story.viewer).get(f"/api/v1/cases/{story.case.ref}/claims/{number}/citations/").json()
    first = answer["results"][0]
    assert (first["exhibit"], first["verified"], first["credibility"]) == (sealed.exhibit, True, "2")
    assert (first["exact"], first["prefix"], first["suffix"], first["nearest"]) == ("", "", "", "")
    page = enter(story.viewer).get(reverse("claims:claim", args=[story.case.ref, number])).content.decode()
    assert "From a sensitive exhibit, which your role does not open" in page
    assert "#q=" not in page


def test_everybody_sees_that_a_sentence_is_ticked_against_a_sensitive_exhibit(story, sealed, enter):
    number = story.claims["sealed"].claim.number
    for person, comment in ((story.viewer, ""), (story.editor, "parsnip")):
        client = enter(person)
        [line] = client.get(f"/api/v1/cases/{story.case.ref}/claims/{number}/sentences/").json()["results"]
        assert (line["ticked"], line["check_that_holds"]["comment"]) == (True, comment)
        desk = client.get(reverse("claims:desk_claim", args=[story.case.ref, number])).content.decode()
        assert "1 of 1 sentence ticked" in desk


def test_ordinary_exhibits_are_shown_and_leave_no_trace(story, enter):
    number = story.claims["operated"].claim.number
    before = Event.objects.filter(action="item_read").count()
    body = enter(story.viewer).get(f"/api/v1/cases/{story.case.ref}/claims/{number}/").json()
    assert all(citation["exact"] for citation in body["citations"])
    assert Event.objects.filter(action="item_read").count() == before


def test_citation_page_of_a_draft_is_a_look_too(story, enter):
    item = _mark(story.author, story.radio_text, "sensitive")
    citation = story.claims["draft"].citations.get()
    address = reverse("claims:citation", args=[story.case.ref, citation.pk])
    assert enter(story.author).get(address).status_code == 200
    assert _readings(item) == 1
    assert enter(story.author).post(address, {"edit_version": "1"}).status_code == 400
    assert _readings(item) == 2
    assert enter(story.viewer).get(address).status_code == 403
    assert _readings(item) == 2


def test_comment_on_a_citation_that_is_gone_stays_closed_to_viewers(story, sealed, enter):
    version = story.claims["sealed"]
    request_changes(actor=story.checker, version=version, comment="See what is noted at the citation.")
    remove_citation(actor=story.author, citation=version.citations.order_by("order").first())
    number = version.claim.number
    address = f"/api/v1/cases/{story.case.ref}/claims/{number}/citation-verdicts/"
    assert [verdict["comment"] for verdict in enter(story.viewer).get(address).json()["results"]] == [""]
    assert [verdict["comment"] for verdict in enter(story.editor).get(address).json()["results"]] == ["walnut"]


def test_words_come_back_whole_to_whoever_edits(story, enter):
    """Closing is for showing: what is stored never loses a word."""
    _mark(story.author, story.radio_text, "sensitive")
    citation = story.claims["draft"].citations.get()
    enter(story.viewer).get(reverse("claims:claim", args=[story.case.ref, story.claims["draft"].claim.number]))
    changed = edit_citation(
        actor=story.author, citation=citation, expected_version=citation.edit_version, changes={"descriptor": "new"}
    )
    assert Citation.objects.get(pk=changed.pk).exact == citation.exact != ""


# --- publication


def test_claim_that_cites_a_sensitive_exhibit_is_not_approved_until_an_editor_opens_it(story):
    draft = make_draft(story)
    item = _mark(story.author, story.radio_text, "sensitive")
    missing = {entry.rule.id: entry for entry in gate_report(draft).missing}
    assert [problem.text for problem in missing["G-64"].problems] == [
        f"E-{item.exhibit} is marked sensitive: an editor must lower that first, or cite other evidence."
    ]
    with pytest.raises(GateRefused):
        make_approved(story, draft)
    with pytest.raises(NotAllowed, match="lower the sensitivity of evidence"):
        _mark(story.author, item, "normal", "I want it out.")
    with pytest.raises(InvalidInput, match="Say why") as refused:
        _mark(story.editor, item, "normal")
    assert refused.value.field == "reason"
    item.refresh_from_db()
    assert item.sensitivity == "sensitive"
    _mark(story.editor, item, "normal", "The author of the letter agreed to its publication.")
    assert "G-64" not in {entry.rule.id for entry in gate_report(story.newest(draft)).missing}
