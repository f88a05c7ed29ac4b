"""Entries that may be one: suggested with a reason, decided by a person, never merged by it, told to nobody else."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from cases.actions.merges import merge
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible
from cases.row_security import acting_as
from search.actions.deciding import decide
from search.actions.indexing import keep_up
from search.likeness import alike, alike_named, get_subject
from search.models import Likeness
from tests.access.events import actions_since, last_number, payload_of
from tests.factories.cases import make_case
from tests.factories.subjects import make_account, make_organisation, make_person
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db
NOTE = "The directory of 2014 shows both."


@pytest.fixture
def case():
    return make_case(ref="ALIKE-1", lead=make_user("lead"), viewer=make_user("viewer"), investigator=make_user("ines"))


@pytest.fixture
def ines(case):
    return case.memberships.get(role="investigator").user


@pytest.fixture
def pair(case, ines):
    """Two spellings of one name, as two persons."""
    made = [make_person(case=case, actor=ines, label=label) for label in ("Esmira Xəlil", "Эсмира Халил")]
    keep_up()
    return made


def titles(found) -> list[str]:
    return [one.title for one in found]


# --- suggestions


def test_long_name_of_an_organisation_is_held_against_others_too(case, ines):
    name = "State Committee of the Republic for Work with Religious Organisations and for the Protection of Monuments"
    organisation = make_organisation(case=case, actor=ines, label=f"{name} of History")
    keep_up()
    [one] = alike_named(ines, case, "organisation", f"{name} of Histori")
    assert one.id == organisation.pk
    with pytest.raises(InvalidInput, match="at most 300"):
        alike_named(ines, case, "organisation", "x" * 301)


def test_same_name_in_another_script_is_suggested_with_what_fits_and_why(ines, pair):
    [one] = alike(ines, pair[0])
    assert (one.id, one.mine, one.theirs, one.is_match) == (pair[1].pk, "Esmira Xəlil", "Эсмира Халил", True)
    assert one.why
    assert one.question == "Is it the same person?"
    assert one.step == f"/cases/ALIKE-1/people/{pair[0].pk}/merge/?into={pair[1].pk}"


def test_handle_is_suggested_to_the_person_whose_name_it_is_and_leads_to_a_claim(case, ines):
    person = make_person(case=case, actor=ines, label="Esmira Xalil")
    account = make_account(case=case, actor=ines, handle="esmirakhahil")
    keep_up()
    [from_person], [from_account] = alike(ines, person), alike(ines, account)
    assert (from_person.kind, from_person.theirs) == ("account", "@esmirakhahil")
    assert (from_account.kind, from_account.mine) == ("person", "@esmirakhahil")
    assert from_person.question == from_account.question == "Is it the account of this person?"
    assert from_person.is_claim
    assert from_person.step.startswith("/cases/ALIKE-1/claims/new/?predicate=account_operated_by")


def test_names_of_another_sex_or_family_are_not_suggested(case, ines):
    aliyev = make_person(case=case, actor=ines, label="Vüqar Əliyev")
    make_person(case=case, actor=ines, label="Vüqar Hacıyev")
    make_person(case=case, actor=ines, label="Vüsalə Əliyeva")
    keep_up()
    assert not any(one.is_match for one in alike(ines, aliyev))


def test_person_and_organisation_are_never_suggested_to_each_other(case, ines):
    person = make_person(case=case, actor=ines, label="Milli Məclis")
    organisation = make_organisation(case=case, actor=ines, label="Milli Meclis")
    keep_up()
    assert alike(ines, person) == alike(ines, organisation) == []


def test_accounts_that_cannot_be_one_ask_for_their_holder(case, ines):
    here = make_account(case=case, actor=ines, handle="esmirakhalil")
    there = make_account(case=case, actor=ines, handle="esmirakhalil", platform="telegram")
    keep_up()
    [one] = alike(ines, here)
    assert (one.id, one.step) == (there.pk, "")
    assert one.question == "Do both accounts have the same holder?"


def test_account_with_an_id_is_the_one_that_goes_on(case, ines):
    known = make_account(case=case, actor=ines, handle="esmirakhalil")
    unknown = make_account(
        case=case, actor=ines, handle="esmira_khalil", platform_user_id="", id_unknown_reason="The profile is gone."
    )
    keep_up()
    steps = {one.step for account in (known, unknown) for one in alike(ines, account)}
    assert steps == {f"/cases/ALIKE-1/accounts/{unknown.pk}/merge/?into={known.pk}"}


def test_merged_entries_are_one_and_their_names_count(case, ines, pair):
    third = make_person(case=case, actor=ines, label="Esmira Khalil")
    merge(actor=ines, duplicate=pair[0], into=pair[1], reason="The same directory entry.")
    keep_up()
    pair[0].refresh_from_db()
    assert alike(ines, pair[0]) == []
    assert [one.id for one in alike(ines, pair[1])] == [third.pk]


# --- decisions


def test_different_ones_are_not_suggested_again_from_either_side(ines, pair):
    before = last_number()
    row = decide(actor=ines, subject=pair[1], other=pair[0], verdict="different", note=f"  {NOTE} ")
    assert (row.verdict, row.note, row.decided_by) == ("different", NOTE, ines)
    assert row.why
    assert actions_since(before) == ["likeness_decided", "likeness_decided"]
    assert payload_of("likeness_decided")["after"]["verdict"] == "different"
    for subject in pair:
        [one] = alike(ines, subject)
        assert one.is_settled
        assert one.decision == row


def test_same_merges_nothing(ines, pair):
    decide(actor=ines, subject=pair[0], other=pair[1], verdict="same", note=NOTE)
    for subject in pair:
        subject.refresh_from_db()
        assert subject.merged_into is None
    assert alike(ines, pair[0])[0].is_settled


def test_unsure_stays_a_suggestion_with_its_note_and_the_newest_decision_holds(ines, pair):
    decide(actor=ines, subject=pair[0], other=pair[1], verdict="different", note=NOTE)
    decide(actor=ines, subject=pair[1], other=pair[0], verdict="unsure", note="The directory may be wrong.")
    [one] = alike(ines, pair[0])
    assert not one.is_settled
    assert one.decision.note == "The directory may be wrong."
    assert Likeness.objects.count() == 2


def test_decision_about_an_entry_that_was_merged_holds_for_its_survivor(case, ines, pair):
    third = make_person(case=case, actor=ines, label="Esmira Khalil")
    decide(actor=ines, subject=pair[0], other=third, verdict="different", note=NOTE)
    merge(actor=ines, duplicate=pair[0], into=pair[1], reason="The same directory entry.")
    keep_up()
    for subject, other in ((pair[1], third), (third, pair[1])):
        [one] = alike(ines, subject)
        assert (one.id, one.is_settled) == (other.pk, True)


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [({"verdict": "perhaps"}, InvalidInput, "verdict"), ({"note": " short    "}, InvalidInput, "note")],
)
def test_decision_that_is_incomplete_is_refused_by_its_field(ines, pair, change, error, field):
    with pytest.raises(error) as refusal:
        decide(actor=ines, subject=pair[0], other=pair[1], **{"verdict": "same", "note": NOTE} | change)
    assert refusal.value.field == field
    assert not Likeness.objects.exists()


def test_what_cannot_be_one_is_not_decided(case, ines, pair):
    organisation = make_organisation(case=case, actor=ines)
    for other, why in ((pair[0], "same as itself"), (organisation, "never one")):
        with pytest.raises(Conflict, match=why):
            decide(actor=ines, subject=pair[0], other=other, verdict="same", note=NOTE)
    merge(actor=ines, duplicate=pair[0], into=pair[1], reason="The same directory entry.")
    with pytest.raises(Conflict, match="was merged"):
        decide(actor=ines, subject=pair[0], other=pair[1], verdict="same", note=NOTE)


def test_deciding_asks_for_the_right_and_an_open_case(case, ines, pair):
    asked = {"subject": pair[0], "other": pair[1], "verdict": "same", "note": NOTE}
    with pytest.raises(NotAllowed):
        decide(actor=case.memberships.get(role="viewer").user, **asked)
    type(case).objects.filter(pk=case.pk).update(status="closed")
    with pytest.raises(Conflict, match="closed"):
        decide(actor=ines, **asked)


def test_decision_cannot_be_rewritten_in_the_database(ines, pair):
    row = decide(actor=ines, subject=pair[0], other=pair[1], verdict="different", note=NOTE)
    with pytest.raises(DatabaseError), transaction.atomic():
        Likeness.objects.filter(pk=row.pk).update(verdict="same")


# --- other cases


def test_foreign_entries_are_neither_suggested_nor_decided_about(case, ines, pair):
    """A04."""
    other = make_case(ref="ALIKE-2", lead=make_user("lead2"), investigator=make_user("otto"))
    otto = other.memberships.get(role="investigator").user
    foreign = make_person(case=other, actor=otto, label="Esmira Khalil")
    decide(actor=ines, subject=pair[0], other=pair[1], verdict="different", note=NOTE)
    keep_up()
    assert alike(otto, foreign) == []
    assert alike_named(otto, other, "person", "Esmira Xəlil") != []
    assert {one.id for one in alike_named(ines, case, "person", "Esmira Khalil")} == {row.pk for row in pair}
    with pytest.raises(InvalidInput, match="Nothing in this case"):
        decide(actor=ines, subject=pair[0], other=foreign, verdict="same", note=NOTE)
    with pytest.raises(NotVisible):
        get_subject(ines, case, "person", foreign.pk)
    with acting_as(str(otto.pk)):
        assert not Likeness.objects.exists()


def test_who_left_the_case_is_told_of_nobody(case, pair):
    stranger = make_user("stranger")
    assert alike(stranger, pair[0]) == []
    assert alike_named(stranger, case, "person", "Esmira Khalil") == []


# --- names that are being typed


def test_name_that_is_typed_finds_who_is_called_so(ines, case, pair):
    found = alike_named(ines, case, "person", "Esmira Khalil")
    assert {one.id for one in found} == {row.pk for row in pair}
    assert all(one.why for one in found)
    assert alike_named(ines, case, "person", "Rəşədət Xalıqov") == []
    assert alike_named(ines, case, "organisation", "Esmira Khalil") == []


@pytest.mark.parametrize(("kind", "name", "field"), [("dog", "Rex", "kind"), ("person", "x" * 301, "name")])
def test_what_has_no_name_is_refused(ines, case, kind, name, field):
    with pytest.raises(InvalidInput) as refusal:
        alike_named(ines, case, kind, name)
    assert refusal.value.field == field


# --- pages


@pytest.fixture
def client(ines):
    client = Client()
    client.force_login(ines)
    return client


def test_page_of_a_person_asks_for_those_called_alike(client, pair):
    page = client.get(f"/cases/ALIKE-1/people/{pair[0].pk}/").text
    address = f"/cases/ALIKE-1/alike/person/{pair[0].pk}/"
    assert f'hx-get="{address}"' in page
    assert f'href="{address}"' in page
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Эсмира Халил" in part
    assert "<html" in client.get(address).text


def test_decision_is_made_on_the_page_and_same_leads_to_the_merge(client, pair):
    address = f"/cases/ALIKE-1/alike/person/{pair[0].pk}/"
    asked = {"other_kind": "person", "other_id": str(pair[1].pk), "note": NOTE}
    answer = client.post(f"{address}decide/", asked | {"verdict": "same"})
    assert answer.headers["Location"] == f"/cases/ALIKE-1/people/{pair[0].pk}/merge/?into={pair[1].pk}"
    assert client.get(answer.headers["Location"]).status_code == 200
    answer = client.post(f"{address}decide/", asked | {"verdict": "different"})
    assert answer.headers["Location"] == f"/cases/ALIKE-1/people/{pair[0].pk}/"
    part = client.get(address).text
    assert "Decided" in part
    assert NOTE in part


def test_decision_that_is_incomplete_is_told_on_the_page(client, pair):
    asked = {"other_kind": "person", "other_id": str(pair[1].pk), "note": "short", "verdict": "same"}
    answer = client.post(f"/cases/ALIKE-1/alike/person/{pair[0].pk}/decide/", asked)
    assert answer.status_code == 400
    assert "at least 10 characters" in answer.text
    assert not Likeness.objects.exists()


FRAGMENT = {"HX-Request": "true"}


def test_form_of_a_new_person_warns_of_who_is_there(client, pair):
    page = client.get("/cases/ALIKE-1/people/new/").text
    assert 'hx-get="/cases/ALIKE-1/alike/person/"' in page
    part = client.get("/cases/ALIKE-1/alike/person/", {"label": "Esmira Khalil"}, headers=FRAGMENT).text
    assert "In this case already" in part
    assert client.get("/cases/ALIKE-1/alike/person/", {"label": "Es"}, headers=FRAGMENT).text.strip() == ""


def test_who_is_called_alike_is_asked_on_a_page_without_scripts(client, pair):
    address = "/cases/ALIKE-1/alike/person/"
    form = client.get("/cases/ALIKE-1/people/new/").text
    assert f'<noscript><p><a href="{address}"' in form
    assert "<h1" in client.get(address).text
    assert "In this case already" in client.get(address, {"label": "Эсмира Халил"}).text
    assert "Nobody here is called like that" in client.get(address, {"label": "Jean Dupont"}).text


def test_new_account_is_warned_of_by_its_handle(client, case, ines):
    make_person(case=case, actor=ines, label="Esmira Xalil")
    keep_up()
    assert "Esmira Xalil" in client.get("/cases/ALIKE-1/alike/account/", {"handle": "@esmirakhahil"}).text


# --- for programs


def test_program_asks_who_is_alike_and_decides(client, ines, pair):
    address = "/api/v1/cases/ALIKE-1"
    [one] = client.get(f"{address}/alike/", {"kind": "person", "id": str(pair[0].pk)}).json()["results"]
    assert (one["id"], one["is_match"], one["decision"]) == (str(pair[1].pk), True, None)
    body = {"subject_kind": "person", "subject": str(pair[0].pk), "other_kind": "person", "other": str(pair[1].pk)}
    answer = client.post(f"{address}/likenesses/", body | {"verdict": "different", "note": NOTE}, "application/json")
    assert answer.status_code == 201
    [row] = client.get(f"{address}/likenesses/").json()["results"]
    assert (row["verdict"], row["note"], row["decided_by"]) == ("different", NOTE, ines.username)
    [one] = client.get(f"{address}/alike/", {"kind": "person", "id": str(pair[0].pk)}).json()["results"]
    assert one["is_settled"]
    named = client.get(f"{address}/alike/", {"kind": "person", "name": "Esmira Khalil"}).json()["results"]
    assert {one["id"] for one in named} == {str(row.pk) for row in pair}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("kind=person", 400),
        ("kind=person&name=a&id=b", 400),
        ("kind=dog&name=Rex", 400),
        ("kind=person&id=rex", 404),
        ("kind=dog&id=01900000-0000-7000-8000-000000000000", 404),
        ("kind=person&name=a%00", 400),
    ],
)
def test_program_that_asks_wrongly_is_told(client, query, status):
    assert client.get(f"/api/v1/cases/ALIKE-1/alike/?{query}").status_code == status


def test_program_names_a_foreign_entry_like_one_that_never_was(client, pair):
    other = make_case(ref="ALIKE-2", lead=make_user("lead2"), investigator=make_user("otto"))
    foreign = make_person(case=other, actor=other.memberships.get(role="investigator").user)
    answers = []
    for pk in (str(foreign.pk), "01900000-0000-7000-8000-000000000000"):
        body = {"subject_kind": "person", "subject": str(pair[0].pk), "other_kind": "person", "other": pk}
        answers.append(
            client.post(
                "/api/v1/cases/ALIKE-1/likenesses/", body | {"verdict": "same", "note": NOTE}, "application/json"
            )
        )
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]
