"""Installed versions are no older than those that mend known holes (AUDIT 4.12, G15)."""

from importlib.metadata import version

import pytest
from packaging.version import Version

FLOORS = {
    "Django": "5.2.19",  # CVE-2026-114582, CVE-2026-15307, CVE-2026-3902, CVE-2026-15920
    "Pillow": "12.3",  # CVE-2026-40192, CVE-2026-54059, CVE-2026-55379
    "django-allauth": "65.19.4",  # CVE-2026-97764
    "djangorestframework": "3.15.2",
}


@pytest.mark.parametrize("name", FLOORS)
def test_installed_version_is_not_below_its_floor(name):
    assert Version(version(name)) >= Version(FLOORS[name])
