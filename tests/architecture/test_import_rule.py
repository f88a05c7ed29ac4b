"""The house's one import rule (DESIGN 2) and the rooms that libraries stay in, read from the syntax tree."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["audit", "cases", "evidence", "posts", "claims", "search", "caseapp"]
ROOMS = dict.fromkeys(("PIL", "imagehash", "cv2", "av", "c2pa"), "evidence") | {"whoosh": "search"}
FORBIDDEN_NAMES = {"core", "common", "utils", "helpers", "signals"}


@cache
def modules() -> list[tuple[str, Path, ast.Module]]:
    files = [(package, path) for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]
    return [(package, path, ast.parse(path.read_text(encoding="utf-8"))) for package, path in files]


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def test_package_imports_only_packages_to_its_left():
    wrong = [
        f"{where(path, node)} imports {name}"
        for package, path, tree in modules()
        for node in ast.walk(tree)
        for name in imported_names(node)
        if name.split(".")[0] in ORDER and ORDER.index(name.split(".")[0]) > ORDER.index(package)
    ]
    assert wrong == []


def test_no_relative_import_crosses_the_rule_unseen():
    wrong = [
        where(path, node)
        for _, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []


def test_no_import_inside_a_function():
    wrong = [
        where(path, inner)
        for _, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


@pytest.mark.parametrize(("library", "room"), sorted(ROOMS.items()))
def test_library_stays_in_its_room(library, room):
    wrong = [
        where(path, node)
        for package, path, tree in modules()
        for node in ast.walk(tree)
        if package != room and any(name.split(".")[0] == library for name in imported_names(node))
    ]
    assert wrong == []


def test_no_signal_receivers_and_no_generic_foreign_keys():
    wrong = [
        where(path, node)
        for _, path, tree in modules()
        for node in ast.walk(tree)
        for name in imported_names(node)
        if name in {"django.db.models.signals", "django.contrib.contenttypes.fields", "django.core.signals"}
        or (isinstance(node, ast.ImportFrom) and node.module == "django.dispatch")
    ]
    assert wrong == []


def test_nothing_catches_everything():
    wrong = [
        where(path, node)
        for _, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert wrong == []


def test_no_module_has_a_name_that_says_nothing():
    wrong = [str(path.relative_to(ROOT)) for _, path, _ in modules() if path.stem in FORBIDDEN_NAMES]
    assert wrong == []


def test_modules_and_functions_stay_small():
    """At most 400 lines a module and 60 a function (migrations apart)."""
    long_modules = [
        f"{path.relative_to(ROOT)}: {len(path.read_text(encoding='utf-8').splitlines())}"
        for _, path, _ in modules()
        if "migrations" not in path.parts and len(path.read_text(encoding="utf-8").splitlines()) > 400
    ]
    long_functions = [
        f"{where(path, node)} {node.name}"
        for _, path, tree in modules()
        if "migrations" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 60
    ]
    assert (long_modules, long_functions) == ([], [])
