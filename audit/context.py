"""Who is asking, carried beside the call: request id, session, second factor and address of the current request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    """What an entry says about the request behind it; hashes only, never an address or a session key."""

    request_id: str = ""
    session_hash: str | None = None
    mfa: bool | None = None
    ip_hash: str | None = None
    on_behalf_of: str | None = None


_EMPTY = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("audit_request_context")


def current() -> RequestContext:
    """Return the context of the running request or job; an empty one where none was set."""
    return _current.get(_EMPTY)


@contextmanager
def request_context(
    *,
    request_id: str = "",
    session_hash: str | None = None,
    mfa: bool | None = None,
    ip_hash: str | None = None,
    on_behalf_of: str | None = None,
) -> Iterator[RequestContext]:
    """Give every event recorded inside the block this context; middleware wraps each request, a worker each job."""
    context = RequestContext(request_id, session_hash, mfa, ip_hash, on_behalf_of)
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
