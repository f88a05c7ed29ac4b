"""What is served of other people's code is exactly what was written down."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTED = json.loads((ROOT / "frontend/vendored.json").read_text())
LOCK = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"]


@pytest.mark.parametrize("path", sorted(LISTED))
def test_vendored_file_has_its_recorded_hash(path):
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == LISTED[path]["sha256"]


def test_vendored_folders_hold_nothing_that_is_not_listed():
    folders = (ROOT / "static/vendor", ROOT / "tests/front/vendor")
    found = {path.relative_to(ROOT).as_posix() for folder in folders for path in folder.iterdir()}
    assert found == set(LISTED)


@pytest.mark.parametrize("path", sorted(LISTED))
def test_vendored_version_is_the_locked_one(path):
    assert LOCK[f"node_modules/{LISTED[path]['package']}"]["version"] == LISTED[path]["version"]


def test_locked_packages_come_with_an_integrity_hash():
    assert all("integrity" in entry for name, entry in LOCK.items() if name)


@pytest.mark.parametrize("path", [path for path in sorted(LISTED) if path.startswith("static/")])
def test_vendored_file_points_to_no_source_map(path):
    assert b"sourceMappingURL=" not in (ROOT / path).read_bytes()


def test_icons_used_in_code_are_in_the_sprite():
    names = set((ROOT / "frontend/icons.txt").read_text().split())
    sprite = (ROOT / "static/vendor/icons.svg").read_text()
    assert all(f'id="{name}"' in sprite for name in names)
