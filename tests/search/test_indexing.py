"""What changes can be found at once, and nothing of what it replaced; in both engines."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.actions.accounts import create_account
from cases.actions.merges import merge
from cases.actions.people import update_person
from cases.models import Person
from evidence.actions.items import change_item
from evidence.actions.sources import change_source
from search.actions.indexing import keep_up
from search.models import Document, Noted
from tests.factories.cases import make_case
from tests.factories.claims import make_text, make_world
from tests.factories.story import Story, make_story
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person
from tests.scenes import committed
from tests.search.conftest import folders_in, found, titles

LATER = datetime(2024, 6, 30, 9, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("stores", "engine"),
    pytest.mark.xdist_group("indexing"),
]


@pytest.fixture(scope="module")
def lasting_story(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[Story, Path]]:
    """A committed story that nobody has read for the index yet, and the folder of its originals."""
    folder = tmp_path_factory.mktemp("story")
    with committed(django_db_blocker, lambda: make_story(published=False), **folders_in(folder)) as story:
        yield story, folder


@pytest.fixture
def story(lasting_story, db, tmp_path) -> Story:
    """Each test's own changes are rolled back."""
    story, folder = lasting_story
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return deepcopy(story)


def test_account_is_found_by_each_handle_it_ever_had():
    world = make_world()
    make_observation(account=world.account, actor=world.author, handle="new_name", display_name="Somebody Else")
    for query in ("esmirak", "@esmirak", "new_name", "@new_name", "handle:ESMIRAK", "handle:new_n*", "from:@esmirak"):
        assert world.account.pk in {hit.document.object_id for hit in found(world.author, query).hits}, query


def test_exact_word_is_found_as_it_is_written():
    world = make_world()
    make_person(case=world.case, actor=world.author, label="Rəşədət Xalıqov")
    assert titles(found(world.author, "exact:Xalıqov")) == ["Rəşədət Xalıqov"]
    assert titles(found(world.author, "exact:Xaliqov")) == []
    assert titles(found(world.author, "Rasadat Xaliqov")) == ["Rəşədət Xalıqov"]


def test_change_is_found_and_what_it_replaced_is_not(story):
    item = story.items["report"]
    assert titles(found(story.author, "technical type:exhibit")) == ["E-4 Technical report"]
    item.refresh_from_db()
    change_item(actor=story.author, item=item, version=item.version, changes={"title": "A study"})
    assert titles(found(story.author, "technical type:exhibit")) == []
    assert titles(found(story.author, "study type:exhibit")) == ["E-4 A study"]
    assert Noted.objects.count() == 0


def test_claim_is_called_by_the_names_that_its_subjects_have_now(story):
    update_person(actor=story.author, person=story.person, expected_version=story.person.version, label="Aida Quluzadə")
    make_observation(account=story.account, actor=story.author, handle="other_handle", observed_at=LATER)
    shown = titles(found(story.author, "type:role,claim quluzade", size=100))
    assert shown == [title for title in titles(found(story.author, "type:role,claim", size=100)) if "Aida" in title]
    assert any("@other_handle" in title and "Aida Quluzadə" in title for title in shown)
    assert not any("Xalil" in title or "@esmirak " in title for title in titles(found(story.author, "type:role,claim")))


def test_what_is_of_a_source_is_found_by_the_name_it_has_now(story):
    before = set(titles(found(story.author, "source:agency type:text,exhibit,citation", size=100)))
    source = story.sources["The agency"]
    source.refresh_from_db()
    change_source(actor=story.author, source=source, version=source.version, changes={"name": "The bureau"})
    assert set(titles(found(story.author, "source:bureau type:text,exhibit,citation", size=100))) == before > set()
    assert found(story.author, "source:agency").total == 0


def test_observation_leads_to_the_account_that_goes_on_after_a_merge():
    world = make_world()
    twin = create_account(actor=world.author, case=world.case, platform="x", id_unknown_reason="The page is gone.")
    make_observation(account=twin, actor=world.author, handle="twin_handle")
    keep_up()
    merge(actor=world.author, duplicate=twin, into=world.account, reason="Both pages show the same id.")
    hits = found(world.author, "twin_handle type:observation,account").hits
    assert {hit.url for hit in hits} == {f"/cases/{world.case.ref}/accounts/{world.account.pk}/"}


def test_reading_again_what_did_not_change_changes_no_document(story):
    keep_up()
    before = set(Document.objects.values_list("pk", "seq"))
    Person.objects.filter(pk=story.person.pk).update(version=1)
    assert keep_up() == 1
    assert set(Document.objects.values_list("pk", "seq")) == before


def test_long_text_is_found_in_parts_each_with_its_place():
    world = make_world()
    text = " ".join(f"word{number}" for number in range(5000))
    item = make_text(world.case, world.author, text, world.radio)
    hit = found(world.author, "word4321").hits[0]
    assert (hit.document.part, hit.document.object_id) == (3, item.pk)
    assert hit.url.endswith(f"from={text.index('word4321')}#q=word4321&s={text.index('word4321')}")
    assert Document.objects.filter(object_id=item.pk, kind="text").count() == 3


def test_one_person_does_not_find_the_case_of_another():
    mine, theirs = make_world(), make_world()
    assert {hit.case_ref for hit in found(mine.author, "esmira", size=100).hits} == {mine.case.ref}
    assert found(mine.author, f"case:{theirs.case.ref}").total == 0


def test_merged_subjects_are_found_as_one():
    case = make_case()
    stays, goes = (make_person(case=case, label=label) for label in ("Leyla Məmmədova", "Лейла Мамедова"))
    merge(actor=case.lead, duplicate=goes, into=stays, reason="One person.")
    for query in ("Leyla Məmmədova", "Лейла Мамедова"):
        assert [hit.document.object_id for hit in found(case.lead, f"{query} type:person").hits] == [stays.pk]


def test_organisation_and_account_names_are_found_too():
    case = make_case()
    make_organisation(case=case, label="Dövlət Komitəsi")
    make_account(case=case, handle="dovlat_komitasi")
    assert "Dövlət Komitəsi" in titles(found(case.lead, "Dovlat Komitasi"))
    assert "@dovlat_komitasi on X (Twitter)" in titles(found(case.lead, "Dövlət Komitəsi"))
