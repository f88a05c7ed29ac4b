"""What a refusal becomes in HTTP: once, for pages and for the API (RFC 9457)."""

import logging
import sys
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import requires_csrf_token
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from audit import exceptions as audit
from audit import log
from caseapp.retries import lost_against_another
from cases import exceptions as cases
from cases.history import actor_string
from cases.sentences import in_words, sentence_of
from evidence import exceptions as evidence

API_PREFIX = "/api/"
PROBLEM_TYPE = "application/problem+json"
NOT_FOUND = "There is nothing here, or it is not for you."
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """One refusal: `detail` is written for the person who meets it and never tells of paths, code or other cases."""

    status: int
    title: str
    detail: str
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """`detail` in the language of the page; programs and the log get it as it was written."""
        return in_words(self.detail)

    def as_dict(self) -> dict[str, Any]:
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        } | self.extra


TITLES = {
    400: "This request cannot be understood",
    401: "Sign in first",
    403: "You may not do this",
    404: "Not found",
    405: "This cannot be done here",
    406: "No such format",
    409: "This does not fit the present state",
    412: "Somebody saved first",
    413: "Too large",
    415: "No such format",
    422: "This does not fit the first request",
    428: "Say which version you edit",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not available at the moment",
    507: "The store is full",
}

# Exception class -> status and sentence; "" means that the exception's own sentence is shown.
STATUSES: dict[type[Exception], tuple[int, str]] = {
    cases.NotVisible: (404, NOT_FOUND),
    cases.NotAllowed: (403, ""),
    cases.InvalidInput: (400, ""),
    cases.Conflict: (409, ""),
    cases.StaleVersion: (412, ""),
    cases.VersionMissing: (428, ""),
    cases.KeyReused: (422, ""),
    evidence.TooLarge: (413, ""),
    evidence.FileTooBigInForm: (413, ""),
    evidence.QuotaExceeded: (413, ""),
    evidence.EmptyFile: (400, ""),
    evidence.Interrupted: (400, ""),
    evidence.VaultFull: (507, ""),
    evidence.BlobChanged: (409, ""),
    evidence.BlobMissing: (409, ""),
    evidence.VaultError: (503, ""),
    audit.NotIncluded: (503, "This step is recorded but not sealed yet: try again in a few seconds."),
    audit.LogMismatch: (
        409,
        "The log does not agree with what was signed: no proof is given until that is mended.",
    ),
    Http404: (404, NOT_FOUND),
    PermissionDenied: (403, "You may not do this."),
    RequestDataTooBig: (413, "The request is larger than what is accepted at once."),
    SuspiciousOperation: (400, "This request cannot be accepted."),
    IntegrityError: (409, "Somebody else changed this at the same moment: look again, and try once more."),
    InterfaceError: (503, "The database did not answer: nothing was changed. Try again."),
    OperationalError: (503, "The database did not answer in time: nothing was changed. Try again."),
    drf.NotAuthenticated: (401, "Sign in, or send a token as Authorization: Bearer."),
    drf.AuthenticationFailed: (401, ""),
    drf.PermissionDenied: (403, ""),
    drf.NotFound: (404, NOT_FOUND),
    drf.MethodNotAllowed: (405, ""),
    drf.NotAcceptable: (406, ""),
    drf.UnsupportedMediaType: (415, ""),
    drf.Throttled: (429, ""),
    drf.ParseError: (400, ""),
}


def problem_of(error: BaseException | None) -> Problem | None:
    """The refusal that `error` stands for; None when it is a fault of ours."""
    if isinstance(error, drf.ValidationError):
        return Problem(400, TITLES[400], "Some values cannot be accepted.", {"errors": _flat(error.detail)})
    for kind in type(error).__mro__:
        if kind in STATUSES:
            status, sentence = STATUSES[kind]
            extra = dict(getattr(error, "extra", {}))
            if named := getattr(error, "field", ""):
                extra["errors"] = [{"field": named, "message": str(error)}]
            return Problem(status, TITLES[status], sentence or sentence_of(error), extra)
    return None


def _note(error: Exception, problem: Problem) -> None:
    """Tell the operator what the page does not: why the house, or its database, could not answer."""
    if problem.status >= 500:
        logger.error("%s answers %s: %s: %s", problem.title, problem.status, type(error).__name__, error)


def _flat(detail: Any, path: str = "") -> list[dict[str, str]]:
    """DRF's nested messages as a list of field and message."""
    if isinstance(detail, dict):
        pairs = [(f"{path}.{key}" if path else str(key), value) for key, value in detail.items()]
        return [entry for name, value in pairs for entry in _flat(value, name)]
    if isinstance(detail, list):
        nested = [(f"{path}.{n}", v) if isinstance(v, dict | list) else (path, v) for n, v in enumerate(detail)]
        return [entry for name, value in nested for entry in _flat(value, name)]
    return [{"field": path, "message": str(detail)}]


# --- the API


def _sayable(value: Any) -> Any:
    """What a refusal repeats of the request, without halves of characters, which JSON can name and UTF-8 cannot."""
    if isinstance(value, dict):
        return {_sayable(key): _sayable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_sayable(each) for each in value]
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: a problem document for each refusal; anything else goes on to the 500 page."""
    problem = problem_of(error)
    if problem is None:
        return None
    _note(error, problem)
    body = _sayable(problem.as_dict())
    current = getattr(error, "current", None)
    if current is not None and hasattr(context["view"], "represent"):
        body["current"] = context["view"].represent(current)
    # The running transaction is undone, and an event written in it with it: the middleware writes it afterwards.
    # A view whose actions are transactions of their own keeps what a refusal left on record.
    if not getattr(context["view"], "keeps_refusals", False):
        set_rollback()
    request = context["request"]._request
    request.refusal, request.lost = problem, lost_against_another(error)
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    return Response(body, status=problem.status, headers=headers, content_type=PROBLEM_TYPE)


# --- pages


class RefusalMiddleware:
    """Turns refusals raised in page views into a page, and records those of pages and API alike."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (problem := getattr(request, "refusal", None)) is not None:
            record_refusal(request, problem)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = problem_of(error)
        if problem is None or isinstance(error, Http404):
            return None
        _note(error, problem)
        request.refusal = problem
        return answer(request, problem)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """`problem` in the form that the address speaks."""
    if request.path.startswith(API_PREFIX):
        return JsonResponse(problem.as_dict(), status=problem.status, content_type=PROBLEM_TYPE)
    page = render_to_string("errors/error.html", {"problem": problem})
    return HttpResponse(page, status=problem.status)


def _handler(status: int, sentence: str):
    @requires_csrf_token
    def view(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
        # Django's own refusals of a request that is too large or malformed come here without passing the middleware.
        known = problem_of(exception) if exception and status == 400 else None
        return answer(request, known or Problem(status, TITLES[status], sentence))

    return view


handler400 = _handler(400, "This request cannot be accepted.")
handler403 = _handler(403, "You may not do this.")
handler404 = _handler(404, NOT_FOUND)


@requires_csrf_token
def handler500(request: HttpRequest) -> HttpResponse:
    """What no view answers for: a fault of ours, or a database that middleware could not reach."""
    problem = problem_of(sys.exc_info()[1])
    if problem is None or problem.status != 503:
        sentence = gettext_noop("It has been logged, and nothing was half done. Try again, or tell your administrator.")
        problem = Problem(500, TITLES[500], sentence)
    return answer(request, problem)


csrf_failure = _handler(
    403, gettext_noop("This form is too old or came from another site: load the page again and repeat the step.")
)


# --- the record


def record_refusal(request: Any, problem: Problem) -> None:
    """Leave a security event for a signed-in person who was refused; the log must not turn a refusal into a fault."""
    user = getattr(request, "user", None)
    if problem.status not in (403, 404) or user is None or not user.is_authenticated:
        return
    try:
        with transaction.atomic():
            log.record(
                actor=actor_string(user),
                action="access_refused",
                obj=f"user:{user.pk}",
                after={"method": request.method, "path": request.path[:500], "status": problem.status},
                reason=problem.detail[:500],
            )
    except DatabaseError:
        logger.exception("a refusal could not be recorded")
