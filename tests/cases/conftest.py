"""One case with a person in each role that matters to subjects."""

import pytest
from rest_framework.test import APIClient

from cases.actions.tokens import create_token
from cases.enums import TokenScope
from evidence.actions.items import log_text
from evidence.details import Details
from evidence.models import Item
from tests.factories.cases import make_case
from tests.factories.users import make_user


@pytest.fixture
def investigator(db):
    return make_user("nora")


@pytest.fixture
def viewer(db):
    return make_user("vera")


@pytest.fixture
def stranger(db):
    return make_user("stan")


@pytest.fixture
def case(investigator, viewer):
    return make_case(ref="NC-2024", investigator=investigator, viewer=viewer)


@pytest.fixture
def other_case(investigator):
    """A second case of the same investigator."""
    return make_case(ref="OTHER-1", investigator=investigator)


@pytest.fixture
def program(db):
    """A program of a person, with a token of all scopes unless said otherwise."""

    def of(user, *scopes) -> APIClient:
        client = APIClient()
        _, secret = create_token(actor=user, name="tests", scopes=scopes or TokenScope.values)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return of


def make_exhibit(case) -> Item:
    """An exhibit of the case, logged by its lead."""
    return log_text(actor=case.lead, case=case, text="@somebody", details=Details(title="A profile as captured"))
