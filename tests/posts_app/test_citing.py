"""A number of an analysis is cited where it stands, and the gate's own look finds it there."""

import pytest
from django.urls import reverse

from cases.exceptions import InvalidInput
from claims.actions.citations import cite_number, recheck
from evidence.queries import text_layers
from posts.passages import passage
from tests.factories.claims import make_draft, make_world
from tests.factories.posts import analyse, import_posts, row, table
from tests.posts_app.test_pages import browser, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def analysis(world, campaign):
    import_posts(world.author, world.case, campaign, query="#islands")
    return analyse(world.author, world.case, zone="Asia/Baku")


@pytest.mark.parametrize(
    ("pointer", "exact", "value"),
    [
        ("/posts", '"posts": 5', 5),
        ("/peak_day/posts", '"posts": 5', 5),
        ("/peak_day/bucket", '"bucket": "2024-05-16"', "2024-05-16"),
        ("/hashtags/1/posts", '"posts": 2', 2),
        ("/clusters/L2/originals_only/largest/accounts", '"accounts": 3', 3),
    ],
)
def test_each_number_has_its_place(world, analysis, pointer, exact, value):
    found = passage(world.author, analysis, pointer)
    assert (found.exact, found.value) == (exact, value)
    (layer,) = text_layers(analysis.item)
    assert layer.text[found.start : found.end] == exact


def test_two_equal_numbers_have_two_places(world, analysis):
    starts = {passage(world.author, analysis, pointer).start for pointer in ("/posts", "/peak_day/posts")}
    assert len(starts) == 2


@pytest.mark.parametrize("pointer", ["", "/", "/nothing", "/hashtags", "/hashtags/99/posts", "posts", "/posts/0"])
def test_what_is_no_single_number_is_refused(world, analysis, pointer):
    with pytest.raises(InvalidInput):
        passage(world.author, analysis, pointer)


def test_claim_cites_the_number_and_it_is_found_again(world, analysis):
    version = make_draft(world, cited=False)
    citation = cite_number(actor=world.author, version=version, analysis=analysis, pointer="/peak_day/posts")
    assert citation.verified
    assert citation.exact == '"posts": 5'
    assert citation.start == passage(world.author, analysis, "/peak_day/posts").start
    assert citation.descriptor.startswith("/peak_day/posts of N-1. D-1 campaign.csv")
    assert recheck(world.newest(version)) == 0


def test_number_of_another_case_is_refused(world, analysis):
    other = make_world()
    with pytest.raises(InvalidInput):
        cite_number(actor=other.author, version=make_draft(other, cited=False), analysis=analysis, pointer="/posts")


def test_claim_says_that_the_analysis_it_cites_is_stale(world, analysis, tmp_path):
    version = make_draft(world, cited=False)
    cite_number(actor=world.author, version=version, analysis=analysis, pointer="/posts")
    page = browser(world.author)
    pages = [reverse(f"claims:{name}", args=[world.case.ref, version.claim.number]) for name in ("claim", "desk_claim")]
    assert not any("is stale" in words(page.get(one)) for one in pages)
    import_posts(world.author, world.case, table(tmp_path / "more.csv", [row(900, 9, "One more post of the islands")]))
    assert all("N-1 is stale: posts were added to the case" in words(page.get(one)) for one in pages)
    again = analyse(world.author, world.case)
    cite_number(actor=world.author, version=world.newest(version), analysis=again, pointer="/posts")
    assert "N-2 is stale" not in words(page.get(pages[0]))
