"""People in each role of one case, and clients that speak for them."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from audit.sequencer import Sequencer
from cases.actions.tokens import create_token
from cases.enums import TokenScope
from tests.factories.cases import make_case
from tests.factories.users import make_user

ROLES = ("investigator", "editor", "publisher", "auditor", "viewer")


@pytest.fixture
def people(db):
    """Username -> person, one per role, and a stranger."""
    return {name: make_user(name) for name in (*ROLES, "stranger")}


@pytest.fixture
def case(people):
    return make_case(ref="NC-2024", **{role: people[role] for role in ROLES})


@pytest.fixture
def sign_in():
    """A browser of a person."""

    def browser(user) -> Client:
        client = Client()
        client.force_login(user)
        # The first request writes the session: what is counted afterwards is the page alone.
        client.get("/healthz")
        return client

    return browser


@pytest.fixture
def api():
    """A program of a person, with a token of all scopes unless said otherwise."""

    def program(user, *scopes: str) -> APIClient:
        client = APIClient()
        if user is not None:
            _, secret = create_token(actor=user, name="tests", scopes=scopes or TokenScope.values)
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return program


@pytest.fixture
def sealed(transactional_db, settings, tmp_path) -> Callable[[], None]:
    """Put all events under a signed checkpoint, with a key of this test's own."""
    settings.DATA_DIR = tmp_path

    def seal() -> None:
        sequencer = Sequencer()
        sequencer.start()
        sequencer.run_all()

    return seal
