"""A request that PostgreSQL undid to break a deadlock is run again, so that nobody has to send it twice (F13)."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse, UnreadablePostError

MOST_TRIES = 3
# SQLSTATEs (PostgreSQL manual, appendix A) of transactions that lost against another one: serialization_failure and
# deadlock_detected. What the client asked for was sound, and nothing of it is left.
LOST = {"40001", "40P01"}
REPEATABLE_TYPES = {"", "application/json", "application/x-www-form-urlencoded"}


def lost_against_another(error: BaseException | None) -> bool:
    """Whether `error`, or what caused it, says that the transaction was undone for the sake of another one."""
    return any(getattr(cause, "sqlstate", None) in LOST for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


class RetryMiddleware:
    """Runs the view up to three times; `request.lost` is set by whoever turned the error into an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        repeatable = _can_be_read_again(request)
        for _ in range(MOST_TRIES):
            request.lost = False
            response = self.get_response(request)
            if not (repeatable and request.lost and _is_one_transaction(request)):
                break
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        request.lost = lost_against_another(error)


def _can_be_read_again(request: HttpRequest) -> bool:
    """Keeps a small body in memory, as forms are anyway; uploads are streams and are not repeated."""
    length = request.headers.get("Content-Length") or "0"
    if request.content_type not in REPEATABLE_TYPES or not length.isdecimal():
        return False
    if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return False
    try:
        return request.body is not None
    except UnreadablePostError:  # the client left; the view finds that out for itself
        return False


def _is_one_transaction(request: HttpRequest) -> bool:
    """Whether ATOMIC_REQUESTS undid the whole view; one that commits in steps is not run twice."""
    exempt = getattr(request.resolver_match.func, "_non_atomic_requests", set())
    return DEFAULT_DB_ALIAS not in exempt
