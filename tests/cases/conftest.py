"""One case with a person in each role that matters to subjects."""

import pytest

from evidence.actions.items import log_text
from evidence.details import Details
from evidence.models import Item
from tests.factories.cases import make_case
from tests.factories.programs import make_program
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
    """`program(user, *scopes)`: a program of a person."""
    return make_program


def make_exhibit(case) -> Item:
    """An exhibit of the case, logged by its lead."""
    return log_text(actor=case.lead, case=case, text="@somebody", details=Details(title="A profile as captured"))
