"""Every address x every verb x every role gets the answer that the table says, and no address is missing (A01, A20)."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings

import tests.access
from tests.access.table import ANONYMOUS, STRANGER, VERBS, Row, World, addresses, make_world
from tests.factories.users import make_user

pytestmark = pytest.mark.xdist_group("permissions")

TABLES = [
    importlib.import_module(f"tests.access.{module.name}")
    for module in pkgutil.iter_modules(tests.access.__path__)
    if module.name.startswith("table_")
]
ROWS: list[Row] = [row for table in TABLES for row in table.ROWS]
# The admin site has a test of its own below: its addresses follow from what is registered there.
LISTED = {name: route for name, route in addresses().items() if not route.startswith("admin/")}
# One for all requests: each new one would load the middleware again.
CLIENT = Client()
# allauth's views answer PUT like POST, and more verbs than they need; they are bound by csrf and change nothing else.
LENIENT = re.compile(r"^(account_|mfa_|healthz|favicon|gallery)")


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, World]]:
    """Two cases with the same kinds of objects, made once and undone after the last row."""
    store = tmp_path_factory.mktemp("store")
    folders = {
        name: store / name.lower() for name in ("VAULT_DIR", "DERIVATIVES_DIR", "UPLOADS_DIR", "MEDIA_INDEX_DIR")
    }
    # A refused request is undone by `answer`; Django's own undoing would end the transaction around all rows.
    one_transaction = patch.dict(connection.settings_dict, ATOMIC_REQUESTS=False)
    with override_settings(**folders), one_transaction, django_db_blocker.unblock(), transaction.atomic():
        own, foreign = make_world("OWN-1"), make_world("FOREIGN-1", "foreign-")
        for table in TABLES:
            for world in (own, foreign):
                getattr(table, "build", lambda world: None)(world)
        own.people[STRANGER] = make_user("stranger")
        yield own, foreign
        transaction.set_rollback(True)


def answer(row: Row, world: World, who: str, objects: dict | None = None, verb: str = ""):
    """The response to `who`; whatever it changed is undone."""
    session = None if who == ANONYMOUS else session_of(world, who)
    CLIENT.cookies.clear()
    if session:
        CLIENT.cookies[settings.SESSION_COOKIE_NAME] = session
    url = row.url(objects or world.objects)
    body = row.body(world) if callable(row.body) else row.body
    content_type = {"content_type": "application/json"} if url.startswith("/api/") else {}
    data = {} if body is None else {"data": body}
    send = getattr(CLIENT, (verb or row.verb).lower())
    with transaction.atomic():
        response = send(url, **data, **content_type, headers=row.headers)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response


def session_of(world: World, who: str) -> str:
    """The session of a person who signed in once for all rows."""
    sessions = world.objects.setdefault("sessions", {})
    if who not in sessions:
        client = Client()
        client.force_login(world.people[who])
        # Written with the first request, which is not undone: else each row's request would be the first.
        client.get("/healthz")
        sessions[who] = client.session.session_key
    return sessions[who]


def test_every_address_is_in_the_table():
    """A20."""
    missing = sorted(set(LISTED) - {row.name for row in ROWS})
    assert not missing, f"add rows to tests/access/table_<package>.py for: {', '.join(missing)}"


def test_table_names_no_address_that_does_not_exist():
    assert {row.name for row in ROWS} <= set(LISTED)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_what_the_table_says(worlds, row):
    own, _ = worlds
    expected = {ANONYMOUS: 401 if row.url(own.objects).startswith("/api/") else 302} | row.statuses
    given = {who: answer(row, own, who).status_code for who in expected}
    assert given == expected, {who: (given[who], expected[who]) for who in expected if given[who] != expected[who]}


@pytest.mark.parametrize("row", [row for row in ROWS if row.foreign and row.kwargs], ids=str)
def test_what_is_foreign_reads_like_what_never_was(worlds, row):
    """A01, A05, A06, A13: a foreign case, and a foreign object in the own case, answer like an id nobody ever used."""
    own, foreign = worlds
    who = next((name for name, status in row.statuses.items() if status not in (403, 404)), "editor")
    attempts = []
    if "ref" in row.kwargs.values():
        attempts += [(STRANGER, own.objects, "ref")]
    # Numbers count within a case: the same number in both names nothing foreign.
    names = [name for name in row.kwargs.values() if foreign.objects[name] != own.objects[name]]
    attempts += [(who, own.objects | {name: foreign.objects[name]}, name) for name in names]
    for person, objects, name in attempts:
        found = answer(row, own, person, objects)
        never = answer(row, own, person, objects | {name: never_used(objects[name])})
        assert (found.status_code, found.content) == (never.status_code, never.content), name
        # 400 where the body is read before the row is looked for: the same for both, so it tells nothing.
        assert found.status_code in {404, 403, 400, 302}, name


def never_used(value: object) -> object:
    """A value of the same shape that names nothing."""
    if isinstance(value, int):
        return 999_999
    text = str(value)
    if ":" in text:
        return f"{text.partition(':')[0]}:{uuid4()}"
    return "NEVER-1" if len(text) < 36 else uuid4()


@pytest.mark.parametrize("name", sorted({row.name for row in ROWS if not LENIENT.match(row.name)}))
def test_verbs_that_are_not_in_the_table_are_refused(worlds, name):
    """A22: no verb works by accident, for anybody."""
    own, _ = worlds
    rows = [row for row in ROWS if row.name == name]
    # What an editor may not read at all, they are refused before the verb is looked at.
    refusal = 403 if all(row.statuses.get("editor") == 403 for row in rows) else 405
    for verb in set(VERBS) - {row.verb for row in rows}:
        assert answer(rows[0], own, "editor", verb=verb).status_code in {refusal, 405}, verb
