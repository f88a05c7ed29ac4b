"""Rows for what belongs to no package: health, sign-in, the root of the API, the gallery, the admin site."""

from audit.keys import load_or_create_signer
from tests.access.table import Row, anyone, signed_in

NEW_PASSWORD = {"oldpassword": "wrong", "password1": "a", "password2": "b"}
REAUTHENTICATE = 302  # to the page that asks for the password again

ROWS = [
    Row("healthz", "GET", anyone(200)),
    Row("favicon", "GET", anyone(302)),
    Row("cases:log_checkpoint", "GET", anyone(404)),  # of a log without an entry under a checkpoint
    Row("cases:log_vkey", "GET", anyone(200)),
    Row("account_login", "GET", signed_in(302, anonymous=200)),
    Row("account_login", "POST", signed_in(302, anonymous=200), body={"login": "nobody", "password": "x"}),
    Row("account_logout", "GET", signed_in(200)),
    Row("account_logout", "POST", signed_in(302)),
    Row("account_reauthenticate", "GET", signed_in(200)),
    Row("account_reauthenticate", "POST", signed_in(200), body={"password": "wrong"}),
    Row("account_change_password", "GET", signed_in(200)),
    Row("account_change_password", "POST", signed_in(200), body=NEW_PASSWORD),
    Row("mfa_index", "GET", signed_in(200)),
    Row("mfa_authenticate", "GET", anyone(302)),
    Row("mfa_authenticate", "POST", anyone(302), body={"code": "000000"}),
    Row("mfa_reauthenticate", "GET", signed_in(302)),
    Row("mfa_reauthenticate", "POST", signed_in(302), body={"code": "000000"}),
    Row("mfa_activate_totp", "GET", signed_in(REAUTHENTICATE)),
    Row("mfa_activate_totp", "POST", signed_in(REAUTHENTICATE), body={"code": "000000"}),
    Row("mfa_deactivate_totp", "GET", signed_in(404)),
    Row("mfa_deactivate_totp", "POST", signed_in(404)),
    Row("mfa_view_recovery_codes", "GET", signed_in(404)),
    Row("mfa_generate_recovery_codes", "GET", signed_in(REAUTHENTICATE)),
    Row("mfa_generate_recovery_codes", "POST", signed_in(REAUTHENTICATE)),
    Row("mfa_download_recovery_codes", "GET", signed_in(404)),
    Row("mfa_list_webauthn", "GET", signed_in(200)),
    Row("mfa_add_webauthn", "GET", signed_in(REAUTHENTICATE)),
    Row("mfa_add_webauthn", "POST", signed_in(REAUTHENTICATE)),
    Row("mfa_reauthenticate_webauthn", "GET", signed_in(302)),
    Row("mfa_reauthenticate_webauthn", "POST", signed_in(302)),
    Row("mfa_remove_webauthn", "GET", signed_in(REAUTHENTICATE), {"pk": "number"}),
    Row("mfa_remove_webauthn", "POST", signed_in(REAUTHENTICATE), {"pk": "number"}),
    Row("mfa_edit_webauthn", "GET", signed_in(REAUTHENTICATE), {"pk": "number"}),
    Row("mfa_edit_webauthn", "POST", signed_in(REAUTHENTICATE), {"pk": "number"}),
    Row("api-root", "GET", signed_in(200)),
    Row("schema", "GET", signed_in(403)),
    Row("gallery", "GET", anyone(200)),
    Row("gallery_graph", "GET", anyone(200)),
    Row("gallery_panel", "GET", anyone(200)),
]


def build(world) -> None:
    load_or_create_signer()
    world.objects["number"] = 1
