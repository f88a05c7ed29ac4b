"""Signing in and keeping one's own account, in our shell: accessible, and with nothing the security policy forbids."""

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time

from cases.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery staple"
NARROW = {"width": 390, "height": 844}
OWN_PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
]


@pytest.fixture
def person():
    return User.objects.create_user("ines", "ines@example.org", PASSWORD, display_name="Inès Aliyeva-Lambert")


def sign_in(watched, path="/gallery/"):
    page = watched.open(f"/accounts/login/?next={path}")
    page.fill("[name=login]", "ines")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return page


def confirm(page):
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_load_state()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sign_in_page_is_accessible_and_within_the_policy(open_page, scheme):
    watched = open_page("/accounts/login/", viewport=NARROW, color_scheme=scheme)
    assert watched.axe() == []
    assert watched.complaints == []


def test_wrong_password_is_said_aloud(open_page, person):
    page = open_page("/accounts/login/").page
    page.fill("[name=login]", "ines")
    page.fill("[name=password]", "not the password")
    page.get_by_role("button", name="Sign in").click()
    assert "do not go together" in page.locator("[role=alert]").inner_text()


def test_pages_of_ones_own_account_are_accessible_and_within_the_policy(open_page, person):
    watched = open_page("/accounts/login/")
    sign_in(watched)
    for path in OWN_PAGES:
        watched.open(path)
        assert (path, watched.axe()) == (path, [])
    assert watched.complaints == []


def test_menu_opens_closes_by_escape_and_signs_out(open_page, person):
    watched = open_page("/accounts/login/")
    page = sign_in(watched)
    menu = page.locator(".menu summary")
    menu.click()
    assert page.locator(".menu-panel").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".menu-panel").is_visible()
    menu.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    assert watched.context.request.get(f"{watched.address}/accounts/2fa/", max_redirects=0).status == 302


def test_authenticator_app_is_set_up_and_asked_for(open_page, person):
    watched = open_page("/accounts/login/")
    page = sign_in(watched, "/accounts/2fa/totp/activate/")
    confirm(page)
    assert page.locator(".qr").is_visible()
    assert watched.axe() == []
    secret = page.input_value("#authenticator_secret")
    page.fill("[name=code]", code_of(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_load_state()
    watched.open("/accounts/2fa/recovery-codes/")
    assert watched.axe() == []
    watched.context.clear_cookies()
    page = sign_in(watched, "/accounts/2fa/")
    assert page.url.endswith("/accounts/2fa/authenticate/") or "authenticate" in page.url
    assert watched.axe() == []
    assert watched.complaints == []


def code_of(secret):
    return f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06d}"


def test_security_key_is_added_and_signs_in(open_page, person):
    watched = open_page("/accounts/login/")
    page = sign_in(watched, "/accounts/2fa/webauthn/add/")
    confirm(page)
    keys = watched.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    assert watched.axe() == []
    page.fill("[name=name]", "Key on my ring")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda address: "/add/" not in address)
    watched.open("/accounts/2fa/webauthn/")
    assert "Key on my ring" in page.inner_text("main")
    watched.context.clear_cookies()
    sign_in(watched, "/accounts/2fa/")
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url("**/accounts/2fa/")
    assert watched.complaints == []
