"""API tokens: shown once, stored as a hash, never more than their owner, dead when revoked."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from cases.actions.members import end_membership
from cases.actions.tokens import create_token, revoke_token
from cases.actions.users import change_flags, reset_password
from cases.enums import TokenScope
from cases.exceptions import InvalidInput
from cases.models import ApiToken
from cases.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, Permission, permissions_of
from tests.access.events import actions_since, last_number
from tests.factories.cases import make_case
from tests.factories.users import PASSWORD, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/cases/"


def bearer(secret):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def ana():
    return make_user("ana")


def test_secret_is_stored_as_a_hash_only(ana):
    token, secret = create_token(actor=ana, name="t", scopes=["read"])
    assert secret.startswith("ca_")
    assert secret not in str(list(ApiToken.objects.values()))
    assert bearer(secret).get(URL).status_code == 200
    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.parametrize("spoil", ["revoke", "expire", "deactivate"])
def test_dead_token_is_unknown(ana, spoil):
    token, secret = create_token(actor=ana, name="t", scopes=["read"])
    if spoil == "revoke":
        revoke_token(actor=ana, token_id=token.pk)
    elif spoil == "expire":
        ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    else:
        change_flags(actor=None, user=ana, is_active=False)
    answer = bearer(secret).get(URL)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_user_id_and_other_nonsense_are_no_tokens(ana):
    """A33."""
    token, secret = create_token(actor=ana, name="t", scopes=["read"])
    for wrong in (str(ana.pk), str(token.pk), token.prefix, token.secret_sha256, secret + "x", "ca_", "", "a b"):
        assert bearer(wrong).get(URL).status_code == 401, wrong


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "Authorization"])
def test_token_in_the_address_is_refused(ana, name):
    """A32."""
    _, secret = create_token(actor=ana, name="t", scopes=["read"])
    assert Client().get(URL, {name: secret}).status_code == 401
    assert bearer(secret).get(URL, {name: secret}).status_code == 400


@pytest.mark.parametrize("role", sorted(ROLE_PERMISSIONS))
@pytest.mark.parametrize("scope", sorted(TokenScope.values))
def test_token_never_exceeds_owner_nor_scope(role, scope):
    owner = make_user()
    case = make_case(**{role: owner})
    owner.token_scopes = frozenset({scope})
    assert permissions_of(owner, case) == ROLE_PERMISSIONS[role] & SCOPE_PERMISSIONS[scope]


def test_every_permission_is_within_reach_of_some_scope():
    assert frozenset().union(*SCOPE_PERMISSIONS.values()) == frozenset(Permission)


def test_scope_bounds_the_api(ana):
    case = make_case(lead=ana)
    member = {"user": make_user("bob").username, "role": "viewer"}
    url = f"{URL}{case.ref}/members/"
    _, reader = create_token(actor=ana, name="r", scopes=["read"])
    _, manager = create_token(actor=ana, name="m", scopes=["manage"])
    assert bearer(reader).get(url).status_code == 200
    assert bearer(reader).post(url, member, format="json").status_code == 403
    assert bearer(manager).get(url).status_code == 403
    assert bearer(manager).post(url, member, format="json").status_code == 201


def test_role_taken_away_holds_at_the_next_request(ana):
    """A16."""
    lead = make_user()
    case = make_case(lead=lead, viewer=ana)
    _, secret = create_token(actor=ana, name="t", scopes=["read"])
    client, browser = bearer(secret), Client()
    browser.force_login(ana)
    assert client.get(f"{URL}{case.ref}/").status_code == 200
    assert browser.get(f"/cases/{case.ref}/members/").status_code == 200
    end_membership(actor=lead, case=case, membership_id=ana.memberships.get().pk)
    assert client.get(f"{URL}{case.ref}/").status_code == 404
    assert browser.get(f"/cases/{case.ref}/members/").status_code == 404


@pytest.mark.parametrize("role", ["editor", "investigator"])
def test_token_waits_for_the_second_factor_that_its_owner_lacks(ana, settings, role):
    """A person made editor later is held at the screen until they add one: so are their programs."""
    _, secret = create_token(actor=ana, name="t", scopes=["read"])
    make_case(**{role: ana})
    settings.REQUIRE_MFA = True
    answer = bearer(secret).get(URL)
    assert answer.status_code == (403 if role == "editor" else 200)
    if role == "editor":
        assert "second factor" in answer.json()["detail"]
        TOTP.activate(ana, generate_totp_secret())
        assert bearer(secret).get(URL).status_code == 200


def test_token_waits_until_a_one_time_password_is_replaced(ana):
    """Whoever got hold of the password may have made the token too."""
    _, secret = create_token(actor=ana, name="t", scopes=["read"])
    reset_password(actor=None, user=ana)
    answer = bearer(secret).get(URL)
    assert answer.status_code == 403
    assert "one-time password" in answer.json()["detail"]


@pytest.mark.parametrize(("staff", "status"), [(True, 200), (False, 403)])
def test_description_of_the_api_is_served_to_staff_only(ana, staff, status):
    """A15."""
    _, secret = create_token(actor=ana, name="t", scopes=["read"])
    change_flags(actor=None, user=ana, is_staff=staff)
    assert bearer(secret).get("/api/v1/schema/").status_code == status


@pytest.mark.parametrize("path", [URL, f"{URL}OWN-1/", f"{URL}OWN-1/members/"])
def test_options_and_head_tell_no_more_than_get(ana, path):
    """A15: no choices, no forms, no page for browsers."""
    make_case(ref="OWN-1", lead=ana)
    _, secret = create_token(actor=ana, name="t", scopes=["read"])
    client = bearer(secret)
    assert client.options(path).status_code == 405
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code in {200, 406}
    assert "<" not in page.text


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "everything"]])
def test_unknown_scopes_are_refused(ana, scopes):
    with pytest.raises(InvalidInput):
        create_token(actor=ana, name="t", scopes=scopes)


def test_expiry_in_the_past_is_refused(ana):
    with pytest.raises(InvalidInput):
        create_token(actor=ana, name="t", scopes=["read"], expires_at=timezone.now() - timedelta(seconds=1))


def test_token_cannot_make_tokens(ana):
    _, secret = create_token(actor=ana, name="t", scopes=TokenScope.values)
    answer = bearer(secret).post("/api/v1/tokens/", {"name": "x", "scopes": ["read"]}, format="json")
    assert answer.status_code == 403


def test_other_peoples_tokens_do_not_exist(ana):
    token, _ = create_token(actor=ana, name="t", scopes=["read"])
    _, secret = create_token(actor=make_user(), name="t", scopes=TokenScope.values)
    assert bearer(secret).get(f"/api/v1/tokens/{token.pk}/").status_code == 404
    assert bearer(secret).post(f"/api/v1/tokens/{token.pk}/revoke/", {}, format="json").status_code == 404
    browser = Client()
    browser.force_login(make_user())
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404


def test_page_makes_a_token_after_the_password_only_and_shows_it_once(client, ana):
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    form = {"name": "capture machine", "scopes": ["evidence"], "days": "30"}
    asked = client.post("/account/tokens/new/", form)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()
    before = last_number()
    made = client.post(asked["Location"], {"password": PASSWORD})
    assert made.status_code == 200
    assert actions_since(before) == ["token_created"]
    secret = made.context["secret"]
    assert secret in made.text
    assert "no-store" in made["Cache-Control"]
    page = client.get("/account/tokens/")
    assert secret not in page.text
    assert "capture machine" in page.text
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert bearer(secret).get(URL).status_code == 401


def test_api_makes_a_token_after_the_password_only_and_keeps_no_secret(ana):
    client = APIClient()
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    body, headers = {"name": "x", "scopes": ["read"]}, {"Idempotency-Key": "k"}
    assert client.post("/api/v1/tokens/", body, format="json").status_code == 403
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    made = client.post("/api/v1/tokens/", body, format="json", headers=headers)
    assert made.json()["secret"].startswith("ca_")
    again = client.post("/api/v1/tokens/", body, format="json", headers=headers)
    assert "secret" not in again.json()
    assert again.json()["id"] == made.json()["id"]
