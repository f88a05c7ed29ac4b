"""`Idempotency-Key`: one effect and one answer, however often a request is delivered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from audit.models import Event
from cases.actions.idempotency_keys import forget_old_answers
from cases.actions.tokens import create_token
from cases.models import Case, IdempotencyKey, Membership
from tests.factories.cases import make_case
from tests.factories.users import make_user

URL = "/api/v1/cases/"
BODY = {"ref": "AZ-1", "title": "One"}


@pytest.fixture
def lead(db):
    return make_user("lead", can_create_cases=True)


def post(client, body=BODY, key="k-1", url=URL):
    return client.post(url, body, format="json", headers={"Idempotency-Key": key})


def test_second_delivery_gets_the_first_answer(api, lead):
    """A82."""
    client = api(lead)
    first, second = post(client), post(client)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert second["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_same_key_with_another_body_is_refused(api, lead):
    """F10."""
    client = api(lead)
    post(client)
    other = post(client, {"ref": "AZ-2", "title": "Two"})
    assert other.status_code == 422
    assert Case.objects.count() == 1


def test_key_belongs_to_its_person(api, lead):
    other = make_user("other", can_create_cases=True)
    post(api(lead))
    assert post(api(other), {"ref": "AZ-2", "title": "Two"}).status_code == 201


def test_refused_request_keeps_nothing_and_may_be_sent_again(api, lead):
    client = api(lead)
    taken = make_case(ref="AZ-1")
    assert post(client).status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert taken.ref == "AZ-1"


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_malformed_key_is_refused(api, lead, key):
    assert post(api(lead), key=key).status_code == 400


def test_replayed_answer_is_not_given_to_those_who_may_no_longer(api, lead):
    """A16: what was true at the first delivery is not enough for the second."""
    editor, newcomer = make_user(), make_user("newcomer")
    case = make_case(ref="C-1", lead=lead, editor=editor)
    client, url = api(editor), "/api/v1/cases/C-1/members/"
    body = {"user": "newcomer", "role": "viewer"}
    assert post(client, body, url=url).status_code == 201
    Membership.objects.filter(case=case, user=editor).update(ended_at="2024-01-01T00:00Z", ended_by=lead)
    assert post(client, body, url=url).status_code == 404
    assert newcomer.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_deliveries_have_one_effect():
    """F09: one row, one event, fifty equal answers."""
    lead = make_user("lead", can_create_cases=True)
    _, secret = create_token(actor=lead, name="t", scopes=["manage", "read"])

    def deliver(_):
        try:
            client = APIClient()
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
            answer = post(client)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(deliver, range(50)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert Case.objects.filter(ref="AZ-1").count() == 1
    assert Event.objects.filter(action="case_created").count() == 1


def test_answers_are_forgotten_after_a_week(api, lead):
    post(api(lead))
    assert forget_old_answers() == 0
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=7, seconds=1))
    assert forget_old_answers() == 1
