"""Two people at the same rows: deadlocks are sorted out unseen, waits end, and nothing is left half done."""

from unittest.mock import patch

import pytest
from django.db import connection, connections
from django.test import RequestFactory

from audit.models import Event
from caseapp.databases import LIMITS
from caseapp.retries import MOST_TRIES, RetryMiddleware
from cases.actions.members import add_member
from cases.models import Membership
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db(transaction=True)
DEADLOCK, SERIALIZATION = "40P01", "40001"
PROBLEM = "application/problem+json"


def server_error(state: str) -> None:
    """An error of the server itself, which ends the running transaction as a real one does."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$")


class Losing:
    """An action that writes, and then loses against another transaction `times` times."""

    def __init__(self, times: int, state: str = DEADLOCK) -> None:
        self.times, self.state, self.calls = times, state, 0

    def __call__(self, **arguments) -> Membership:
        self.calls += 1
        made = add_member(**arguments)
        if self.calls <= self.times:
            server_error(self.state)
        return made


@pytest.fixture
def newcomer(case):
    return make_user("newcomer")


@pytest.fixture
def members(case):
    return f"/api/v1/cases/{case.ref}/members/"


@pytest.fixture
def program(api, people):
    return api(people["editor"])


@pytest.fixture
def browser(sign_in, people):
    return sign_in(people["editor"])


@pytest.fixture
def held_case(case, web_connection):
    """Somebody else is writing the case and does not come to an end."""
    with web_connection.transaction():
        web_connection.execute("SELECT set_config('app.uid', 'system', true)")
        web_connection.execute("SELECT FROM cases_case WHERE id = %s FOR UPDATE", [case.pk])
        yield case


def post_form(browser, address):
    """As a browser sends a form without files."""
    return browser.post(address, "user=newcomer&role=viewer", content_type="application/x-www-form-urlencoded")


def add(client, members, **headers):
    return client.post(members, {"user": "newcomer", "role": "viewer"}, format="json", headers=headers)


@pytest.mark.parametrize("state", [DEADLOCK, SERIALIZATION])
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k-1"}])
def test_api_request_that_lost_is_run_again_and_takes_effect_once(program, members, newcomer, state, headers):
    """F13."""
    losing = Losing(MOST_TRIES - 1, state)
    with patch("cases.api.members.add_member", losing):
        answer = add(program, members, **headers)
    assert (answer.status_code, losing.calls) == (201, MOST_TRIES), answer.content
    assert newcomer.memberships.count() == 1
    assert Event.objects.filter(action="member_added", object=f"membership:{answer.json()['id']}").count() == 1


def test_page_that_lost_is_run_again(browser, case, newcomer):
    """F13."""
    losing = Losing(1)
    with patch("cases.views.members.add_member", losing):
        answer = post_form(browser, f"/cases/{case.ref}/members/")
    assert (answer.status_code, losing.calls) == (302, 2)
    assert newcomer.memberships.count() == 1


def test_request_that_loses_every_time_is_refused_with_nothing_done(program, members, newcomer):
    """F13."""
    losing = Losing(MOST_TRIES)
    with patch("cases.api.members.add_member", losing):
        answer = add(program, members)
    assert (answer.status_code, answer["Content-Type"], losing.calls) == (503, PROBLEM, MOST_TRIES)
    assert "lost" not in answer.text
    assert not newcomer.memberships.exists()


def test_other_errors_of_the_database_are_not_tried_again(program, members, newcomer):
    losing = Losing(1, "57014")  # query_canceled: it would only take as long again
    with patch("cases.api.members.add_member", losing):
        assert add(program, members).status_code == 503
    assert losing.calls == 1


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/octet-stream", b"x"), ("multipart/form-data; boundary=b", b"x"), ("application/json", b"x" * 2**22)],
)
def test_streams_are_read_once_and_run_once(content_type, body):
    runs = []

    def view(request):
        runs.append(request._read_started)
        request.lost = True

    RetryMiddleware(view)(RequestFactory().post("/", body, content_type=content_type))
    assert runs == [False]


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_wait_that_takes_too_long_is_refused_with_nothing_done(program, browser, newcomer, held_case, *, limit, caplog):
    """F14: here after a tenth of a second. The operator reads why; the page does not say."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET {limit} = '100ms'")
    answer = add(program, f"/api/v1/cases/{held_case.ref}/members/")
    page = post_form(browser, f"/cases/{held_case.ref}/members/")
    connection.close()
    assert (answer.status_code, answer["Content-Type"]) == (503, PROBLEM)
    assert (page.status_code, "did not answer in time" in page.text) == (503, True)
    assert "cases_case" not in answer.text + page.text
    noted = [line for line in caplog.messages if "answers 503" in line]
    assert [f"due to {limit.replace('_', ' ')}" in line for line in noted] == [True, True]
    assert not newcomer.memberships.exists()


def test_application_waits_five_seconds_for_a_lock_and_thirty_for_an_answer():
    """F14 (AUDIT 3b)."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'),"
            " current_setting('idle_in_transaction_session_timeout')"
        )
        assert cursor.fetchone() == ("5s", "30s", "1min")
    assert LIMITS in connections.settings["sequencer"]["OPTIONS"]["options"]
