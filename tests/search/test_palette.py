"""What the palette offers while one types: cases, entries and beginnings; of one's own cases, without a trace."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence.models import CustodyEvent
from search.actions.indexing import keep_up
from tests.factories.cases import make_case
from tests.factories.users import make_user

pytestmark = pytest.mark.xdist_group("palette")


@pytest.fixture
def type_in(told):
    client = Client()
    client.force_login(told.author)
    return lambda query: client.get("/search/palette/", {"q": query}).text


@pytest.mark.parametrize("query", ["Esmira Khalil", "esmir", "Эсмира Халил", "@esmirakhahil", "esmira xalill"])
def test_person_is_offered_in_any_spelling_and_before_the_word_is_whole(type_in, query):
    part = type_in(query)
    assert "<bdi>Esmira Xalil</bdi>" in part
    assert 'role="option"' in part


def test_people_stand_before_the_claims_about_them(type_in):
    """Half a name is a beginning of words, which titles of claims have as well."""
    offered = re.findall(r'palette-kind">(\w+) · ', type_in("xali"))
    assert {"Person", "Claim"} <= set(offered)
    named = [kind in ("Person", "Account", "Organisation") for kind in offered]
    assert named == sorted(named, reverse=True)


def test_case_is_offered_by_reference_and_title(told, type_in):
    for query in (told.case.ref.lower(), told.case.title[:6]):
        assert f'href="/cases/{told.case.ref}/"' in type_in(query)


def test_last_option_searches_everything(type_in):
    assert 'href="/search/?q=a%20%26%20b"' in type_in("a & b")


@pytest.mark.parametrize("query", ["", "   ", '"', "type:", "(" * 40, "a*", "<script>", "x" * 5000, "a\0b"])
def test_anything_that_is_typed_is_answered(type_in, query):
    part = type_in(query)
    assert "<script>" not in part
    assert bool(part.strip()) == bool(query.strip())


def test_foreign_case_is_not_offered(told):
    """A04."""
    make_case(ref="HIDDEN-1", title="Qırxpoladzadə", lead=make_user("other-lead"))
    keep_up()
    client = Client()
    client.force_login(told.author)
    for query in ("hidden", "Qırxpoladzadə"):
        assert "HIDDEN-1" not in client.get("/search/palette/", {"q": query}).text


def test_passages_are_no_places_and_no_look_is_put_on_record(type_in):
    before = CustodyEvent.objects.count()
    assert "Evidence text" not in type_in("directory names")
    assert CustodyEvent.objects.count() == before


def test_number_of_statements_does_not_grow_with_what_is_found(type_in):
    numbers = []
    for query in ("Esmira Xalil", "esmirak"):
        type_in(query)
        with CaptureQueriesContext(connection) as asked:
            type_in(query)
        numbers.append(len(asked))
    assert max(numbers) <= 60
