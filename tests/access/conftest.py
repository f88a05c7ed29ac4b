"""People in each role of one case, and clients that speak for them."""

from collections.abc import Callable

import pytest
from django.test import Client

from audit.sequencer import Sequencer
from tests.factories.cases import make_case
from tests.factories.programs import make_program
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
    """`api(user, *scopes)`: a program of a person."""
    return make_program


@pytest.fixture
def sealed(transactional_db, settings, tmp_path) -> Callable[[], None]:
    """Put all events under a signed checkpoint, with a key of this test's own."""
    settings.DATA_DIR = tmp_path

    def seal() -> None:
        sequencer = Sequencer()
        sequencer.start()
        sequencer.run_all()

    return seal
