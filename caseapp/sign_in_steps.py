"""What must be done before anything else opens: replace a one-time password, add a second factor."""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from caseapp.errors import API_PREFIX, TITLES, Problem, answer
from caseapp.missing_steps import ADD_FACTOR, REPLACE_IT, needs_a_factor

ALWAYS_OPEN = {
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "healthz",
}
NEW_PASSWORD = "account_change_password"  # noqa: S105 (a page)
SECOND_FACTOR_PAGES = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", NEW_PASSWORD}


class SignInStepsMiddleware:
    """Holds a signed-in person at the step that is missing; programs are told which it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.url_name
        if not request.user.is_authenticated or name in ALWAYS_OPEN:
            return None
        if request.user.must_change_password:
            return None if name == NEW_PASSWORD else hold(request, NEW_PASSWORD, REPLACE_IT)
        if name not in SECOND_FACTOR_PAGES and lacks_second_factor(request):
            return hold(request, "mfa_index", ADD_FACTOR)
        return None


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this person needs a second factor and has none; a session opened with one needs no look-up."""
    if any(record["method"] == "mfa" for record in get_authentication_records(request, request.user)):
        return False
    return needs_a_factor(request.user)


def hold(request: HttpRequest, page: str, sentence: str) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return answer(request, Problem(403, TITLES[403], sentence))
    messages.warning(request, sentence)
    return redirect(page)
