"""The page of results in each of its states: how to ask, hits, none, close ones, posts, and what cannot be asked."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import transaction
from django.test import Client, override_settings

from search.actions.indexing import keep_up
from search.actions.searching import search
from tests.factories.posts import CAMPAIGN, import_posts, table
from tests.factories.story import HOSTILE, Story, make_story
from tests.search.conftest import folders_in

pytestmark = pytest.mark.xdist_group("results page")


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Story]:
    """A story with a few posts; only read."""
    folder = tmp_path_factory.mktemp("pages")
    with override_settings(**folders_in(folder)), django_db_blocker.unblock(), transaction.atomic():
        told = make_story(published=False)
        import_posts(told.author, told.case, table(folder / "posts.csv", CAMPAIGN))
        keep_up()
        yield told
        transaction.set_rollback(True)


@pytest.fixture
def ask(story):
    client = Client()
    client.force_login(story.author)
    return lambda **asked: client.get("/search/", asked)


def words_of(page) -> str:
    """The page as one reads it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def links_of(page, start: str) -> list[str]:
    return [link for link in map(unescape, re.findall(r'href="([^"]+)"', page.text)) if link.startswith(start)]


def test_page_without_a_query_tells_how_to_ask(ask):
    page = ask()
    assert page.status_code == 200
    assert re.search(r'<details class="search-how" id="q-help" open>', page.text)
    assert all(f"{field}:" in page.text for field in ("handle", "status", "date", "name", "exact", "case"))


def test_what_a_hit_tells_one_after_the_other_is_kept_apart(ask):
    page = ask(q="type:claim,role")
    [told, *_] = [hit.snippet for hit in page.context["found"].hits if "\n\n" in hit.snippet.text]
    shown = " ".join("".join(piece for piece, _ in told.shown_pieces).split())
    assert " · " in shown
    assert shown in words_of(page)


def test_hits_are_marked_and_lead_to_the_place_in_the_copy(ask):
    page = ask(q="directory type:text")
    assert "<mark>directory</mark>" in page.text
    [link] = links_of(page, "/cases/" + page.context["found"].hits[0].case_ref + "/evidence/")
    assert re.search(r"\?layer=[0-9a-f-]{36}&from=(\d+)#q=directory&s=\1$", link)


def test_facets_lead_to_the_narrowed_page_and_back(ask):
    wide = ask(q="esmira")
    narrowing = next(link for link in links_of(wide, "?") if "type=claim" in link)
    narrow = ask(q="esmira", type="claim")
    assert narrow.context["found"].total < wide.context["found"].total
    assert "Type: Claims" in words_of(narrow)
    assert "?q=esmira" in links_of(narrow, "?")
    assert narrowing == "?q=esmira&type=claim"


def test_name_that_fits_says_why_and_that_it_is_a_lead(ask):
    words = words_of(ask(q="Esmira Khalil"))
    assert "Fits as Esmira Xalil : " in words
    assert "A name is a lead, not a finding." in words


def test_close_ones_say_so(ask):
    page = ask(q="absord")
    assert page.context["found"].is_close
    assert "Nothing has exactly these words: close ones are shown." in words_of(page)
    assert re.search(r"\d close", words_of(page))


def test_page_that_found_nothing_offers_a_wider_search(ask):
    page = ask(q="zzqqxx", type="claim")
    assert "Nothing found in your cases" in words_of(page)
    assert {"?q=zzqqxx", "?q=name%3A%28zzqqxx%29"} <= set(links_of(page, "?q="))


@pytest.mark.parametrize("query", ["type:zebra", "(" * 40, "a*", "date:2024-13", '"', "x" * 1025])
def test_query_that_cannot_be_asked_is_told_beside_the_field(ask, query):
    page = ask(q=query)
    assert page.status_code == 400
    assert re.search(r'<input[^>]*aria-invalid="true" aria-describedby="q-refusal"', page.text)
    assert 'role="alert" id="q-refusal"' in page.text
    assert "Traceback" not in page.text


def test_posts_stand_under_the_hits_and_can_be_shown_alone(ask, monkeypatch):
    monkeypatch.setattr("search.actions.searching.POSTS", 2)
    page = ask(q="type:post")
    posts = page.context["found"].posts
    assert len(posts.rows) == 2 < posts.total
    assert "Nothing found" not in words_of(page)
    assert "?q=type%3Apost&type=post" in links_of(page, "?")
    assert len(ask(q="type:post", type="post").context["found"].posts.rows) == posts.total


def test_words_of_posts_are_marked(ask):
    assert "<mark>birds</mark>" in ask(q="birds type:post").text


def test_pages_of_posts_follow_each_other(story):
    asked = {"actor": story.author, "query": "", "filters": {"type": "post"}, "size": 4}
    first = search(**asked)
    second = search(**asked, cursor=first.next)
    shown = [{post.pk for post in page.posts.rows} for page in (first, second)]
    assert len(shown[0]) == 4
    assert shown[1]
    assert not shown[0] & shown[1]


def test_hostile_text_is_shown_as_text(ask):
    page = ask(q="alert")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert HOSTILE[:8] in unescape(re.sub(r"</?(mark|bdi)>", "", page.text))
