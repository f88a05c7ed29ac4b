"""The page of results and the API: what they show, escape, refuse, and how often they ask the database."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search.keeping import keep_up_for_ever
from search.models import Document
from tests.factories.cases import make_case
from tests.waiting import wait_until

pytestmark = pytest.mark.xdist_group("search pages")


@pytest.fixture
def client_of(told) -> Client:
    client = Client()
    client.force_login(told.author)
    return client


def test_page_shows_hits_with_marks_facets_and_the_reason_of_a_name(told, client_of):
    page = client_of.get("/search/", {"q": "Esmira Khalil"}).content.decode()
    assert "Fits as <bdi>Esmira Xalil</bdi>: " in page
    assert "<mark>Esmira</mark>" in page
    assert "?q=Esmira+Khalil&amp;type=person" in page
    narrowed = client_of.get("/search/", {"q": "Esmira Khalil", "type": "person"}).content.decode()
    assert "1 found" in narrowed


def test_page_escapes_what_it_shows_and_what_was_asked(client_of):
    for query in ("alert type:text", "<script>alert(1)</script>"):
        page = client_of.get("/search/", {"q": query}).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;<mark>alert</mark>(1)" in client_of.get("/search/", {"q": "alert type:text"}).content.decode()


def test_page_without_a_query_says_how_to_ask(client_of):
    page = client_of.get("/search/").content.decode()
    assert "How to ask" in page
    assert "found</h2>" not in page


@pytest.mark.parametrize("address", ["/search/", "/api/v1/search/"])
def test_refusal_is_a_sentence_with_status_400(client_of, address):
    answer = client_of.get(address, {"q": "a*"})
    assert answer.status_code == 400
    assert "at least 3 letters" in answer.content.decode()


def test_api_gives_pieces_places_and_facets(told, client_of):
    answer = client_of.get("/api/v1/search/", {"q": "directory", "type": "text", "page_size": "1"}).json()
    hit = answer["results"][0]
    assert (answer["total"], answer["close"], answer["next"]) == (1, False, "")
    assert (hit["type"], hit["case"], hit["place"]["exhibit"]) == ("text", told.case.ref, 4)
    assert {"text": "directory", "marked": True} in hit["snippet"]
    assert {"name": "type", "filter": "type", "values": [{"value": "text", "label": "Evidence text", "number": 1}]} in [
        *answer["facets"]
    ]


def test_api_refuses_parameters_it_does_not_know(client_of):
    assert client_of.get("/api/v1/search/", {"q": "x", "case__title": "y"}).status_code == 400


def test_number_of_statements_does_not_grow_with_the_hits(told, client_of):
    numbers = []
    for query in ("exact:absurd type:text", "type:text", "esmira"):
        client_of.get("/search/", {"q": query})
        with CaptureQueriesContext(connection) as asked:
            client_of.get("/search/", {"q": query})
        numbers.append(len(asked))
    # One a kind of hit, and those of looking for a name.
    assert numbers[0] == numbers[1]
    assert numbers[2] <= numbers[1] + 12


@pytest.mark.django_db(transaction=True)
def test_worker_reads_a_change_as_soon_as_it_is_committed(stores, settings):
    async def change_and_wait() -> None:
        keeper = asyncio.create_task(keep_up_for_ever())
        await asyncio.to_thread(made_and_found)
        keeper.cancel()
        with pytest.raises(asyncio.CancelledError):
            await keeper

    def made_and_found() -> None:
        try:
            case = make_case(title="Heard at once")
            wait_until(lambda: Document.objects.filter(object_id=case.pk).exists())
        finally:
            connection.close()

    settings.SEARCH_ENGINE = "postgres"
    # In a thread of its own: a browser test of this process may have left its event loop in this one.
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(lambda: asyncio.run(change_and_wait())).result()
