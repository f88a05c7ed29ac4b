"""Nothing of a case tells that it is there to whoever is not in it (A04): each kind, each feature of the language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from cases.actions.members import add_member, end_membership
from cases.models import Membership, User
from claims.actions.letters import note_reply
from claims.models import Reply
from evidence.actions.items import change_item
from evidence.models import CustodyEvent
from search.actions.indexing import keep_up
from search.actions.searching import Found, search
from search.models import Document, Noted, Wording
from tests.factories.claims import add_citation, make_draft, make_request, make_text
from tests.factories.posts import CAMPAIGN, import_posts, table
from tests.factories.story import Story, make_story
from tests.factories.subjects import make_account, make_person
from tests.factories.users import make_user
from tests.search.conftest import folders_in

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.xdist_group("leaks")]

SECRET = "Qırxpoladzadə"
KINDS = ["account", "case", "citation", "claim", "exhibit", "observation", "organisation", "person", "reply", "review",
         "role", "source", "text"]  # fmt: skip
# One of each feature; each finds something in the foreign case.
QUERIES = [
    "esmira", "Xəlil Esmira", '"linked it to"', "commit*", "handle:esmirak", "handle:esm*", "@esmirak", "-zz type:text",
    "radio OR agency", "status:draft", "lang:en type:text", "date:2024-05-16..2024-05-30", "source:Radio",
    "name:(Эсмира Халил)", "exact:Esmira", "comitee", "type:post recognise", "#islands", "#isl*", "platform:x",
    "(radio OR agency) -draft", "by:{author}", "case:{ref}", "",
]  # fmt: skip


@dataclass
class Two:
    """Two cases of the same making: `mine` of one person, `theirs` of another, and somebody who is in both."""

    mine: Story
    theirs: Story
    both: User
    folder: object


@pytest.fixture(scope="module")
def two(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("leaks")
    with (
        override_settings(**folders_in(folder), SEARCH_ENGINE="whoosh"),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        mine, theirs = make_story(published=False), make_story(published=False)
        both = make_user("in-both")
        for number, story in enumerate((mine, theirs)):
            add_member(actor=story.editor, case=story.case, user=both, role="investigator")
            answer(story, "It is not so.")
            import_posts(story.author, story.case, table(folder / f"{number}.csv", CAMPAIGN))
        make_account(case=theirs.case, actor=theirs.author, handle="foreign_handle")
        for _ in range(57):
            make_person(case=theirs.case, actor=theirs.author, label=SECRET)
        for _ in range(3):
            make_person(case=mine.case, actor=mine.author, label=SECRET)
        keep_up()
        yield Two(mine, theirs, both, folder)
        transaction.set_rollback(True)


def answer(story: Story, text: str, **fields) -> Reply:
    """The person whom a draft of its own names answers to it."""
    request = make_request(story, make_draft(story, cited=False), outcome="")
    return note_reply(
        actor=story.author, request=request, text=text, language="en", received_at=timezone.now(), **fields
    )


@pytest.fixture
def own_index(two, settings, tmp_path) -> None:
    """For a test whose changes are undone, which an index never knows."""
    settings.SEARCH_INDEX_DIR = tmp_path / "search-index"
    keep_up()


def shown_cases(result: Found) -> set[str]:
    return {hit.case_ref for hit in result.hits} | {post.case.ref for post in result.posts.rows}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_found_in_own_cases_only(two, kind):
    own, other = (search(actor=story.author, query=f"type:{kind}", size=100) for story in (two.mine, two.theirs))
    together = search(actor=two.both, query=f"type:{kind}", size=100)
    assert shown_cases(own) == {two.mine.case.ref}
    assert shown_cases(other) == {two.theirs.case.ref}
    assert shown_cases(together) == {two.mine.case.ref, two.theirs.case.ref}
    assert own.total + other.total == together.total
    assert own.total == Document.objects.filter(case=two.mine.case, kind=kind, live=True).count()


@pytest.mark.parametrize("query", QUERIES)
def test_no_part_of_an_answer_tells_of_a_foreign_case(two, query):
    asked = query.format(author=two.theirs.author.username, ref=two.theirs.case.ref)
    assert (
        search(actor=two.theirs.author, query=asked).total or search(actor=two.theirs.author, query=asked).posts.total
    )
    result = search(actor=two.mine.author, query=asked, size=100)
    stranger = search(actor=make_user(), query=asked)
    assert shown_cases(result) <= {two.mine.case.ref}
    assert (stranger.total, stranger.facets, stranger.posts.total) == (0, [], 0)
    assert (
        sum(value.number for facet in result.facets if facet.name == "case" for value in facet.values) == result.total
    )
    for facet in result.facets:
        assert all(value.value != two.theirs.case.ref for value in facet.values)


def test_of_sixty_hits_the_three_permitted_ones_are_found(two):
    result = search(actor=two.mine.author, query=SECRET)
    assert (result.total, len(result.hits)) == (3, 3)
    assert {value.number for facet in result.facets for value in facet.values} == {3}
    assert search(actor=two.both, query=SECRET).total == 60


@pytest.mark.parametrize("query", ["foreign_handl*", "foreign_handel", "handle:foreign*", "name:foreign_handle"])
def test_words_of_a_foreign_case_are_no_word_one_can_begin_or_misspell(two, query):
    result = search(actor=two.mine.author, query=query)
    assert (result.total, result.notes, result.is_close) == (0, (), False)
    assert search(actor=two.theirs.author, query=query).total


def page_for(client: Client, query: str) -> str:
    """The page without what was asked and without the token of its forms."""
    page = client.get("/search/", {"q": query}).content.decode()
    return re.sub(
        r'name="csrf-token" content="\w+"|value="\w{64}"', "", page.replace(query, "").replace(quote(query), "")
    )


def test_page_and_api_say_the_same_of_a_foreign_case_as_of_none(two):
    client = Client()
    client.force_login(two.mine.author)
    for query in (f"case:{two.theirs.case.ref}", "foreign_handle"):
        never = query + "x"
        assert page_for(client, query) == page_for(client, never)
        assert client.get("/api/v1/search/", {"q": query}).json()["total"] == 0


def test_membership_that_ended_opens_nothing_at_the_next_request(two):
    assert search(actor=two.both, query=SECRET).total == 60
    membership = Membership.objects.get(user=two.both, case=two.theirs.case)
    with transaction.atomic():
        end_membership(actor=two.theirs.editor, case=two.theirs.case, membership_id=membership.pk)
        assert search(actor=two.both, query=SECRET).total == 3
        transaction.set_rollback(True)


def test_sensitive_text_and_quotes_are_for_those_who_may_open_them(two, own_index):
    story = two.mine
    with transaction.atomic():
        item = make_text(story.case, story.author, "The drawbridge is lowered at noon.", story.radio, title="A tip",
                         sensitivity="sensitive")  # fmt: skip
        add_citation(story, make_draft(story, cited=False), item, "drawbridge is lowered")
        keep_up()
        closed = search(actor=story.viewer, query="drawbridge")
        assert (closed.total, closed.facets, closed.is_close) == (0, [], False)
        assert search(actor=story.viewer, query="drawbrid*").total == 0
        assert search(actor=story.viewer, query="drawbrigde").total == 0
        assert [hit.title.text for hit in search(actor=story.viewer, query="tip type:exhibit").hits]
        opened = search(actor=story.author, query="drawbridge")
        assert {hit.document.kind for hit in opened.hits} == {"text", "citation"}
        # Reading it here is a look at it, and on record.
        assert CustodyEvent.objects.filter(item=item, actor=story.author, purpose="Found by a search").count() == 1
        transaction.set_rollback(True)


def test_sensitive_replies_are_for_those_who_may_open_them(two, own_index):
    story = two.mine
    with transaction.atomic():
        reply = answer(story, "The portcullis stays down.")
        keep_up()
        assert {hit.document.kind for hit in search(actor=story.viewer, query="portcullis").hits} >= {"reply"}
        item = reply.item
        change_item(actor=story.editor, item=item, version=item.version, changes={"sensitivity": "sensitive"})
        for _ in range(2):
            assert search(actor=story.viewer, query="portcullis type:reply").total == 0
            keep_up()
        assert search(actor=story.author, query="portcullis type:reply").total == 1
        assert CustodyEvent.objects.filter(item=item, actor=story.author, purpose="Found by a search").count() == 1
        transaction.set_rollback(True)


def test_text_that_becomes_sensitive_is_hidden_before_anything_read_it(two, own_index):
    story = two.mine
    with transaction.atomic():
        item = story.items["report"]
        item.refresh_from_db()
        assert search(actor=story.viewer, query="1,686 type:text").total == 1
        change_item(actor=story.editor, item=item, version=item.version, changes={"sensitivity": "sensitive"})
        assert Noted.objects.filter(hides=True).exists()
        hidden = search(actor=story.viewer, query="1,686 type:text")
        assert (hidden.total, hidden.hits, hidden.facets) == (0, [], [])
        keep_up()
        assert search(actor=story.viewer, query="1,686 type:text").total == 0
        assert search(actor=story.author, query="1,686 type:text").total == 1
        transaction.set_rollback(True)


def test_hit_that_is_not_to_be_seen_is_left_out_though_the_index_has_it(two, own_index, monkeypatch):
    """The second wall: an index that is wrong about who may see what shows nothing for all that."""
    monkeypatch.setattr("search.drafts.audience", lambda case_id, sensitive: f"a:{two.mine.case.pk}")
    with transaction.atomic():
        Wording.objects.filter(case=two.theirs.case).update(digest="")
        Wording.objects.filter(case=two.theirs.case, document__kind="person").update(made_by="")
        keep_up()
        result = search(actor=two.mine.author, query=SECRET, size=100)
        assert shown_cases(result) == {two.mine.case.ref}
        assert len(result.hits) == 3
        transaction.set_rollback(True)
