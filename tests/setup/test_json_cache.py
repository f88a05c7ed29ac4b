"""The shared cache: counters that hold, entries that end, and nothing in it that could run (A70)."""

import base64
import pickle
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.json_cache import JsonTableCache
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def plant(key: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_cache VALUES (%s, %s, %s)",
            [cache.make_key(key), value, timezone.now() + timedelta(hours=1)],
        )


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_cache")
        return cursor.fetchone()[0]


def age(key: str) -> None:
    """Let an entry have ended a minute ago."""
    with connection.cursor() as cursor:
        past = timezone.now() - timedelta(minutes=1)
        cursor.execute("UPDATE cases_cache SET expires = %s WHERE cache_key = %s", [past, cache.make_key(key)])


def test_pickle_that_was_planted_is_never_loaded(tmp_path):
    """A70: the row is what Django's own backend would have stored, and unpickles into a file."""
    trace = tmp_path / "ran"
    bomb = pickle.dumps(Bomb(trace))
    plant("x", base64.b64encode(bomb).decode())
    assert cache.get("x") is None
    assert cache.get_many(["x"]) == {}
    assert "x" not in cache
    assert cache.get_or_set("x", 1) == 1
    assert not trace.exists()
    pickle.loads(bomb)
    assert trace.exists()


def test_pickle_in_place_of_a_session_signs_nobody_in(tmp_path):
    """A70: sessions are signed JSON, whoever wrote the row."""
    trace, client, user = tmp_path / "ran", Client(), make_user("someone")
    client.force_login(user)
    session = base64.b64encode(pickle.dumps(Bomb(trace))).decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_session SET session_data = %s", [session])
        assert cursor.rowcount == 1
    assert client.get("/cases/").status_code == 302
    assert not trace.exists()


def test_application_uses_this_cache():
    assert isinstance(cache._connections[cache._alias], JsonTableCache)


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), float("nan")])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        cache.set("x", value)
    assert rows() == 0


@given(value=JSON)
@settings(max_examples=25)
def test_value_comes_back_as_it_went_in(value):
    cache.set("same", value)
    assert cache.get("same", "missing") == value


def test_entry_is_added_once_until_it_ends():
    assert cache.add("code", "y", timeout=30)
    assert not cache.add("code", "z", timeout=30)
    assert cache.get("code") == "y"
    age("code")
    assert cache.get("code") is None
    assert cache.add("code", "z", timeout=30)
    assert cache.get("code") == "z"


def test_ended_entries_are_touched_and_deleted_by_nobody():
    cache.set("x", 1)
    age("x")
    assert not cache.touch("x")
    assert not cache.delete("x")
    cache.set("x", 1, timeout=5)
    assert cache.touch("x", timeout=None)
    assert cache.delete("x")
    assert cache.get("x", "gone") == "gone"


@pytest.mark.parametrize(("timeout", "found"), [(0, None), (-1, None), (None, 1), (60, 1)])
def test_timeout_says_how_long_an_entry_lives(timeout, found):
    cache.set("x", 1, timeout=timeout)
    assert cache.get("x") == found


def test_flood_of_entries_throws_no_counter_away():
    """Django's own cache would keep 300; then wrong codes could be tried anew."""
    cache.set("wrong-codes", [3.0, 2.0, 1.0], timeout=300)
    for number in range(350):
        cache.set(f"flood-{number}", 1, timeout=300)
    assert cache.get("wrong-codes") == [3.0, 2.0, 1.0]
    assert rows() == 351


def test_writers_clean_up_behind_those_before():
    for number in range(25):
        cache.set(f"old-{number}", 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_cache SET expires = now() - interval '1 minute'")
    cache.set("a", 1)
    cache.set("b", 1)
    assert rows() == 2
    cache.clear()
    assert rows() == 0


def test_counter_counts():
    cache.set("n", 1)
    assert cache.incr("n", 4) == 5
    with pytest.raises(ValueError, match="not found"):
        cache.incr("unknown")


@pytest.mark.django_db(transaction=True)
def test_of_two_that_add_at_once_one_wins(web_connection):
    """The second waits for the first to commit, and is then told that the key is taken."""
    web_connection.execute("BEGIN")
    web_connection.execute(
        "INSERT INTO cases_cache VALUES (%s, '\"first\"', now() + interval '1 hour')", [cache.make_key("code")]
    )
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    with pytest.raises(Exception, match="lock timeout") as waited:
        cache.add("code", "second", timeout=60)
    assert isinstance(waited.value.__cause__, psycopg.errors.LockNotAvailable)
    web_connection.execute("COMMIT")
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
    assert not cache.add("code", "second", timeout=60)
    assert cache.get("code") == "first"
