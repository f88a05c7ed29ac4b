"""From draft to approval."""

from claims.enums import VersionState
from tests.factories.claims import make_approved, make_published


def test_version_becomes_approved(world):
    assert make_approved(world).state == VersionState.APPROVED


def test_version_becomes_published(world):
    assert make_published(world).state == VersionState.PUBLISHED
