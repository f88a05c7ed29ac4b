"""What a load balancer hears: that the database answers, or that it does not, at once (F15)."""

from collections.abc import Iterator

import psycopg_pool
import pytest
from django.db import OperationalError, connections
from django.db.utils import ConnectionHandler
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caseapp import views

# Whoever waited as long as pages may would be seen: the test would not end.
AS_LONG_AS_PAGES = 3600


@pytest.fixture
def pool(db, monkeypatch) -> Iterator[psycopg_pool.ConnectionPool]:
    """The connections of a web process that has one, and its address of health."""
    alias = connections["default"].settings_dict
    taken = {"min_size": 1, "max_size": 1, "timeout": AS_LONG_AS_PAGES}
    pooled = alias | {"CONN_MAX_AGE": 0, "OPTIONS": alias["OPTIONS"] | {"pool": taken}}
    connection = ConnectionHandler({"default": pooled})["default"]
    monkeypatch.setattr(views, "connection", connection)
    connection.pool.open()
    yield connection.pool
    connection.close_pool()


def test_health_is_told_by_a_connection_that_is_given_back(pool):
    answers = [Client().get("/healthz") for _ in range(3)]
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "ok\n")] * 3
    assert pool.get_stats()["pool_available"] == 1


def test_health_does_not_wait_for_a_connection_that_others_hold(pool):
    with pool.connection():
        answer = Client().get("/healthz")
        assert (answer.status_code, answer.text) == (503, "unavailable\n")
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_health_opens_no_transaction():
    """Opening one would wait for a connection before the view could say that there is none."""
    with CaptureQueriesContext(connections["default"]) as asked:
        assert Client().get("/healthz").status_code == 200
    statements = [query["sql"] for query in asked.captured_queries]
    assert "SELECT 1" in statements
    assert not [statement for statement in statements if statement.startswith(("SAVEPOINT", "BEGIN"))]


@pytest.mark.django_db
def test_database_that_does_not_answer_is_503_without_a_word_of_it(monkeypatch):
    def fail() -> None:
        raise OperationalError("secret host is away")

    monkeypatch.setattr(views, "_ask_database", fail)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.text) == (503, "unavailable\n")
