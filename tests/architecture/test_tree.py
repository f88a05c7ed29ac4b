"""What must never be in the tree: machine paths, unfinished work, code that waits by the clock."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"tests/architecture/test_tree.py"}
UNWANTED = {
    "a path of one machine": r"/(work|farm|root)/[a-z.]",
    "unfinished work": r"\b(TODO|FIXME|XXX|NotImplementedError)\b",
    "a test that does not run": r"pytest\.mark\.(skip|xfail)\b",
    "waiting by the clock in a test": r"\btime\.sleep\(",
}


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept = {".py", ".html", ".md", ".js", ".css", ".toml", ".yaml", ".sql", ""}
    return [
        ROOT / name
        for name in listing.splitlines()
        if name not in SKIPPED and not name.startswith("static/vendor/") and Path(name).suffix in kept
    ]


@pytest.mark.parametrize("what", sorted(UNWANTED))
def test_tree_has_nothing_of(what):
    pattern = re.compile(UNWANTED[what])
    hits = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked_files()
        if path.is_file() and not (what.startswith("waiting") and not path.is_relative_to(ROOT / "tests"))
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert hits == []


def test_every_requirement_is_pinned_with_its_reason():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert wanted
    assert [line for line in wanted if not re.fullmatch(r"[\w\-\[\],.]+==[\w.]+\s+# .{8,}", line)] == []
