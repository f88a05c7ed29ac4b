"""The audit trail: pages, filters, proofs, CSV, API."""

import io
import json
import zipfile
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import log
from audit.models import Event
from cases.actions.cases import update_case
from cases.csv import safe_cell
from cases.history import actor_string
from tests.access.events import actions_since, last_number
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(case):
    return f"/cases/{case.ref}/audit/"


def note(people, case, count, action="claim_noted"):
    for _ in range(count):
        log.record(actor=actor_string(people["editor"]), action=action, obj=f"claim:{uuid4()}", case_id=case.pk)


def test_trail_shows_own_case_with_names_and_differences(sign_in, people, case, url):
    update_case(actor=people["editor"], case=case, expected_version=1, title="Renamed")
    make_case(ref="FOREIGN-1", title="Secret title")
    page = sign_in(people["auditor"]).get(url)
    assert "Case changed" in page.text
    assert "<ins>Renamed</ins>" in page.text
    assert "Editor" in page.text
    assert "Secret title" not in page.text


def test_trail_is_for_those_with_the_permission(sign_in, people, url):
    """A13."""
    statuses = {name: sign_in(person).get(url).status_code for name, person in people.items()}
    assert statuses == {
        "investigator": 200,
        "editor": 200,
        "publisher": 200,
        "auditor": 200,
        "viewer": 403,
        "stranger": 404,
    }


def test_way_to_the_trail_is_shown_to_those_who_may_go_it(sign_in, people, case, url):
    shown = {name: url in sign_in(people[name]).get(f"/cases/{case.ref}/").text for name in ("auditor", "viewer")}
    assert shown == {"auditor": True, "viewer": False}


@pytest.mark.parametrize(
    "narrowing",
    [
        ("action=claim_noted", {"claim_noted"}),
        ("object=case", {"case_created"}),
        ("actor=editor", {"claim_noted"}),
        ("actor=nobody", set()),
        ("until=2001-01-01", set()),
        ("since=2999-01-01", set()),
        ("since=2001-01-01&until=2999-01-01", {"case_created", "member_added", "claim_noted"}),
    ],
)
def test_trail_narrows(sign_in, people, case, url, narrowing):
    query, actions = narrowing
    note(people, case, 1)
    page = sign_in(people["auditor"]).get(f"{url}?{query}")
    assert {line.event.action for line in page.context["lines"]} == actions


@pytest.mark.parametrize("query", ["since=yesterday", "object=%27", "cursor=x", "until=2024-02-30"])
def test_trail_refuses_malformed_filters(sign_in, people, url, query):
    assert sign_in(people["auditor"]).get(f"{url}?{query}").status_code == 400


def test_trail_goes_on_from_page_to_page_without_gap_or_twin(sign_in, people, case, url):
    note(people, case, 120)
    client, seen, cursor = sign_in(people["auditor"]), [], ""
    while True:
        page = client.get(url, {"cursor": cursor} if cursor else {}).context
        seen += [line.event.pk for line in page["lines"]]
        if not (cursor := page["page"].next):
            break
    assert seen == sorted(Event.objects.filter(case_id=case.pk).values_list("pk", flat=True), reverse=True)


def test_trail_asks_as_often_for_many_as_for_few(sign_in, people, case, url):
    client, counts = sign_in(people["auditor"]), []
    for more in (10, 990):
        note(people, case, more)
        for address in (url, f"/api/v1/cases/{case.ref}/events/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_history_of_one_object(sign_in, people, case, url):
    client = sign_in(people["auditor"])
    page = client.get(f"{url}objects/case:{case.pk}/")
    assert [line.event.action for line in page.context["lines"]] == ["case_created"]
    other = make_case(ref="OTHER-1")
    for obj in (f"case:{other.pk}", f"case:{uuid4()}", "case", "nonsense"):
        assert client.get(f"{url}objects/{obj}/").status_code == 404


def test_csv_is_an_export_and_an_event(sign_in, people, case, url):
    client = sign_in(people["auditor"])
    before = last_number()
    answer = client.get(f"{url}export.csv?action=member_added")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith('attachment; filename="NC-2024-audit-')
    assert text.count("member_added") == 5
    assert actions_since(before) == ["case_exported"]
    assert sign_in(people["investigator"]).get(f"{url}export.csv").status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "|x", "%x", "＝1", "＋1", "－1", "＠x"])
def test_csv_cell_is_no_formula(text):
    """A58."""
    assert safe_cell(text) == f"'{text}"
    assert safe_cell("plain, text") == "plain, text"


def test_proof_and_checkpoint_before_the_first_seal(sign_in, people, case, url):
    client, event = sign_in(people["auditor"]), Event.objects.get(action="case_created")
    assert client.get(f"{url}events/{event.event_id}/proof.zip").status_code == 503
    assert client.get(f"{url}checkpoint.txt").status_code == 404


@pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])
def test_proof_and_checkpoint_of_a_sealed_event(sign_in, people, case, url, sealed):
    client, event = sign_in(people["auditor"]), Event.objects.get(action="case_created")
    sealed()
    answer = client.get(f"{url}events/{event.event_id}/proof.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert json.loads(archive.read(f"{event.event_id}.json"))["action"] == "case_created"
    assert set(archive.namelist()) >= {f"{event.event_id}.tlog-proof", f"{event.event_id}.salt", "checkpoint.txt"}
    assert client.get(f"{url}checkpoint.txt").content == archive.read("checkpoint.txt")
    api = client.get(f"/api/v1/cases/{case.ref}/events/{event.event_id}/proof/").json()
    assert api["index"] < api["size"]


def test_proof_of_a_foreign_event_is_not_found(sign_in, people, case, url):
    """A13."""
    other = make_case(ref="OTHER-1")
    foreign = Event.objects.get(action="case_created", case_id=other.pk)
    client = sign_in(people["auditor"])
    answers = [client.get(f"{url}events/{pk}/proof.zip") for pk in (foreign.event_id, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_api_lists_events_with_their_changes(api, people, case):
    rows = api(people["auditor"]).get(f"/api/v1/cases/{case.ref}/events/?action=member_added&page_size=2").json()
    assert len(rows["results"]) == 2
    assert rows["results"][0]["changes"]["role"] == [None, "viewer"]
    assert rows["next"]


def test_api_hides_changes_from_those_who_may_not_open_sensitive_evidence(api, people, case, monkeypatch):
    monkeypatch.setattr("cases.audit_trail.sees_payloads", lambda actor, case: False)
    rows = api(people["auditor"]).get(f"/api/v1/cases/{case.ref}/events/").json()["results"]
    assert {row["changes"] for row in rows} == {None}


def test_reading_the_trail_is_refused_to_tokens_without_the_scope(api, people, case):
    assert api(people["auditor"], "claims").get(f"/api/v1/cases/{case.ref}/events/").status_code == 403
