"""The API of cases and members: scope, strict input, versions, pages."""

import json
from uuid import uuid4

import pytest

from cases.models import Case, Membership
from tests.factories.cases import make_case
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db


def test_case_foreign_equals_unknown(api, people, case):
    """A01: same status, same headers that matter, same bytes."""
    client = api(people["stranger"])
    foreign, unknown = client.get(f"/api/v1/cases/{case.ref}/"), client.get("/api/v1/cases/NEVER-USED/")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert foreign["Content-Type"] == "application/problem+json"


def test_case_list_holds_own_cases_only_and_is_capped(api, people, case):
    """A02."""
    make_case(ref="FOREIGN-1")
    body = api(people["viewer"]).get("/api/v1/cases/?page_size=1000000").json()
    assert [row["ref"] for row in body["results"]] == ["NC-2024"]
    assert body["next"] is None
    assert "count" not in body


def test_list_pages_with_cursor(api, people):
    for number in range(5):
        make_case(ref=f"P-{number}", viewer=people["viewer"])
    client, seen, url = api(people["viewer"]), [], "/api/v1/cases/?page_size=2&ordering=-ref"
    while url:
        body = client.get(url).json()
        seen += [row["ref"] for row in body["results"]]
        url = body["next"]
    assert seen == ["P-4", "P-3", "P-2", "P-1", "P-0"]


@pytest.mark.parametrize(
    "query",
    [
        "ordering=lead__password",
        "case__name__startswith=a",
        "lead__email=x",
        "page_size=x",
        "cursor=%00",
        "cursor=W10",
        "search=a%00",
    ],
)
def test_list_refuses_what_is_not_on_its_list(api, people, case, query):
    """A03."""
    answer = api(people["viewer"]).get(f"/api/v1/cases/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_token_in_query_string_refused(people, case, client):
    """A32."""
    assert client.get("/api/v1/cases/?token=ca_x").status_code == 401


def test_case_created_by_those_who_may(api, people):
    lead = make_user("lead", can_create_cases=True)
    answer = api(lead).post("/api/v1/cases/", {"ref": "AZ-1", "title": "One"}, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["your_roles"] == ["editor"]
    assert answer["ETag"] == '"1"'
    assert api(people["editor"]).post("/api/v1/cases/", {"ref": "AZ-2", "title": "x"}, format="json").status_code == 403
    assert not Case.objects.filter(ref="AZ-2").exists()


def test_case_edit_needs_the_version_and_refuses_a_stale_one(api, people, case):
    client, url = api(people["editor"]), f"/api/v1/cases/{case.ref}/"
    assert client.patch(url, {"title": "B"}, format="json").status_code == 428
    assert client.patch(url, {"title": "B"}, format="json", headers={"If-Match": "B"}).status_code == 400
    first = client.patch(url, {"title": "B"}, format="json", headers={"If-Match": '"1"'})
    assert (first.status_code, first["ETag"]) == (200, '"2"')
    stale = client.patch(url, {"title": "C"}, format="json", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["title"] == "B"


def test_unknown_fields_are_named_and_nothing_changes(api, people, case):
    """A07."""
    body = {"status": "closed", "owner": "x", "version": 9, "ref": "OTHER", "title": "ok"}
    answer = api(people["editor"]).patch(f"/api/v1/cases/{case.ref}/", body, format="json", headers={"If-Match": '"1"'})
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"status", "owner", "version", "ref"}
    case.refresh_from_db()
    assert (case.version, case.status) == (1, "open")


def test_members_listed_added_changed_ended(api, people, case):
    client, url = api(people["editor"]), f"/api/v1/cases/{case.ref}/members/"
    assert len(client.get(url).json()["results"]) == 6
    added = client.post(url, {"user": people["stranger"].email, "role": "viewer"}, format="json")
    assert added.status_code == 201, added.content
    member = f"{url}{added.json()['id']}/"
    changed = client.post(f"{member}change-role/", {"role": "auditor"}, format="json")
    assert changed.json()["role"] == "auditor"
    ended = client.post(f"{url}{changed.json()['id']}/end/", {}, format="json")
    assert ended.json()["ended_at"]
    assert client.get(member).status_code == 404
    assert Membership.objects.filter(user=people["stranger"], ended_at__isnull=True).count() == 0


def test_member_of_another_case_is_not_found(api, people, case):
    """A05, A06: a membership id of a foreign case reads like an unknown one."""
    other = make_case(ref="OTHER-1")
    foreign = other.memberships.get()
    client = api(people["editor"])
    answers = [
        client.post(f"/api/v1/cases/{case.ref}/members/{pk}/end/", {}, format="json") for pk in (foreign.pk, uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_malformed_json_is_a_problem(api, people, case):
    answer = api(people["editor"]).post(f"/api/v1/cases/{case.ref}/members/", "{", content_type="application/json")
    assert answer.status_code == 400
    assert json.loads(answer.content)["title"]


@pytest.mark.parametrize(
    ("body", "field"), [(r'{"likelihood_scale": "\ud83d"}', "likelihood_scale"), (r'{"\ud83d": 1}', r"\ud83d")]
)
def test_half_of_a_character_is_refused_with_its_field(api, people, case, body, field):
    """JSON can name what UTF-8 cannot write: an answer that repeats it has to be readable all the same."""
    url, version = f"/api/v1/cases/{case.ref}/", {"If-Match": '"1"'}
    answer = api(people["editor"]).patch(url, body, content_type="application/json", headers=version)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [field])


def test_json_beyond_the_limit_is_refused_unread(api, people, case):
    body = b'{"user": "' + b"x" * 2_700_000 + b'"}'
    answer = api(people["editor"]).post(f"/api/v1/cases/{case.ref}/members/", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
