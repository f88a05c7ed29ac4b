"""`Authorization: Bearer ca_...`: who a program speaks for, and within which scopes."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from cases.actions.tokens import use_token
from cases.models import ApiToken, User
from cases.row_security import set_actor

SCHEME = "bearer"
REFUSED = "This token is unknown, revoked or expired."


class TokenAuthentication(BaseAuthentication):
    """Only the header counts: a token in a query string or form is not looked at."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != SCHEME:
            return None
        token = use_token(words[1]) if len(words) == 2 else None
        if token is None:
            raise AuthenticationFailed(REFUSED)
        user = token.owner
        user.token_scopes = frozenset(token.scopes)
        # Until here the request was nobody's; RowSecurityMiddleware gives the connection back.
        set_actor(str(user.pk))
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
