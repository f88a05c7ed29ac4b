"""Signing in: who is let in, what is counted, and the one event that each step leaves.

allauth and axes offer these hooks; there is no signal receiver of ours.
"""

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cases import queries
from cases.actions import sign_ins
from cases.models import User

# allauth tells of each change of a password or second factor by naming the mail it would send about it. Two come only
# after the commit: their views in account_views.py record them.
TOLD_AFTER_COMMIT = {"mfa/email/totp_activated", "mfa/email/recovery_codes_generated"}
NOTICES = {
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_changed",
    "mfa/email/totp_deactivated": "mfa_totp_removed",
    "mfa/email/webauthn_added": "mfa_key_added",
    "mfa/email/webauthn_removed": "mfa_key_removed",
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in without sign-up, each step recorded."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "This name and password do not go together.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts wrong passwords, in the database and not per process."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = queries.find_for_sign_in(credentials.get("username", ""))
        sign_ins.record_failure(user, factor="password", locked=getattr(request, "axes_locked_out", False))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sign_ins.record_sign_in(user)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        sign_ins.record_sign_out(user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")

    def set_password(self, user: User, password: str) -> None:
        user.must_change_password = False
        super().set_password(user, password)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        if template_prefix not in TOLD_AFTER_COMMIT:
            sign_ins.record_credential_change(user, NOTICES[template_prefix])
        super().send_notification_mail(template_prefix, user, context, email)


class SignInBackend(AuthenticationBackend):
    """One person by username or e-mail address, one password check: known and unknown names take equally long."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user = queries.find_for_sign_in(credentials.get("username") or "")
        return self._check_password(user, credentials["password"])


class SignInForm(LoginForm):
    """The sign-in page's form, which takes an e-mail address as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs |= {"maxlength": "254", "autofocus": True}
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class _CountedCode:
    """A wrong code leaves an event; allauth holds back after five within five minutes."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError:
            sign_ins.record_failure(self.user, factor="code")
            raise


class CodeForm(_CountedCode, AuthenticateForm):
    pass


class CodeAgainForm(_CountedCode, ReauthenticateForm):
    pass


class SecurityKeyForm(AuthenticateWebAuthnForm):
    """A security key at sign-in; a wrong answer leaves an event."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except ValidationError:
            sign_ins.record_failure(self.user, factor="security_key")
            raise


# --- axes


def attempted_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name under which axes counts: an e-mail address counts for its user, and look-alike spellings are one."""
    name = (credentials or {}).get("username") or (credentials or {}).get("login") or request.POST.get("login", "")
    user = queries.find_for_sign_in(name)
    return folded(user.username if user else name)[:255]


def folded(name: str) -> str:
    """`name` without case, accents and compatibility forms."""
    decomposed = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("\0", "")


def answer_as_usual(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """Locked out looks like a wrong password, so that nobody learns which names exist or when to come back."""
    return response
