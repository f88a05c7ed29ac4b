"""In a real browser: cite by selecting, work the desk by keyboard, take the dossier home; every page passes axe."""

import re

import pytest
from django.urls import reverse

from claims.dossier import checks
from claims.dossier.files import load
from claims.models import Citation, SentenceCheck
from claims.phrasing import sentences
from tests.browser import Watched
from tests.factories.story import Story
from tests.scenes import story_in

pytestmark = [
    pytest.mark.xdist_group("claims browser"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "sequencer"]),
]

SELECT = """([from, to]) => {
  const node = document.querySelector("#copy pre[data-text]").firstChild;
  const start = node.textContent.indexOf(from);
  document.getSelection().setBaseAndExtent(node, start, node, node.textContent.indexOf(to, start) + to.length);
}"""


class Desk:
    """The story, and windows for its people; each must have complained of nothing at the end."""

    def __init__(self, story: Story, open_page) -> None:
        self.story, self.open_page = story, open_page
        self.opened: list[Watched] = []

    def open(self, user, path: str, **options) -> Watched:
        self.opened.append(self.open_page(path, user=user, **options))
        return self.opened[-1]


@pytest.fixture
def desk(transactional_db, open_page, tmp_path, scenes):
    with story_in(tmp_path, scenes) as story:
        made = Desk(story, open_page)
        yield made
        for watched in made.opened:
            assert watched.complaints == []


def test_passage_is_cited_by_selecting_it(desk):
    story = desk.story
    page = desk.open(story.author, reverse("claims:cite", args=[story.case.ref, 1])).page
    page.evaluate(SELECT, ["was suspended", "the picture"])
    page.get_by_role("button", name="Cite this passage").click()
    page.get_by_label("Claim", exact=True).select_option(str(story.claims["draft"].claim.number))
    page.get_by_role("button", name="Add the citation").click()
    page.wait_for_url(re.compile(r"/claims/\d+/#citations"))
    assert "the passage stands in the preserved copy" in page.inner_text("main")
    citation = Citation.objects.filter(version=story.claims["draft"]).latest("added_at")
    assert (citation.exact, citation.verified) == ("was suspended after sharing the picture", True)


def test_desk_is_worked_by_keyboard(desk):
    story = desk.story
    page = desk.open(story.editor, reverse("claims:desk_claim", args=[story.case.ref, 1])).page
    page.keyboard.press("j")
    assert page.locator("[data-desk-item].current .desk-sentence").count() == 1
    assert page.locator("[data-citation].lit").count() >= 1
    page.keyboard.press("l")
    page.keyboard.press("j")
    page.locator("#desk-copy", has_text=f"Preserved copy of E-{story.items['wire'].exhibit}").wait_for()
    assert page.inner_text("#desk-copy mark") == "the account @esmirak belongs to Esmira Xalil"
    page.keyboard.press("?")
    assert page.locator("#keys[open]").count() == 1


def test_text_is_ticked_sentence_by_sentence_with_keys_alone(desk):
    """The editor reads, ticks, asks; each answer moves on, and the count above says how far they are."""
    story = desk.story
    version = story.claims["hostile"]
    number = len(sentences(version.public_text))
    page = desk.open(story.editor, reverse("claims:desk_claim", args=[story.case.ref, version.claim.number])).page
    page.keyboard.press("j")
    for position in range(1, number + 1):
        page.keyboard.press("x")
        page.locator("#desk-progress", has_text=f"{position} of {number} sentence").wait_for()
    assert page.locator(".ticked").count() == number
    page.locator("#sentence-1 summary").click()
    page.locator("#ask-1").fill("Who says so?")
    page.locator("#ask-1").press("Enter")
    page.locator("#check-1", has_text="Who says so?").wait_for()
    assert f"{number - 1} of {number} sentence" in page.inner_text("#desk-progress")
    # The form that was sent is gone, and the keys go on from its sentence; a box takes the space bar alone.
    page.locator("#sentence-1:focus").wait_for()
    page.locator("#check-1 [type=checkbox]").first.focus()
    page.keyboard.press("x")
    page.locator("#desk-progress", has_text=f"{number} of {number} sentence").wait_for()
    made = SentenceCheck.objects.filter(version=version)
    assert (made.filter(verdict="ticked").count(), made.filter(verdict="question").count()) == (number + 1, 1)


def test_edge_of_the_graph_opens_its_claim_from_the_table(desk):
    story = desk.story
    page = desk.open(story.viewer, reverse("case_overview", args=[story.case.ref])).page
    page.get_by_text(re.compile(r"links? as a table")).click()
    page.get_by_role("link", name="is operated by", exact=True).click()
    page.locator("#claim-panel", has_text="3 citations, 2 origins").wait_for()


def test_dossier_taken_home_is_whole(desk, tmp_path):
    story = desk.story
    page = desk.open(story.viewer, reverse("claims:publication", args=[story.case.ref, 1])).page
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the dossier").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == f"{story.case.ref}-dossier-1.zip"
    assert checks.check(load(str(path)))
