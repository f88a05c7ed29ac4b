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
from cases.models import Case, User
from claims.enums import VersionState
from claims.models import ClaimVersion
from tests.bench import big_case
from tests.bench.clients import measure, table

ITEMS, CLAIMS = 10_000, 5_000
CLIENTS, ROUNDS = 8, 5
ALONE = 10
BARE = "bare view"


def figures() -> Iterator[str]:
    """Build the case, serve it, ask for each page in turn: by one client alone, then by eight at once.

    The bare view is the health check: the same server, middleware, session and row security, and no work of its own.
    """
    began = time.perf_counter()
    case, user = big_case.build(items=ITEMS, claims=CLAIMS)
    yield f"{ITEMS} exhibits and {CLAIMS} claims written in {time.perf_counter() - began:.0f} s"
    pages, cookies = _pages(case), _session(user)
    with _server() as base:
        measure(base, cookies, pages, clients=2, rounds=1)
        for clients, rounds in ((1, ALONE), (CLIENTS, ROUNDS)):
            began = time.perf_counter()
            timings = measure(base, cookies, pages, clients=clients, rounds=rounds)
            rate = clients * rounds * len(pages) / (time.perf_counter() - began)
            yield f"\n{_clients(clients)}, 1 web process, {os.cpu_count()} cores: {rate:.0f} pages/s"
            yield table(timings, base=BARE)


def _clients(number: int) -> str:
    return f"{number} client{'s' if number > 1 else ''}"


def _pages(case: Case) -> dict[str, str]:
    """The pages of a case by name; the claim waits for its review, the account was seen several times."""
    room, api = f"/cases/{case.ref}/", f"/api/v1/cases/{case.ref}/"
    waiting = ClaimVersion.objects.filter(case=case, state=VersionState.SUBMITTED, subject_account__isnull=False)
    number = waiting.order_by("claim__number").values_list("claim__number", flat=True)[0]
    account, person = case.accounts.order_by("pk")[0], case.people.order_by("pk")[0]
    return {
        BARE: "/healthz",
        "my turn": "/",
        "case overview": room,
        "graph (JSON)": f"{room}claims/graph.json",
        "timeline": f"{room}timeline/",
        "evidence list": f"{room}evidence/",
        "exhibit": f"{room}evidence/{ITEMS // 2}/",
        "account list": f"{room}accounts/",
        "account": f"{room}accounts/{account.pk}/",
        "person": f"{room}people/{person.pk}/",
        "claim list": f"{room}claims/",
        "claim list, last changed": f"{room}claims/?sort=-changed",
        "claim": f"{room}claims/{number}/",
        "claim form": f"{room}claims/new/?predicate=account_operated_by",
        "claim desk": f"{room}desk/{number}/",
        "audit trail": f"{room}audit/",
        "API evidence list": f"{api}items/",
        "API account list": f"{api}accounts/",
        "API claim list": f"{api}claims/",
        "API claim": f"{api}claims/{number}/",
        "API chains": f"{api}chains/",
        "API events": f"{api}events/",
    }


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
        web.ask_to_end()
        web.wait_for_end()


def _wait(base: str) -> None:
    for _ in range(300):
        try:
            if requests.get(f"{base}/healthz", timeout=2).ok:
                return
        except requests.ConnectionError:
            threading.Event().wait(0.1)
    raise SystemExit("the web process does not answer")
