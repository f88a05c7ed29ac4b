"""Stores of their own for every test, and a case with its people and evidence."""

from pathlib import Path

import pytest

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
