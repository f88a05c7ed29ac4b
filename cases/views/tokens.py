"""A person's own API tokens."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from cases import queries
from cases.actions.tokens import create_token, revoke_token
from cases.exceptions import InvalidInput
from cases.forms import TokenForm, show_refusal
from cases.models import ApiToken


@require_GET
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens one has, and the form for another."""
    return _page(request, TokenForm())


@require_POST
@never_cache
@sensitive_variables("secret")
@reauthentication_required
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token; the answer to this request is the only place where its secret stands."""
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            data = form.cleaned_data
            token, secret = create_token(
                actor=request.user, name=data["name"], scopes=data["scopes"], expires_at=form.expires_at()
            )
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            return render(request, "cases/token_made.html", {"token": token, "secret": secret})
    return _page(request, form, status=400)


@require_POST
def token_revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a token for good."""
    token = revoke_token(actor=request.user, token_id=token_id)
    messages.success(request, f"{token.name} no longer works.")
    return redirect("cases:tokens")


def _page(request: HttpRequest, form: TokenForm, *, status: int = 200) -> HttpResponse:
    own: list[ApiToken] = list(queries.tokens_of(request.user))
    return render(request, "cases/tokens.html", {"nav": "tokens", "form": form, "tokens": own}, status=status)
