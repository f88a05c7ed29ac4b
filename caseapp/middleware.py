"""What every answer carries and every request is held to."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from rest_framework.permissions import SAFE_METHODS

from audit.context import request_context
from audit.ids import uuid7
from cases.permissions import asked_once
from cases.row_security import NOBODY, acting_as, produced_as

# Named and not imported: addresses are loaded after middleware.
EVIDENCE_URLS = "evidence.origin_urls"
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
SEEN_AT = "seen_at"
# Pages that refresh a part of themselves send this header, so that an unattended screen does not stay signed in.
POLL_HEADER = "X-Poll"


class ContentSecurityPolicyMiddleware:
    """The policy for every answer that has none of its own (preserved evidence brings a stricter one)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A download is a form that is answered by a redirect to where originals are served.
        targets = f"form-action 'self' {settings.EVIDENCE_ORIGIN}".strip()
        policy = CONTENT_SECURITY_POLICY.replace("form-action 'self'", targets)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class EvidenceOriginMiddleware:
    """Gives the host of EVIDENCE_ORIGIN its own few addresses, without cookies: no page of the application is there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.EVIDENCE_ORIGIN and request.get_host() == urlsplit(settings.EVIDENCE_ORIGIN).netloc:
            # Django reads this attribute; its stubs do not know it.
            request.urlconf = EVIDENCE_URLS  # type: ignore[attr-defined]
            request.COOKIES = {}
        return self.get_response(request)


class SessionAgeMiddleware:
    """Sessions end after `SESSION_COOKIE_AGE` without a request, up to `SESSION_SEEN_EVERY` earlier, and after
    `SESSION_ABSOLUTE_AGE` from signing in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session, now = request.session, int(time.time())
        if now - session.get(SIGNED_IN_AT, now) > settings.SESSION_ABSOLUTE_AGE:
            session.flush()
        response = self.get_response(request)
        if "_auth_user_id" in session:
            session.setdefault(SIGNED_IN_AT, now)
            if POLL_HEADER not in request.headers and now - session.get(SEEN_AT, 0) >= settings.SESSION_SEEN_EVERY:
                session[SEEN_AT] = now
        return response


class LanguageMiddleware:
    """Pages in the language that a person chose, otherwise in what the browser asks for; programs are answered in
    English, which is also what is stored and logged.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            return self.get_response(request)
        chosen = getattr(request.user, "language", "")
        with translation.override(chosen or translation.get_language_from_request(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        if not chosen:
            patch_vary_headers(response, ["Accept-Language"])
        return response


class RowSecurityMiddleware:
    """Binds the connection to whoever is signed in, so that PostgreSQL shows no other rows than those of their cases.

    Programs are bound when their token is accepted. A streamed answer asks its questions after all middleware.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_as(_uid(request)):
            response = self.get_response(request)
        # Files ask nothing, and the server may send them without Python.
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = produced_as(_uid(request), response.streaming_content)
        return response


class RightsMiddleware:
    """Asks once what somebody may do in a case while a page is read; whatever changes something asks each time."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        with asked_once():
            return self.get_response(request)


def _uid(request: HttpRequest) -> str:
    return str(request.user.pk) if request.user.is_authenticated else NOBODY


class RequestContextMiddleware:
    """Tells the audit log which request an event belongs to, and the caller its number (`X-Request-ID`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(uuid7())
        session_key = request.session.session_key
        with request_context(
            request_id=request_id,
            session_hash=keyed_hash("session", session_key) if session_key else None,
            mfa=used_second_factor(request) if session_key else None,
            ip_hash=keyed_hash("ip", client_address(request)),
        ):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response


def keyed_hash(purpose: str, value: str) -> str:
    """A hash that only this installation can compute: addresses are few enough to be guessed from a bare one."""
    return salted_hmac(f"caseapp.{purpose}", value, algorithm="sha256").hexdigest()


def client_address(request: HttpRequest) -> str:
    """The caller's address; behind `TRUSTED_PROXY_COUNT` proxies, what the outermost of them saw."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    return hops[-count] if 0 < count <= len(hops) else request.META.get("REMOTE_ADDR", "")


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed, with TOTP, a security key or a recovery code."""
    records = request.session.get("account_authentication_methods", [])
    return any(record.get("method") == "mfa" for record in records)
