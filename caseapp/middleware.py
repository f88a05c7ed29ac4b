"""What every answer carries and every request is held to."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
SIGNED_IN_AT = "signed_in_at"
# Pages that refresh a part of themselves send this header, so that an unattended screen does not stay signed in.
POLL_HEADER = "X-Poll"


class ContentSecurityPolicyMiddleware:
    """The policy for every answer that has none of its own (preserved evidence brings a stricter one)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class SessionAgeMiddleware:
    """Sessions end after `SESSION_COOKIE_AGE` without a request and `SESSION_ABSOLUTE_AGE` after signing in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        started = session.get(SIGNED_IN_AT)
        if started is not None and time.time() - started > settings.SESSION_ABSOLUTE_AGE:
            session.flush()
        response = self.get_response(request)
        if "_auth_user_id" in session:
            if SIGNED_IN_AT not in session:
                session[SIGNED_IN_AT] = int(time.time())
            elif POLL_HEADER not in request.headers:
                session.modified = True
        return response
