"""Originals from an origin of their own: a session is worth nothing there, and nothing else lives there (A10, A54)."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from caseapp.safety import unsafe_values
from cases.actions.members import end_membership
from cases.actions.users import change_flags
from cases.models import Membership
from evidence import queries
from evidence.enums import CustodyAction

APART = "evidence.example.net"
TEXT = b"<script>fetch('/api/v1/cases/')</script>"


@pytest.fixture
def apart(settings):
    """An installation that serves originals from another host."""
    settings.EVIDENCE_ORIGIN = f"http://{APART}"
    settings.ALLOWED_HOSTS = ["testserver", APART]


@pytest.fixture
def viewer(newsroom) -> Client:
    client = Client()
    client.force_login(newsroom.viewer)
    return client


def address_for(client: Client) -> str:
    """The address of a download of the first exhibit, on the other host."""
    answer = client.post(reverse("evidence:download", args=["NC-2024", 1]))
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"http://{APART}/fetch/")
    return answer["Location"].removeprefix(f"http://{APART}")


def check_nothing(response) -> None:
    """Plain words, and nothing of the application."""
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")
    assert b"<" not in response.content


def test_original_is_fetched_once_from_the_other_host_without_a_session(newsroom, apart, viewer):
    item = newsroom.log(TEXT)
    address = address_for(viewer)
    answer = Client().get(address, headers={"host": APART})
    assert b"".join(answer.streaming_content) == TEXT
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert not answer.cookies
    [read] = queries.custody_of(item).filter(action=CustodyAction.READ)
    assert read.actor == newsroom.viewer
    assert Event.objects.filter(action="item_read").count() == 1
    check_nothing(Client().get(address, headers={"host": APART}))


def test_ticket_is_worth_nothing_from_another_address(newsroom, apart, viewer):
    newsroom.log(TEXT)
    check_nothing(Client(REMOTE_ADDR="203.0.113.7").get(address_for(viewer), headers={"host": APART}))


def test_ticket_of_the_other_host_is_worth_nothing_on_the_application_s(newsroom, apart, viewer):
    newsroom.log(TEXT)
    token = address_for(viewer).split("/")[2]
    assert viewer.get(reverse("evidence:fetch", args=[token])).status_code == 404


def test_ticket_ends_with_membership_and_with_the_account(newsroom, apart, viewer):
    newsroom.log(TEXT)
    addresses = [address_for(viewer) for _ in range(2)]
    membership = Membership.objects.get(user=newsroom.viewer)
    end_membership(actor=newsroom.editor, case=newsroom.case, membership_id=membership.pk)
    check_nothing(Client().get(addresses[0], headers={"host": APART}))
    change_flags(actor=None, user=newsroom.viewer, is_active=False)
    check_nothing(Client().get(addresses[1], headers={"host": APART}))


@pytest.mark.parametrize("path", ["/", "/cases/NC-2024/evidence/1/", "/api/v1/cases/", "/accounts/login/", "/fetch/x/"])
def test_nothing_else_of_the_application_answers_on_the_other_host(newsroom, apart, viewer, path):
    newsroom.log(TEXT)
    check_nothing(viewer.get(path, headers={"host": APART}))


def test_post_from_the_other_host_is_refused(newsroom, apart):
    client = Client(enforce_csrf_checks=True)
    client.force_login(newsroom.editor)
    client.get("/cases/NC-2024/evidence/")
    headers = {"origin": f"http://{APART}"}
    assert client.post("/cases/NC-2024/evidence/check/", headers=headers).status_code == 403


def test_pages_may_send_their_download_form_there_and_nowhere_else(apart, viewer):
    policy = viewer.get("/cases/NC-2024/evidence/")["Content-Security-Policy"]
    assert f"form-action 'self' http://{APART};" in policy


def test_without_the_setting_the_other_host_is_nobody(newsroom, settings, viewer):
    newsroom.log(TEXT)
    answer = viewer.post(reverse("evidence:download", args=["NC-2024", 1]))
    assert answer["Location"].startswith("/evidence/fetch/")


@pytest.mark.parametrize(
    ("origin", "is_safe"),
    [
        ("https://evidence.example.net", True),
        ("http://evidence.example.net", False),
        ("https://cases.example.org", False),
        ("https://evidence.example.net/path", False),
        ("evidence.example.net", False),
    ],
)
def test_origin_that_is_none_of_its_own_is_refused_at_start(origin, is_safe):
    found = unsafe_values(
        environment="production",
        debug=False,
        secret_key="0123456789" * 6,
        public_url="https://cases.example.org",
        allowed_hosts=["cases.example.org"],
        evidence_origin=origin,
    )
    assert (found == []) is is_safe
