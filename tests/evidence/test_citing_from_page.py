"""From the page of an exhibit to the page that cites it, and back to the wall that counts."""

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions.citations import cite
from tests.factories.claims import GAZETTE, make_draft, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def client(world) -> Client:
    browser = Client()
    browser.force_login(world.author)
    return browser


def test_exhibit_page_hands_its_selection_over_to_the_page_of_claims(world, client):
    make_draft(world, cited=False)
    page = client.get(reverse("evidence:item", args=[world.case.ref, world.gazette_text.exhibit])).content.decode()
    address = reverse("claims:cite", args=[world.case.ref, world.gazette_text.exhibit])
    assert f'action="{address}"' in page
    assert 'name="exact"' in page
    selection = {"exact": GAZETTE[:20], "prefix": "", "suffix": GAZETTE[20:40], "start": "0", "selector_type": "quote"}
    answer = client.post(address, selection)
    assert answer.status_code == 200
    assert GAZETTE[:20] in answer.content.decode()
    assert "This field is required" not in answer.content.decode()


def test_wall_counts_the_claims_that_cite_an_exhibit(world, client):
    version = make_draft(world, cited=False)
    cite(actor=world.author, version=version, item=world.gazette_text, exact="Staff list", stance="supports")
    cite(actor=world.author, version=version, item=world.gazette_text, exact="Esmira Xalil", stance="supports")
    wall = client.get(reverse("evidence:list", args=[world.case.ref])).content.decode()
    assert wall.count("cited 1 time") == 1
    assert wall.count("not cited") == 1
