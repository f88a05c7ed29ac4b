"""Saved searches: one's own, told of what is new among what one may find at that moment, and of nothing else."""

import pytest
from django.test import Client

from cases.actions.members import add_member, end_membership
from cases.actions.people import update_person
from cases.exceptions import Conflict, InvalidInput, NotVisible
from cases.row_security import acting_as
from search.actions.counting import count_for
from search.actions.indexing import keep_up
from search.actions.saving import MOST, delete_search, look, save_search
from search.alerts import alerts_of
from search.jobs import count_new
from search.models import Document, SavedSearch, Wording
from tests.access.events import actions_since, last_number
from tests.factories.cases import make_case
from tests.factories.subjects import make_person
from tests.factories.users import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stores")]


@pytest.fixture
def case():
    return make_case(ref="SAVED-1", lead=make_user("lead"), investigator=make_user("ines"))


@pytest.fixture
def ines(case):
    return case.memberships.get(role="investigator").user


@pytest.fixture
def client(ines):
    client = Client()
    client.force_login(ines)
    return client


def person(case, label):
    made = make_person(case=case, actor=case.memberships.get(role="investigator").user, label=label)
    keep_up()
    return made


def new_of(actor) -> list[int | None]:
    keep_up()
    count_new(0)
    return [one.new for one in alerts_of(actor)]


def test_new_and_changed_hits_are_counted_until_one_looks(case, ines, engine):
    old = person(case, "Esmira Xalil")
    row = save_search(actor=ines, name="Names", query="esmira")
    assert new_of(ines) == [0]
    person(case, "Esmira Khalil")
    person(case, "Rasadat Xaliqov")
    assert new_of(ines) == [1]
    update_person(actor=ines, person=old, expected_version=old.version, note="Seen again.")
    assert new_of(ines) == [2]
    look(actor=ines, search_id=row.pk)
    assert new_of(ines) == [0]


def test_filters_narrow_what_is_new(case, ines):
    save_search(actor=ines, name="Claims alone", query="esmira", filters={"type": "claim"})
    person(case, "Esmira Khalil")
    assert new_of(ines) == [0]


def test_page_shows_what_was_new_at_the_last_look(case, ines, client):
    person(case, "Esmira Xalil")
    save_search(actor=ines, name="Names", query="esmira")
    person(case, "Esmira Khalil")
    count_new(0)
    row = SavedSearch.objects.get()
    assert "<strong>1</strong> new or changed" in client.get("/search/").text
    assert "Names" in client.get("/search/saved/news/").text
    address = client.post(f"/search/saved/{row.pk}/look/").headers["Location"]
    page = client.get(address)
    assert [hit.title.text for hit in page.context["found"].hits] == ["Esmira Khalil"]
    assert "New since you last looked" in page.text
    assert client.get("/search/saved/news/").text.strip() == ""
    assert "nothing new" in client.get("/search/").text


def test_my_turn_asks_for_what_is_new(client):
    assert 'hx-get="/search/saved/news/"' in client.get("/").text


def test_foreign_hits_are_no_news(case, ines):
    """A04: neither of a case one was never in, nor of one that one left."""
    other = make_case(ref="SAVED-2", lead=make_user("lead2"), investigator=make_user("otto"))
    save_search(actor=ines, name="Names", query="esmira")
    person(other, "Esmira Xalil")
    assert new_of(ines) == [0]
    add_member(actor=other.lead, case=other, user=ines, role="viewer")
    assert new_of(ines) == [1]
    end_membership(actor=other.lead, case=other, membership_id=other.memberships.get(user=ines).pk)
    assert new_of(ines) == [0]


def test_what_one_may_not_find_any_more_is_told_at_no_moment(case, ines):
    """Counted while one was a member; nothing is counted again before one looks."""
    vera = make_user("vera")
    membership = add_member(actor=case.lead, case=case, user=vera, role="viewer")
    save_search(actor=vera, name="Names", query="esmira")
    found = person(case, "Esmira Khalil")
    assert new_of(vera) == [1]
    Document.objects.filter(object_id=found.pk).update(sensitive=True)
    assert [one.new for one in alerts_of(vera)] == [0]
    Document.objects.filter(object_id=found.pk).update(sensitive=False)
    assert [one.new for one in alerts_of(vera)] == [1]
    end_membership(actor=case.lead, case=case, membership_id=membership.pk)
    assert [one.new for one in alerts_of(vera)] == [0]


def test_nothing_is_asked_again_while_nothing_changes(case, ines):
    save_search(actor=ines, name="Names", query="esmira")
    save_search(actor=ines, name="Others", query="rasadat")
    person(case, "Esmira Khalil")
    assert [count_for(actor=ines), count_for(actor=ines)] == [2, 0]
    person(case, "Somebody")
    assert count_for(actor=ines) == 2


def test_page_of_many_saved_searches_asks_no_engine(case, ines, client, django_assert_max_num_queries):
    for number in range(20):
        save_search(actor=ines, name=f"Search {number}", query="esmira")
    person(case, "Esmira Khalil")
    count_new(0)
    with django_assert_max_num_queries(20):
        assert client.get("/search/").text.count("<strong>1</strong> new or changed") == 20
    with django_assert_max_num_queries(20):
        assert {row["new"] for row in client.get("/api/v1/saved-searches/").json()["results"]} == {1}


def test_search_that_takes_too_long_is_told_and_asked_again_after_a_change(case, ines, client, monkeypatch):
    save_search(actor=ines, name="Names", query="esmira")
    person(case, "Esmira Khalil")
    monkeypatch.setattr("search.engines.whoosh.reading.SECONDS", -1)
    assert new_of(ines) == [None]
    assert "cannot be counted" in client.get("/search/").text
    monkeypatch.undo()
    person(case, "Somebody")
    assert new_of(ines) == [1]


@pytest.mark.parametrize("version", ["3-0", "2-3"])
def test_documents_made_anew_by_other_rules_are_no_news(case, ines, version):
    """Of names alone, and of what a document tells at all: its digest is another then."""
    old = person(case, "Esmira Xalil")
    save_search(actor=ines, name="Names", query="esmira")
    before = Document.objects.get(object_id=old.pk).seq
    Wording.objects.filter(document__object_id=old.pk).update(made_by=version)
    if version.startswith("2"):
        Wording.objects.filter(document__object_id=old.pk).update(digest="another")
    assert new_of(ines) == [0]
    assert Document.objects.get(object_id=old.pk).seq > before
    update_person(actor=ines, person=old, expected_version=old.version, note="Seen again.")
    assert new_of(ines) == [1]


def test_search_of_somebody_else_is_not_there(case, ines, client):
    row = save_search(actor=case.lead, name="Theirs", query="esmira")
    for step in (look, delete_search):
        with pytest.raises(NotVisible):
            step(actor=ines, search_id=row.pk)
    assert alerts_of(ines) == []
    assert client.get("/search/", {"q": "esmira", "new": str(row.pk)}).status_code == 400
    with acting_as(str(ines.pk)):
        assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"query": "type:zebra"}, "query"),
        ({"query": " "}, "query"),
        ({"filters": {"owner": "ines"}}, "owner"),
    ],
)
def test_search_that_cannot_be_saved_is_refused_by_its_field(ines, change, field):
    with pytest.raises(InvalidInput) as refusal:
        save_search(actor=ines, **{"name": "Names", "query": "esmira"} | change)
    assert refusal.value.field == field
    assert not SavedSearch.objects.exists()


def test_name_is_used_once_and_their_number_is_bounded(ines):
    for number in range(MOST):
        save_search(actor=ines, name=f"Search {number}", query="esmira")
    with pytest.raises(Conflict, match="of this name"):
        save_search(actor=ines, name="Search 1", query="esmira")
    with pytest.raises(Conflict, match="delete one"):
        save_search(actor=ines, name="One more", query="esmira")


def test_saving_and_deleting_leave_an_event_each(ines, client):
    before = last_number()
    answer = client.post("/search/saved/new/", {"name": "Names", "q": "esmira", "type": "person"})
    assert answer.headers["Location"] == "/search/?q=esmira&type=person"
    client.post(f"/search/saved/{SavedSearch.objects.get().pk}/delete/")
    assert not SavedSearch.objects.exists()
    assert actions_since(before) == ["search_saved", "search_deleted"]


def test_refusal_is_told_on_the_page(ines, client):
    answer = client.post("/search/saved/new/", {"name": "", "q": "esmira"}, follow=True)
    assert "Give it a name" in answer.text


def test_program_saves_counts_looks_and_deletes(case, client):
    address = "/api/v1/saved-searches/"
    made = client.post(address, {"name": "Names", "query": "esmira"}, "application/json").json()
    person(case, "Esmira Khalil")
    count_new(0)
    [row] = client.get(address).json()["results"]
    assert (row["name"], row["query"], row["new"]) == ("Names", "esmira", 1)
    assert not {"seen_seq", "new_since", "owner"} & set(row)
    assert client.post(f"{address}{made['id']}/look/", {}, "application/json").json()["new"] == 0
    assert client.delete(f"{address}{made['id']}/").status_code == 204
    assert client.get(address).json()["results"] == []
