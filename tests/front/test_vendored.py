"""What is served of other people's code is exactly what was written down."""

import hashlib
import json
import re
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


def test_fonts_of_a_latin_page_weigh_less_than_150_kB():
    faces = list((ROOT / "static/vendor").glob("*-latin-wght-*.woff2"))
    assert len(faces) == 3
    assert sum(face.stat().st_size for face in faces) < 150_000


@pytest.mark.parametrize("name", ["source-sans-3", "source-serif-4"])
def test_font_sheet_swaps_and_loads_only_what_is_beside_it(name):
    sheet = (ROOT / f"static/vendor/{name}.css").read_text()
    rules = sheet.split("@font-face")[1:]
    assert all("font-display: swap" in rule and "unicode-range: U+" in rule for rule in rules)
    files = re.findall(r"url\(([^)]+)\)", sheet)
    assert {f"static/vendor/{file}" for file in files} == {
        path for path in LISTED if name in path and path.endswith("woff2")
    }
    assert "SIL Open Font License" in (ROOT / f"static/vendor/LICENSE.{name}.txt").read_text()
