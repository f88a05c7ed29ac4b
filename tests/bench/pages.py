"""Pages and API of a large case under eight clients, beside a bare Django view on the same server in the same run."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from caseapp.supervisor import HOST, children_of
from cases.models import User
from claims.actions.reviews import submit
from claims.queries import get_version
from tests.bench import big_case
from tests.bench.clients import measure, table

ITEMS, CLAIMS, CLIENTS, ROUNDS = 10_000, 5_000, 8, 5
BARE = "bare view"
PAGES = {
    BARE: "/healthz",
    "case overview": f"/cases/{big_case.REF}/",
    "evidence list": f"/cases/{big_case.REF}/evidence/",
    "claim list": f"/cases/{big_case.REF}/claims/",
    "claim page": f"/cases/{big_case.REF}/claims/{CLAIMS // 2}/",
    "claim desk": f"/cases/{big_case.REF}/desk/{CLAIMS // 2}/",
    "API evidence list": f"/api/v1/cases/{big_case.REF}/items/",
    "API claim list": f"/api/v1/cases/{big_case.REF}/claims/",
}


def figures() -> Iterator[str]:
    """Build the case, serve it, ask for each page in turn; p50 and p95 in milliseconds and as ratios."""
    began = time.perf_counter()
    case, user = big_case.build(items=ITEMS, claims=CLAIMS)
    # The desk shows what was submitted.
    submit(actor=user, version=get_version(user, case.ref, CLAIMS // 2))
    yield f"{ITEMS} exhibits and {CLAIMS} claims written in {time.perf_counter() - began:.0f} s"
    with _server() as base:
        measure(base, _session(user), PAGES, clients=2, rounds=2)
        timings = measure(base, _session(user), PAGES, clients=CLIENTS, rounds=ROUNDS)
    yield f"{CLIENTS} clients, {ROUNDS} rounds, {settings.WEB_WORKERS} web processes on {os.cpu_count()} cores"
    yield table(timings, base=BARE)


def _session(user: User) -> dict[str, str]:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "caseapp.accounts.SignInBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key}


@contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    web = children_of(port, settings.WEB_WORKERS)[0]
    # The name of the session cookie carries the port, so that two copies on one machine do not sign each other out.
    web.environment |= {"PORT": str(settings.PORT)}
    web.start(time.monotonic())
    base = f"http://{HOST}:{port}"
    try:
        _wait(base)
        yield base
    finally:
        web.stop()


def _wait(base: str) -> None:
    for _ in range(300):
        try:
            if requests.get(f"{base}/healthz", timeout=2).ok:
                return
        except requests.ConnectionError:
            threading.Event().wait(0.1)
    raise SystemExit("the web process does not answer")
