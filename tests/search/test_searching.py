"""What a person finds in a case: words, names in any spelling, fields, facets, marks and places; in both engines."""

import pytest

from cases.exceptions import InvalidInput
from cases.models import Person
from search.actions.searching import CLOSE
from search.models import Document
from search.planning import plan
from search.query.parser import parse
from search.rights import reach_of
from tests.search.conftest import found, titles

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.xdist_group("searching")]


def test_each_kind_of_thing_is_found_in_one_list(told):
    everything = found(told.author, "", size=100)
    kinds = {value.value for facet in everything.facets if facet.name == "type" for value in facet.values}
    assert kinds >= {"case", "account", "observation", "person", "organisation", "role", "claim", "citation", "exhibit",
                     "text", "source", "review"}  # fmt: skip
    assert len(everything.hits) == everything.total == Document.objects.filter(live=True).count()


@pytest.mark.parametrize(
    "query", ["Esmira Khalil", "esmira xalil", "Xəlil Esmira", "Эсмира Халил", "@esmirakhahil", "esmirakhahil"]
)
def test_person_is_first_in_any_spelling(told, query):
    first = found(told.author, query).hits[0]
    assert (first.document.kind, first.title.text) == ("person", "Esmira Xalil")
    assert first.namesake is None or first.namesake.is_match
    assert first.url == f"/cases/{told.case.ref}/people/{Person.objects.get().pk}/"


def test_what_is_too_long_for_a_name_is_not_held_against_names(told):
    """A65: with long words each comparison takes long, and there may be two hundred."""
    reach = reach_of(told.author)
    assert plan(parse("Esmira Xalil " + "x" * 20), reach).named
    for sentence in ("Esmira Xalil " + "x" * 90, "Esmira Xalil works for the press service"):
        assert not plan(parse(sentence), reach).named


def test_text_in_the_spelling_of_its_day_is_found_by_another_one(told):
    assert "E-1 What Radio wrote" in titles(found(told.author, "Esmira Khalil", size=100))


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
def test_query_finds_these_and_no_others(told, query, expected):
    # The hostile exhibit's title is markup; its number tells which it is.
    shown = {title.split(" <")[0] for title in titles(found(told.author, query, size=100))}
    assert shown == expected


def test_close_words_are_shown_where_nothing_has_the_exact_ones(told):
    result = found(told.author, "direktory type:text")
    assert (titles(result), result.notes, result.is_close) == (["E-4 Technical report"], (CLOSE,), True)
    assert not found(told.author, "directory").is_close
    assert found(told.author, "zzzzzzzz").total == 0


def test_hit_marks_the_words_and_leads_to_the_place(told):
    hit = found(told.author, "directory type:text").hits[0]
    assert ("directory", True) in hit.snippet.pieces
    layer = hit.document.wording.place["layer"]
    start = told.items["report"].blob.text_layers.get().text.index("directory")
    assert hit.url == f"/cases/{told.case.ref}/evidence/4/?layer={layer}&from={start}#q=directory&s={start}"


@pytest.mark.parametrize("query", ["esmirak", "Esmira Khalil", "radio OR agency", "-radio"])
def test_facets_count_what_a_click_would_show(told, query):
    result = found(told.author, query, size=100)
    assert result.facets
    for facet in result.facets:
        for value in facet.values:
            assert found(told.author, query, filters={facet.filter: value.value}).total == value.number, value


def test_pages_follow_on_each_other(told):
    whole = [hit.document.pk for hit in found(told.author, "esmira", size=100).hits]
    read, cursor = [], ""
    while True:
        page = found(told.author, "esmira", size=3, cursor=cursor)
        read += [hit.document.pk for hit in page.hits]
        cursor = page.next
        if not cursor:
            break
    assert read == whole
    assert len(whole) > 3


@pytest.mark.parametrize("cursor", ["x", "-", "MTAwMDAx", "8J+YgA", "a" * 5000])
def test_strange_cursor_is_refused(told, cursor):
    with pytest.raises(InvalidInput, match="cursor"):
        found(told.author, "esmira", cursor=cursor)


def test_unknown_filter_is_refused(told):
    with pytest.raises(InvalidInput, match="Narrow by one of"):
        found(told.author, "esmira", filters={"case__name": "x"})
