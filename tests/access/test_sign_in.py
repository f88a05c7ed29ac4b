"""Signing in: one event per step, lock-out, fixation, redirects, second factors."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from caseapp.accounts import folded
from cases.actions.users import change_flags, reset_password
from tests.access.events import actions_since, last_number, payload_of
from tests.factories.cases import make_case
from tests.factories.users import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN, WRONG = "/accounts/login/", "This name and password do not go together."


@pytest.fixture(autouse=True)
def empty_cache(db):
    cache.clear()


@pytest.fixture
def ana():
    return make_user("ana", email="ana@newsroom.example")


def sign_in(client, name="ana", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": name, "password": password}, **extra)


def current_code(secret):
    return format_hotp_value(hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


@pytest.mark.parametrize("name", ["ana", "ANA", "ana@newsroom.example", " Ana@Newsroom.example "])
def test_sign_in_by_username_or_address_leaves_one_event(client, ana, name):
    before = last_number()
    assert sign_in(client, name).status_code == 302
    assert actions_since(before) == ["user_signed_in"]


def test_sign_out_leaves_one_event_and_only_by_post(client, ana):
    """A22."""
    sign_in(client)
    before = last_number()
    assert client.get("/accounts/logout/").status_code == 200
    assert actions_since(before) == []
    client.post("/accounts/logout/")
    assert actions_since(before) == ["user_signed_out"]
    assert "_auth_user_id" not in client.session


def test_unknown_and_known_names_get_the_same_answer_and_as_many_hashes(client, ana, monkeypatch):
    """A25: the time of an answer is the time of its one hash."""
    hashes = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    monkeypatch.setattr(hasher, lambda self, password, salt: hashes.append(1) or "md5$salt$hash")
    answers = []
    for name in ("ana", "ana@newsroom.example", "nobody", "nobody@newsroom.example"):
        hashes.clear()
        answer = sign_in(Client(), name, "not the password")
        answers.append((answer.status_code, WRONG in answer.text, len(hashes)))
    assert set(answers) == {(200, True, 1)}


def test_wrong_password_leaves_one_event_without_the_name(client, ana):
    before = last_number()
    sign_in(client, "ana", "wrong")
    sign_in(client, "hunter2-typed-into-the-wrong-field", "wrong")
    assert actions_since(before) == ["sign_in_refused", "sign_in_refused"]
    assert payload_of("sign_in_refused") == {"before": None, "after": {"factor": "password", "locked": False}}


def test_sixth_try_is_locked_and_looks_like_a_wrong_password(client, ana):
    """A24."""
    for name in ("ana", "ANA", "Ána", "ａｎａ", "ana@newsroom.example"):
        assert WRONG in sign_in(client, name, "wrong").text
    locked = sign_in(client)
    assert (locked.status_code, WRONG in locked.text) == (200, True)
    assert payload_of("sign_in_refused")["after"]["locked"] is True
    assert sign_in(Client(), REMOTE_ADDR="198.51.100.7").status_code == 302


def test_running_session_survives_a_lock(client, ana):
    """A24: locking a name does not throw out who is in."""
    sign_in(client)
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    for _ in range(6):
        sign_in(stranger, "ana", "wrong")
    assert client.get("/accounts/password/change/").status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "X-User", "Remote-User"])
def test_spoofed_headers_are_ignored(ana, header):
    """A21: an address from a header neither escapes the lock nor names a user."""
    client = Client()
    for number in range(5):
        sign_in(client, "ana", "wrong", headers={header: f"203.0.113.{number}"})
    assert WRONG in sign_in(client, headers={header: "203.0.113.99"}).text
    assert client.get("/api/v1/cases/", headers={header: "ana"}).status_code == 401


def test_session_id_is_new_after_sign_in(client, ana):
    """A29."""
    client.get(LOGIN)
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["session-8000"] = before = session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert not client.session.exists(before)


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example", "/\\evil.example"]
)
def test_redirect_after_sign_in_stays_here(client, ana, target):
    """A30."""
    answer = client.post(LOGIN, {"login": "ana", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_megabyte_password_is_refused_before_hashing(client, ana, monkeypatch):
    """A31."""

    def no_hash(*args):
        raise AssertionError("hashed")

    monkeypatch.setattr("django.contrib.auth.hashers.MD5PasswordHasher.encode", no_hash)
    for name in ("ana", "nobody"):
        assert sign_in(client, name, "x" * 1_000_000).status_code == 400


def test_password_change_ends_all_other_sessions(ana):
    """A28."""
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    before = last_number()
    new = "another-long-passphrase-1"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert actions_since(before) == ["password_changed"]
    assert here.get("/accounts/password/change/").status_code == 200
    assert elsewhere.get("/accounts/password/change/").status_code == 302


def test_deactivation_ends_sessions_at_once(client, ana):
    """A28."""
    sign_in(client)
    change_flags(actor=None, user=ana, is_active=False)
    assert client.get("/accounts/password/change/")["Location"].startswith(LOGIN)
    assert WRONG in sign_in(Client()).text


def test_one_time_password_opens_nothing_but_its_replacement(ana):
    secret = reset_password(actor=None, user=ana)
    client = Client()
    sign_in(client, "ana", secret)
    assert client.get("/admin/")["Location"] == "/accounts/password/change/"
    assert client.get("/api/v1/cases/").status_code == 403
    new = "another-long-passphrase-1"
    client.post("/accounts/password/change/", {"oldpassword": secret, "password1": new, "password2": new})
    assert client.get("/api/v1/cases/").status_code == 200


def test_totp_is_asked_for_counts_once_and_leaves_one_event(client, ana):
    """A26."""
    secret = generate_totp_secret()
    TOTP.activate(ana, secret)
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/api/v1/cases/").status_code == 401
    before = last_number()
    code = current_code(secret)
    client.post("/accounts/2fa/authenticate/", {"code": "000000" if code != "000000" else "111111"})
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert actions_since(before) == ["sign_in_refused", "user_signed_in"]
    again = Client()
    sign_in(again)
    assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert "_auth_user_id" not in again.session


def test_sixth_wrong_code_is_not_looked_at(client, ana):
    secret = generate_totp_secret()
    TOTP.activate(ana, secret)
    sign_in(client)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "abcdef"})
    assert client.post("/accounts/2fa/authenticate/", {"code": current_code(secret)}).status_code == 200


def test_new_password_does_not_skip_the_second_factor(client, ana):
    """A27."""
    TOTP.activate(ana, generate_totp_secret())
    secret = reset_password(actor=None, user=ana)
    assert sign_in(client, "ana", secret)["Location"] == "/accounts/2fa/authenticate/"


def test_password_reset_by_mail_does_not_exist(client):
    """A27."""
    assert client.get("/accounts/password/reset/").status_code == 404
    assert client.get("/accounts/signup/").status_code == 404


def test_adding_and_removing_a_factor_leave_one_event_each(client, ana):
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    before = last_number()
    assert client.post("/accounts/2fa/totp/activate/", {"code": current_code(secret)}).status_code == 302
    assert client.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert actions_since(before) == ["mfa_totp_added", "mfa_codes_replaced", "mfa_totp_removed"]


def test_recovery_code_signs_in_once(ana):
    TOTP.activate(ana, generate_totp_secret())
    code = RecoveryCodes.activate(ana).get_unused_codes()[0]
    for expected in (True, False):
        client = Client()
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in client.session) is expected


@pytest.mark.parametrize(("role", "held"), [("editor", True), ("auditor", True), ("investigator", False)])
def test_second_factor_is_required_by_role(client, ana, settings, role, held):
    settings.REQUIRE_MFA = True
    make_case(ref="MFA-1", **{role: ana})
    sign_in(client)
    api = client.get("/api/v1/cases/")
    assert api.status_code == (403 if held else 200)
    page = client.get("/admin/")
    assert (page["Location"] == "/accounts/2fa/") is held
    if held:
        assert "second factor" in api.json()["detail"]
        assert client.get("/accounts/2fa/totp/activate/").status_code in (200, 302)
        TOTP.activate(ana, generate_totp_secret())
        assert client.get("/api/v1/cases/").status_code == 200


def test_second_factor_is_required_of_staff(client, ana, settings):
    settings.REQUIRE_MFA = True
    change_flags(actor=None, user=ana, is_staff=True)
    sign_in(client)
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


def test_names_fold_to_one_spelling():
    assert {folded(name) for name in ("Ána", "ana", "ＡＮＡ", " aña ".replace("ñ", "n"))} == {"ana"}
