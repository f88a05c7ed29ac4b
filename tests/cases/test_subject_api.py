from datetime import UTC, datetime
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from audit.models import Event
from cases.enums import TokenScope
from cases.models import Account, Name, Observation, Organisation, Person
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person

pytestmark = pytest.mark.django_db

AT = "2024-05-16T16:21:00+04:00"
URL = "/api/v1/cases/NC-2024"


@pytest.fixture
def client(program, case, investigator):
    return program(investigator)


def post(client, path, data, **headers):
    return client.post(f"{URL}/{path}/", data, format="json", headers=headers)


def patch(client, row, path, data, version):
    return client.patch(f"{URL}/{path}/{row.pk}/", data, format="json", headers={"If-Match": f'"{version}"'})


def errors_of(response):
    return {error["field"] for error in response.json()["errors"]}


# --- accounts


def test_account_is_created_from_an_address_with_its_first_observation(client):
    seen = {"handle": "https://x.com/esmirakhahil", "observed_at": AT, "status": "suspended"}
    response = post(client, "accounts", {"seen": seen, "platform_user_id": "783214"})
    assert response.status_code == 201
    assert response["ETag"] == '"1"'
    observation = Observation.objects.get()
    assert observation.observed_at == datetime(2024, 5, 16, 12, 21, tzinfo=UTC)
    assert str(observation.account_id) == response.json()["id"]


def test_account_is_created_by_its_id_alone(client):
    body = {"platform": "x", "platform_user_id": "783214", "created_at_platform": "2023-07-06"}
    response = post(client, "accounts", body)
    assert response.json()["created_at_platform"] == "2023-07-06T00:00:00Z"
    again = post(client, "accounts", body)
    assert again.status_code == 409
    assert "is in the case already" in again.json()["detail"]


def test_same_delivery_twice_has_one_effect(client):
    body = {"platform": "x", "platform_user_id": "783214"}
    first = post(client, "accounts", body, **{"Idempotency-Key": "k1"})
    second = post(client, "accounts", body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"observed_at": "2024-05-16T16:21:00"}, "seen.observed_at"),
        ({"observed_at": "100000-01-01"}, "seen.observed_at"),
        ({"observed_at": "1900"}, "observed_at"),
        ({"observed_at": "2999-01-01"}, "observed_at"),
        ({"observed_at": "9999-12-31T23:59:59-12:00"}, "seen.observed_at"),
        ({"observed_at": ""}, "seen.observed_at"),
        ({"observed_at": 20240516}, "seen.observed_at"),
        ({"observed_at": ["2024"]}, "seen.observed_at"),
        ({"handle": "https://x.com/home"}, "handle"),
        ({"handle": "a\u200bb"}, "handle"),
        ({"handle": "a\x00b"}, "seen.handle"),
        ({"handle": "x" * 2_001}, "seen.handle"),
        ({"status": "banned"}, "seen.status"),
        ({"followers": -1}, "seen.followers"),
        ({"followers": 1e999}, "seen.followers"),
        ({"followers": 2**63}, "seen.followers"),
        ({"bio": "x" * 20_001}, "seen.bio"),
        ({"evidence_item": "E-1"}, "evidence_item"),
        ({"colour": "red"}, "seen.colour"),
    ],
)
def test_bad_observation_is_refused_with_its_field(client, changes, field):
    seen = {"handle": "https://x.com/name", "observed_at": AT, "status": "active"} | changes
    if changes.get("followers") == 1e999:
        text = '{"platform_user_id": "1", "seen": {"handle": "@a", "observed_at": "2024", "followers": 1e999}}'
        response = client.post(f"{URL}/accounts/", text, content_type="application/json")
    else:
        response = post(client, "accounts", {"seen": seen, "platform_user_id": "1"})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert field in errors_of(response)
    assert not Account.objects.exists()


def test_precision_is_that_of_the_date_given(client, case):
    account = make_account(case=case, handle=None)
    for text, precision in (("2024", "year"), ("2024-05", "month"), ("2024-05-16", "day"), (AT, "second")):
        body = {"account": str(account.pk), "observed_at": text, "status": "active"}
        response = post(client, "observations", body)
        assert response.status_code == 201
        assert response.json()["observed_precision"] == precision


def test_observations_are_recorded_and_read_and_never_changed(client, case):
    seen = make_observation(account=make_account(case=case, handle=None), handle="name", status="active")
    url = f"{URL}/observations/{seen.pk}/"
    assert client.get(url).json()["handle"] == "name"
    for method in (client.put, client.patch, client.delete):
        assert method(url, {"status": "suspended"}, format="json").status_code == 405
    assert Observation.objects.get().status == "active"


def test_observation_on_an_account_of_another_case_is_refused(client, other_case):
    account = make_account(case=other_case)
    response = post(client, "observations", {"account": str(account.pk), "observed_at": AT, "status": "active"})
    assert response.status_code == 400
    assert errors_of(response) == {"account"}


def test_account_is_edited_by_version_only(client, case):
    account = make_account(case=case)
    assert client.patch(f"{URL}/accounts/{account.pk}/", {"note": "a"}, format="json").status_code == 428
    assert patch(client, account, "accounts", {"note": "First."}, 1).status_code == 200
    stale = patch(client, account, "accounts", {"note": "Second."}, 1)
    assert stale.status_code == 412
    assert stale.json()["current"]["note"] == "First."
    assert patch(client, account, "accounts", {"platform": "vk"}, 2).status_code == 400
    assert client.delete(f"{URL}/accounts/{account.pk}/").status_code == 405


@pytest.mark.parametrize(
    ("day", "status", "handle"),
    [("2024-05-01", "", ""), ("2024-05-20", "active", "a_before"), ("2024-06-03", "suspended", "b_after")],
)
def test_status_is_told_as_of_a_day(client, case, day, status, handle):
    """Acceptance 20."""
    account = make_account(case=case, handle="a_before")
    june = {"observed_at": datetime(2024, 6, 3, tzinfo=UTC), "observed_precision": "day"}
    make_observation(account=account, handle="b_after", status="suspended", **june)
    answer = client.get(f"{URL}/accounts/{account.pk}/status-as-of/", {"as_of": day}).json()
    assert (answer["status"]["value"], answer["handle"]["value"]) == (status, handle)
    assert answer["interval"] == "active 16 May 2024, suspended by 3 June 2024"
    listed = client.get(f"{URL}/accounts/", {"as_of": day, "status": status or "unknown"}).json()["results"]
    assert [row["id"] for row in listed] == [str(account.pk)]


@pytest.mark.parametrize("day", ["31 June", "1900-01-01", "9999-12-31", "2024-02-30", "a\x00"])
def test_day_that_makes_no_sense_is_refused(client, case, day):
    account = make_account(case=case)
    for url in (f"{URL}/accounts/{account.pk}/status-as-of/", f"{URL}/accounts/"):
        response = client.get(url, {"as_of": day})
        assert response.status_code == 400
        assert errors_of(response) == {"as_of"}


def test_renames_and_shared_handles_are_told(client, case):
    """Acceptance 19: a recycled handle under a new id is two accounts, flagged to each other."""
    one = make_account(case=case, handle="a_before")
    make_observation(account=one, handle="b_after", observed_at=datetime(2024, 6, 1, tzinfo=UTC))
    two = make_account(case=case, handle=None)
    make_observation(account=two, handle="A_Before", observed_at=datetime(2024, 7, 1, tzinfo=UTC))
    told = client.get(f"{URL}/accounts/{one.pk}/handles/").json()
    assert [(rename["old"], rename["new"]) for rename in told["renames"]] == [("a_before", "b_after")]
    assert [(pair["earlier"], pair["later"], pair["overlap_start"]) for pair in told["shared"]] == [
        (str(one.pk), str(two.pk), None)
    ]
    for search in ("@a_before", "b_after"):
        found = {row["id"] for row in client.get(f"{URL}/accounts/", {"search": search}).json()["results"]}
        assert str(one.pk) in found


def test_accounts_are_filtered_and_unknown_parameters_refused(client, case):
    make_account(case=case)
    vk = make_account(case=case, platform="vk")
    assert [row["id"] for row in client.get(f"{URL}/accounts/?platform=vk").json()["results"]] == [str(vk.pk)]
    assert len(client.get(f"{URL}/accounts/?merged=false").json()["results"]) == 2
    assert client.get(f"{URL}/accounts/?merged=true").json()["results"] == []
    for query in ("platform=myspace", "status=banned", "ordering=note", "colour=red", "search=%00", "cursor=x"):
        assert client.get(f"{URL}/accounts/?{query}").status_code == 400


def test_reuse_check_and_merge_go_through_the_same_actions(client, case):
    kept = make_account(case=case)
    twin = make_account(case=case, platform_user_id="", id_unknown_reason="Not looked up yet.")
    assert post(client, f"accounts/{kept.pk}/reuse-check", {"note": "short"}).status_code == 400
    checked = post(client, f"accounts/{kept.pk}/reuse-check", {"note": "No other holder in the archive."})
    assert checked.json()["handle_reuse_checked_by"] == "nora"
    body = {"into": str(kept.pk), "reason": "The archived profile shows both."}
    assert post(client, f"accounts/{twin.pk}/merge", body).json()["merged_into"] == str(kept.pk)
    assert post(client, f"accounts/{twin.pk}/merge", body).status_code == 409
    assert post(client, f"accounts/{twin.pk}/unmerge", {"reason": "They are two after all."}).status_code == 200
    assert post(client, f"accounts/{twin.pk}/merge", body | {"into": str(uuid4())}).status_code == 400


# --- persons, organisations, names


def test_person_is_created_with_names_edited_and_merged(client, case):
    names = [{"value": "Эсмира Халил", "language": "ru", "kind": "transliteration"}]
    body = {"label": "Esmira Xəlil", "subject_tier": "public_employee", "language": "az", "names": names}
    response = post(client, "people", body)
    assert response.status_code == 201
    assert {(name["value"], name["script"]) for name in response.json()["names"]} == {
        ("Esmira Xəlil", "Latn"),
        ("Эсмира Халил", "Cyrl"),
    }
    person = Person.objects.get()
    assert patch(client, person, "people", {"note": "A note."}, 1).json()["version"] == 2
    assert patch(client, person, "people", {"note": "Another."}, 1).status_code == 412
    twin = make_person(case=case)
    body = {"into": str(person.pk), "reason": "One byline in both articles."}
    assert post(client, f"people/{twin.pk}/merge", body).json()["merge_reason"] == body["reason"]
    assert post(client, f"people/{twin.pk}/unmerge", {"reason": "They are two after all."}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "label"),
        ({"label": ""}, "label"),
        ({"label": "x" * 301}, "label"),
        ({"label": "a\x00"}, "label"),
        ({"label": "a\nb"}, "label"),
        ({"label": "A", "subject_tier": "king"}, "subject_tier"),
        ({"label": "A", "language": "no language"}, "language"),
        ({"label": "A", "names": [{"value": ""}]}, "names.0.value"),
        ({"label": "A", "names": [{"value": "B", "kind": "primary"}]}, "names.0.kind"),
        ({"label": "A", "names": "B"}, "names.non_field_errors"),
        ({"label": "A", "case": "OTHER-1"}, "case"),
    ],
)
def test_bad_person_is_refused_with_its_field(client, body, field):
    response = post(client, "people", body)
    assert response.status_code == 400
    assert field in errors_of(response)
    assert not Person.objects.exists()


def test_organisation_stands_under_a_parent_of_its_case_only(client, case, other_case):
    top = make_organisation(case=case)
    response = post(client, "organisations", {"label": "Part", "kind": "state_body", "parent": str(top.pk)})
    assert response.json()["parent"] == str(top.pk)
    part = Organisation.objects.get(label="Part")
    assert patch(client, top, "organisations", {"parent": str(part.pk)}, 1).status_code == 409
    assert patch(client, part, "organisations", {"parent": None}, 1).json()["parent"] is None
    foreign = make_organisation(case=other_case)
    refused = post(client, "organisations", {"label": "Part", "parent": str(foreign.pk)})
    assert errors_of(refused) == {"parent"}


def test_names_are_added_ended_and_searched(client, case):
    person = make_person(case=case, label="Anar")
    created = post(client, "names", {"person": str(person.pk), "value": "Анар", "language": "ru"})
    assert (created.status_code, created.json()["script"]) == (201, "Cyrl")
    assert post(client, "names", {"person": str(person.pk), "value": "Анар", "language": "ru"}).status_code == 409
    assert post(client, "names", {"value": "Nobody's"}).status_code == 400
    for found in (f"people/?search={'Анар'}", f"names/?person={person.pk}&search=ана", "names/?script=Cyrl"):
        assert len(client.get(f"{URL}/{found}").json()["results"]) == 1
    ended = post(client, f"names/{created.json()['id']}/end", {"reason": "Another person's name."})
    assert ended.json()["end_reason"] == "Another person's name."
    assert client.delete(f"{URL}/names/{created.json()['id']}/").status_code == 405
    assert Name.objects.count() == 2


# --- who may


@pytest.mark.parametrize("path", ["accounts", "observations", "people", "organisations", "names"])
def test_strangers_find_nothing_and_readers_write_nothing(program, case, viewer, stranger, path):
    assert program(stranger).get(f"{URL}/{path}/").status_code == 404
    assert post(program(stranger), path, {}).status_code == 404
    assert program(viewer).get(f"{URL}/{path}/").status_code == 200
    assert post(program(viewer), path, {}).status_code == 403
    assert APIClient().get(f"{URL}/{path}/").status_code == 401


def test_token_without_the_scope_writes_nothing(program, case, investigator):
    reader = program(investigator, TokenScope.READ)
    assert reader.get(f"{URL}/people/").status_code == 200
    assert post(reader, "people", {"label": "Anar"}).status_code == 403


def test_each_creation_leaves_one_event(client):
    before = Event.objects.count()
    post(client, "people", {"label": "Anar"})
    assert Event.objects.count() == before + 1
