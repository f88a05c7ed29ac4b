"""What every answer carries, how long a session lasts, and what the audit log is told of a request."""

import json
import logging
import time

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory, override_settings

from audit.context import current
from caseapp.logs import JsonFormatter
from caseapp.middleware import (
    SEEN_AT,
    SIGNED_IN_AT,
    RequestContextMiddleware,
    client_address,
    keyed_hash,
    used_second_factor,
)
from cases.models import User
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_user("ada")


@pytest.fixture
def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/", "/nothing-here/", "/api/v1/cases/"])
def test_every_answer_carries_the_headers(client, path):
    """A86 among them: no page of ours stands in a frame of others."""
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}
    assert len(headers["X-Request-ID"]) == 36


def test_pages_send_strangers_to_the_sign_in_page(client):
    assert client.get("/cases/")["Location"] == "/accounts/login/?next=/cases/"
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/cases/").status_code in {401, 403}


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/cases/"])
@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b"])
def test_request_for_another_host_is_refused(client, path, host):
    """A85: no page and no link is made for a name that is not ours."""
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_host_named_by_a_header_of_proxies_is_ignored(client):
    """A85."""
    answer = client.get("/accounts/login/", headers={"x-forwarded-host": "evil.example"})
    assert answer.status_code == 200
    assert "evil" not in answer.text


@pytest.mark.parametrize("path", ["/.git/config", "/.env", "/media/", "/metrics", "/server-status", "/static/"])
def test_what_servers_leak_is_not_there(browser, path):
    """A83."""
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_trace_is_refused(browser):
    """A83: a request is not read back to who sent it."""
    answer = browser.trace("/cases/", headers={"x-secret": "told"})
    assert answer.status_code == 405
    assert "told" not in answer.text


def test_session_ends_half_an_hour_after_the_last_request(browser):
    browser.get("/cases/")
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert settings.SESSION_COOKIE_AGE == 30 * 60
    assert browser.session.get_expiry_age() == 30 * 60
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_session_ends_twelve_hours_after_signing_in_whatever_happens(browser):
    assert browser.get("/cases/").status_code == 200
    session = browser.session
    session[SIGNED_IN_AT] = int(time.time()) - settings.SESSION_ABSOLUTE_AGE - 1
    session.save()
    assert browser.get("/cases/").status_code == 302


def seen_before(client: Client, seconds: int) -> None:
    """Move the last request that the session knows of into the past."""
    session = client.session
    session[SEEN_AT] -= seconds
    session.save()


def test_request_keeps_the_session_and_is_written_down_once_a_minute(browser):
    browser.get("/cases/")
    assert settings.SESSION_COOKIE_NAME not in browser.get("/cases/").cookies
    seen_before(browser, settings.SESSION_SEEN_EVERY)
    assert settings.SESSION_COOKIE_NAME in browser.get("/cases/").cookies
    assert settings.SESSION_COOKIE_NAME not in browser.get("/cases/").cookies


def test_page_that_refreshes_itself_does_not_keep_its_session(browser):
    browser.get("/cases/")
    seen_before(browser, settings.SESSION_SEEN_EVERY)
    assert settings.SESSION_COOKIE_NAME not in browser.get("/cases/", headers={"X-Poll": "1"}).cookies
    assert settings.SESSION_COOKIE_NAME in browser.get("/cases/").cookies


def test_request_is_told_to_the_audit_log_by_hashes_only(rf, person):
    seen = []

    def view(request):
        seen.append(current())
        return Client().get("/healthz")

    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    client = Client()
    client.force_login(person)
    request.session = client.session
    RequestContextMiddleware(view)(request)
    context = seen[0]
    assert context.ip_hash == keyed_hash("ip", "192.0.2.7")
    assert context.session_hash == keyed_hash("session", request.session.session_key)
    assert (context.mfa, len(context.request_id)) == (False, 36)
    assert "192.0.2.7" not in repr(context)
    assert current().request_id == ""


@pytest.mark.parametrize("path", ["/cases/", "/api/v1/cases/", "/healthz"])
@pytest.mark.parametrize(
    ("fault", "status"), [(OperationalError("secret host"), 503), (InterfaceError("x"), 503), (KeyError("secret"), 500)]
)
def test_fault_outside_the_views_is_answered_in_words(browser, monkeypatch, path, fault, status):
    """F03, A83: a database that middleware could not reach is away, and not a fault of ours."""

    def away(uid):
        raise fault

    monkeypatch.setattr("cases.row_security.set_actor", away)
    browser.raise_request_exception = False
    answer = browser.get(path)
    assert answer.status_code == status
    assert "secret" not in answer.text
    assert (answer["Content-Type"] == "application/problem+json") is path.startswith("/api/")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.7"),
        (1, "", "192.0.2.7"),
    ],
)
def test_forwarded_address_is_believed_for_known_proxies_only(proxies, forwarded, expected):
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": forwarded})
    with override_settings(TRUSTED_PROXY_COUNT=proxies):
        assert client_address(request) == expected


@pytest.mark.parametrize(
    ("records", "used"),
    [([], False), ([{"method": "password"}], False), ([{"method": "password"}, {"method": "mfa"}], True)],
)
def test_second_factor_is_read_from_the_session(rf, records, used):
    request = rf.get("/")
    request.session = {"account_authentication_methods": records}
    assert used_second_factor(request) is used


def test_health_says_nothing_but_ok(client):
    answer = client.get("/healthz")
    assert (answer.content, answer["Content-Type"]) == (b"ok\n", "text/plain")


def test_log_line_is_one_json_object():
    record = logging.LogRecord("caseapp", logging.INFO, __file__, 1, "two\nlines %s", ("€",), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines €"
