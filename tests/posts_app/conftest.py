"""A store of its own for every test, and a case with one person per role."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from cases.enums import Role
from tests.factories.cases import make_case
from tests.factories.posts import table
from tests.factories.users import make_user


@pytest.fixture(autouse=True)
def stores(settings, tmp_path: Path) -> Path:
    settings.VAULT_DIR = tmp_path / "store" / "vault"
    settings.DERIVATIVES_DIR = tmp_path / "store" / "derivatives"
    settings.UPLOADS_DIR = tmp_path / "store" / "uploads"
    settings.MEDIA_INDEX_DIR = tmp_path / "store" / "media-index"
    return tmp_path / "store"


@pytest.fixture
def room(db) -> SimpleNamespace:
    """A case and its people; `room.case`, `room.investigator` ... and `room.stranger`, who is not in it."""
    people = {role: make_user(role, can_create_cases=True) for role in Role.values}
    others = {role: user for role, user in people.items() if role != Role.EDITOR}
    case = make_case(ref="NC-2024", lead=people[Role.EDITOR], **others)
    return SimpleNamespace(case=case, stranger=make_user("stranger", can_create_cases=True), **people)


@pytest.fixture
def campaign(tmp_path) -> Path:
    return table(tmp_path / "campaign.csv")
