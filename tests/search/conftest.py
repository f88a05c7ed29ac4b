"""Worlds in which something can be found."""

import pytest
from django.conf import settings as django_settings

from cases.models import User
from search.actions.indexing import keep_up
from search.actions.searching import Found, search


@pytest.fixture(autouse=True)
def stores(settings, tmp_path):
    """Originals and the index of a test lie in its own folder."""
    settings.VAULT_DIR, settings.DERIVATIVES_DIR = tmp_path / "vault", tmp_path / "derivatives"
    settings.SEARCH_INDEX_DIR = tmp_path / "search-index"


@pytest.fixture(params=["whoosh", "postgres"])
def engine(request, settings) -> str:
    """Each engine in turn."""
    settings.SEARCH_ENGINE = request.param
    return request.param


def found(actor: User, query: str, **asked) -> Found:
    """What `actor` finds, once everything was read; fails when not the chosen engine answered."""
    keep_up()
    result = search(actor=actor, query=query, **asked)
    assert result.engine == django_settings.SEARCH_ENGINE
    return result


def titles(result: Found) -> list[str]:
    return [hit.title.text for hit in result.hits]
