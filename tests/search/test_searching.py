"""What a person finds: words, names in any spelling, fields, facets, marks and places; the same in both engines."""

import pytest

from cases.actions.merges import merge
from cases.exceptions import InvalidInput
from cases.models import Account, Person
from evidence.actions.items import change_item
from search.actions.indexing import keep_up
from search.actions.searching import CLOSE
from search.models import Document, Noted
from tests.factories.cases import make_case
from tests.factories.claims import make_text, make_world
from tests.factories.story import Story, make_story
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person
from tests.search.conftest import found, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(engine) -> Story:
    return make_story(published=False)


def test_each_kind_of_thing_is_found_in_one_list(story):
    everything = found(story.author, "", size=100)
    kinds = {value.value for facet in everything.facets if facet.name == "type" for value in facet.values}
    assert kinds >= {"case", "account", "observation", "person", "organisation", "role", "claim", "citation", "exhibit",
                     "text", "source", "review"}  # fmt: skip
    assert len(everything.hits) == everything.total == Document.objects.filter(live=True).count()


@pytest.mark.parametrize(
    "query", ["Esmira Khalil", "esmira xalil", "Xəlil Esmira", "Эсмира Халил", "@esmirakhahil", "esmirakhahil"]
)
def test_person_is_first_in_any_spelling(story, query):
    first = found(story.author, query).hits[0]
    assert (first.document.kind, first.title.text) == ("person", "Esmira Xalil")
    assert first.namesake is None or first.namesake.is_match
    assert first.url == f"/cases/{story.case.ref}/people/{Person.objects.get().pk}/"


def test_text_in_the_spelling_of_its_day_is_found_by_another_one(story):
    assert "E-1 What Radio wrote" in titles(found(story.author, "Esmira Khalil", size=100))


def test_account_is_found_by_each_handle_it_ever_had(engine):
    world = make_world()
    make_observation(account=world.account, actor=world.author, handle="new_name", display_name="Somebody Else")
    for query in ("esmirak", "@esmirak", "new_name", "@new_name", "handle:ESMIRAK", "handle:new_n*", "from:@esmirak"):
        assert world.account.pk in {hit.document.object_id for hit in found(world.author, query).hits}, query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"linked it to"', {"C-1 cites E-1", "E-1 What Radio wrote"}),
        ('"it linked to"', set()),
        ("absurd -denied", set()),
        ("absurd type:text", {"E-5 A denial"}),
        ("dir* absurd", set()),
        ("direct* type:text", {"E-4 Technical report"}),
        ("(absurd OR directory) type:text", {"E-5 A denial", "E-4 Technical report"}),
        ("type:text -(esmirak OR radio)", {"E-6"}),
        ("status:draft", {"C-6 @bafadar on X (Twitter) has the status suspended"}),
        ("type:observation status:suspended handle:bafadar", {"@bafadar suspended on 2024-05-30"}),
        ("type:observation date:2024-05-30", {"@bafadar suspended on 2024-05-30", "@esmirak suspended on 2024-05-30"}),
        ("type:source agency", {"The agency"}),
        ('type:text source:"The agency"', {"E-4 Technical report"}),
        ("type:text lang:fr", set()),
        ("type:exhibit,source denial", {"E-5 A denial"}),
        ("case:NEVER-1 esmira", set()),
    ],
)
def test_query_finds_these_and_no_others(story, query, expected):
    # The hostile exhibit's title is markup; its number tells which it is.
    shown = {title.split(" <")[0] for title in titles(found(story.author, query, size=100))}
    assert shown == expected


def test_exact_word_is_found_as_it_is_written(engine):
    world = make_world()
    make_person(case=world.case, actor=world.author, label="Rəşədət Xalıqov")
    assert titles(found(world.author, "exact:Xalıqov")) == ["Rəşədət Xalıqov"]
    assert titles(found(world.author, "exact:Xaliqov")) == []
    assert titles(found(world.author, "Rasadat Xaliqov")) == ["Rəşədət Xalıqov"]


def test_close_words_are_shown_where_nothing_has_the_exact_ones(story):
    result = found(story.author, "direktory type:text")
    assert (titles(result), result.notes, result.is_close) == (["E-4 Technical report"], (CLOSE,), True)
    assert not found(story.author, "directory").is_close
    assert found(story.author, "zzzzzzzz").total == 0


def test_hit_marks_the_words_and_leads_to_the_place(story):
    hit = found(story.author, "directory type:text").hits[0]
    assert ("directory", True) in hit.snippet.pieces
    layer = hit.document.place["layer"]
    start = story.items["report"].blob.text_layers.get().text.index("directory")
    assert hit.url == f"/cases/{story.case.ref}/evidence/4/?layer={layer}&from={start}#:~:text=directory"


def test_facets_count_what_a_click_would_show(story):
    result = found(story.author, "esmirak", size=100)
    for facet in result.facets:
        for value in facet.values:
            assert found(story.author, "esmirak", filters={facet.filter: value.value}).total == value.number, value


def test_pages_follow_on_each_other(story):
    whole = [hit.document.pk for hit in found(story.author, "esmira", size=100).hits]
    read, cursor = [], ""
    while True:
        page = found(story.author, "esmira", size=3, cursor=cursor)
        read += [hit.document.pk for hit in page.hits]
        cursor = page.next
        if not cursor:
            break
    assert read == whole
    assert len(whole) > 3


@pytest.mark.parametrize("cursor", ["x", "-", "MTAwMDAx", "8J+YgA", "a" * 5000])
def test_strange_cursor_is_refused(story, cursor):
    with pytest.raises(InvalidInput, match="cursor"):
        found(story.author, "esmira", cursor=cursor)


def test_unknown_filter_is_refused(story):
    with pytest.raises(InvalidInput, match="Narrow by one of"):
        found(story.author, "esmira", filters={"case__name": "x"})


def test_change_is_found_and_what_it_replaced_is_not(story):
    item = story.items["report"]
    assert titles(found(story.author, "technical type:exhibit")) == ["E-4 Technical report"]
    item.refresh_from_db()
    change_item(actor=story.author, item=item, version=item.version, changes={"title": "A study"})
    assert titles(found(story.author, "technical type:exhibit")) == []
    assert titles(found(story.author, "study type:exhibit")) == ["E-4 A study"]
    assert Noted.objects.count() == 0


def test_reading_again_what_did_not_change_changes_no_document(story):
    keep_up()
    before = set(Document.objects.values_list("pk", "seq"))
    Person.objects.filter(pk=story.person.pk).update(version=1)
    assert keep_up() == 1
    assert set(Document.objects.values_list("pk", "seq")) == before


def test_long_text_is_found_in_parts_each_with_its_place(engine):
    world = make_world()
    text = " ".join(f"word{number}" for number in range(5000))
    item = make_text(world.case, world.author, text, world.radio)
    hit = found(world.author, "word4321").hits[0]
    assert (hit.document.part, hit.document.object_id) == (3, item.pk)
    assert f"from={text.index('word4321')}#" in hit.url
    assert Document.objects.filter(object_id=item.pk, kind="text").count() == 3


def test_one_person_does_not_find_the_case_of_another(engine):
    mine, theirs = make_world(), make_world()
    assert {hit.case_ref for hit in found(mine.author, "esmira", size=100).hits} == {mine.case.ref}
    assert found(mine.author, f"case:{theirs.case.ref}").total == 0


def test_merged_subjects_are_found_as_one(engine):
    case = make_case()
    stays, goes = (make_person(case=case, label=label) for label in ("Leyla Məmmədova", "Лейла Мамедова"))
    merge(actor=case.lead, duplicate=goes, into=stays, reason="One person.")
    for query in ("Leyla Məmmədova", "Лейла Мамедова"):
        assert [hit.document.object_id for hit in found(case.lead, f"{query} type:person").hits] == [stays.pk]


def test_organisation_and_account_names_are_found_too(engine):
    case = make_case()
    make_organisation(case=case, label="Dövlət Komitəsi")
    account = make_account(case=case, handle="dovlat_komitasi")
    assert "Dövlət Komitəsi" in titles(found(case.lead, "Dovlat Komitasi"))
    assert Account.objects.get() == account
    assert "@dovlat_komitasi on X (Twitter)" in titles(found(case.lead, "Dövlət Komitəsi"))
