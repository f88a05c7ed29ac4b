"""What must never be in the tree: machine paths, unfinished work, code that waits by the clock."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

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


# Modules that rebuild objects from bytes, and with them run whatever the bytes ask for.
RUN_WHAT_THEY_READ = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}


def names_imported(tree: ast.AST) -> set[str]:
    """The first part of every module that a file imports."""
    direct = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return {name.partition(".")[0] for name in direct} | {
        (node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }


def loads_unsafely(call: ast.Call) -> bool:
    """`np.load` without `allow_pickle=False`, and YAML by anything but `safe_load`."""
    called = ast.unparse(call.func)
    if called in {"np.load", "numpy.load"}:
        return "allow_pickle=False" not in {ast.unparse(keyword) for keyword in call.keywords}
    return re.fullmatch(r"(ruamel\.)?yaml\.(unsafe_|full_)?load(_all)?", called) is not None


def test_nothing_is_read_back_that_could_run():
    """A70: neither the product's code nor its settings name a reader of objects."""
    product = [path for path in tracked_files() if path.suffix == ".py" and not path.is_relative_to(ROOT / "tests")]
    assert len(product) > 100
    for path, text in ((path, path.read_text(encoding="utf-8")) for path in product):
        # Parsing is what takes time; a file without any of the words has nothing to find.
        if not any(word in text for word in (*RUN_WHAT_THEY_READ, ".load(", "yaml")):
            continue
        tree = ast.parse(text)
        assert not names_imported(tree) & RUN_WHAT_THEY_READ, path
        assert not [call for call in ast.walk(tree) if isinstance(call, ast.Call) and loads_unsafely(call)], path
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


@pytest.mark.parametrize(
    "code", ["np.load(f)", "np.load(f, allow_pickle=True)", "yaml.load(f)", "yaml.unsafe_load(f)", "yaml.load_all(f)"]
)
def test_reader_of_objects_is_noticed(code):
    assert loads_unsafely(ast.parse(code, mode="eval").body)
