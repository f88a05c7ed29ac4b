"""Stores of their own for every test, and a case with its people and evidence."""

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from cases.actions.tokens import create_token
from cases.enums import TokenScope
from tests.factories.claims import World, make_world


@pytest.fixture(autouse=True)
def stores(settings, tmp_path: Path) -> Path:
    """Originals and derivatives of this test alone."""
    settings.VAULT_DIR = tmp_path / "vault"
    settings.DERIVATIVES_DIR = tmp_path / "derivatives"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return tmp_path


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def api():
    """A program of a person, with a token of all scopes unless said otherwise."""

    def program(user, *scopes: str) -> APIClient:
        client = APIClient()
        client.default_format = "json"
        _, secret = create_token(actor=user, name="tests", scopes=scopes or TokenScope.values)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return program
