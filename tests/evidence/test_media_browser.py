"""The pages of media reuse in a real browser: they fit, pass axe, and lay one picture over the other by keyboard."""

import io
import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from django.urls import reverse

from evidence.actions.aids import make_aids
from evidence.actions.judging import judge_match
from evidence.actions.looking_up import start_look_up
from evidence.models import LookUp, Match

from .conftest import run_jobs
from .pictures import jpeg, side_by_side, texture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("media pages"),
]
SHOTS = os.environ.get("MEDIA_SHOTS", "")


@pytest.fixture
def world(scene):
    """The splice of the case, compared; one match confirmed, one picture looked up."""
    return scene("splice_that_people_worked_on", work_on_splice)


@pytest.fixture
def newsroom(world):
    return world[0]


@pytest.fixture
def compared(world):
    return world[1]


def work_on_splice(newsroom):
    one, two = texture(1), texture(2)
    may = [datetime(2024, 5, day, 9, 30, tzinfo=UTC) for day in (2, 14, 16)]
    newsroom.log(jpeg(one), "one.jpg", title="Photograph of a street", published_at=may[0], derive=True)
    newsroom.log(jpeg(two), "two.jpg", title="Photograph of a square", published_at=may[1], derive=True)
    montage = jpeg(side_by_side(one, side_by_side(two, texture(3))), quality=80)
    newsroom.log(montage, "montage.jpg", title="The viral montage", published_at=may[2], graphic=True, derive=True)
    run_jobs()
    make_aids(actor=newsroom.investigator, item=newsroom.case.items.get(exhibit=3))
    match = Match.objects.order_by("-score").first()
    judge_match(actor=newsroom.editor, match=match, verdict="confirmed", note="Windows and shadows agree.")
    asked = jpeg(two, quality=55)
    start_look_up(actor=newsroom.investigator, case=newsroom.case, stream=io.BytesIO(asked), size=len(asked))
    run_jobs()
    return newsroom, match


@pytest.fixture
def at_work(newsroom, open_page):
    return partial(open_page, user=newsroom.investigator)


def addresses(match: Match) -> dict[str, str]:
    ref = ["NC-2024"]
    return {
        "list": reverse("evidence:media", args=ref),
        "clusters": reverse("evidence:media_clusters", args=ref),
        "ignored": reverse("evidence:media_ignored", args=ref),
        "match": reverse("evidence:match", args=[*ref, match.pk]),
        "cite": reverse("claims:cite_match", args=[*ref, match.pk]),
        "look-up": reverse("evidence:look_up", args=ref),
        "looked-up": reverse("evidence:looked_up", args=[*ref, LookUp.objects.get().pk]),
        "aids": reverse("evidence:aids", args=[*ref, 3]),
        "exhibit": reverse("evidence:item", args=[*ref, 3]),
    }


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")] if SHOTS else [(390, "dark")])
def test_pages_of_media_pass_axe_and_fit_the_screen(compared, at_work, width, scheme):
    watched = at_work("/", viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = {}
    for name, path in addresses(compared).items():
        page = watched.open(path)
        page.wait_for_load_state("networkidle")
        found[name] = watched.axe()
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            found[name].append("it is wider than the screen")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    assert found == {name: [] for name in found}
    assert watched.complaints == []


def test_pictures_are_laid_over_each_other_by_keyboard(compared, at_work):
    watched = at_work(addresses(compared)["match"])
    page = watched.page
    page.wait_for_selector("[data-compare]:not([hidden])")
    # In the middle both pictures are there; around the region stands a margin of the left one alone.
    middle = """() => {
        const canvas = document.querySelector("[data-compare-canvas]");
        const at = [canvas.width, canvas.height].map((side) => Math.floor(side / 2));
        return canvas.getContext("2d").getImageData(...at, 1, 1).data.join();
    }"""
    page.locator("[data-compare-canvas]").scroll_into_view_if_needed()
    stage = page.locator("[data-compare-canvas]").bounding_box()
    across, down = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.mouse.move(across, down)
    page.mouse.down()
    page.mouse.move(across + stage["width"] / 4, down)
    page.mouse.up()
    assert page.locator("[data-compare-amount]").input_value() == "25"
    page.focus("[name=compare-mode][value=slider]")
    seen = {}
    for mode in ("overlay", "blink", "difference"):
        page.keyboard.press("ArrowRight")
        assert page.locator("[name=compare-mode]:checked").input_value() == mode
        seen[mode] = page.evaluate(middle)
    # The two show the same: laid over each other hardly anything differs.
    assert max(map(int, seen["difference"].split(",")[:3])) < 60
    page.check("[name=compare-mode][value=blink]")
    page.click("[data-compare-blink]")
    assert page.locator("[data-compare-blink]").get_attribute("aria-pressed") == "true"
    if SHOTS:
        page.check("[name=compare-mode][value=slider]")
        page.click("[data-graphic-toggle] >> nth=0")
        page.click(".compare [data-graphic-toggle]")
        page.screenshot(path=Path(SHOTS) / "match-open.png", full_page=True)
    assert watched.complaints == []
