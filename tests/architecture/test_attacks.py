"""docs/attacks.md names every attack and fault once, tests that exist, and counts what is open truly."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = [f"A{number:02}" for number in range(1, 88)] + [f"F{number:02}" for number in range(1, 31)]
ROW = re.compile(r"\| ([AF]\d\d) \| ([^|]{8,90}) \| ([^|]+) \|")
NO_TEST = "no test yet"
LATER = {"later: capture"}


def lines() -> list[str]:
    return (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8").splitlines()


def rows() -> dict[str, list[str]]:
    """What holds each number: names of tests, or words for why there are none."""
    found = [ROW.fullmatch(line) for line in lines() if line.startswith("| ") and not line.startswith("| |")]
    assert None not in found
    return {match[1]: match[3].split(", ") for match in found if match}


@cache
def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_each_number_is_listed_once_in_order():
    assert [line[2:5] for line in lines() if re.match(r"\| [AF]\d", line)] == NUMBERS
    assert list(rows()) == NUMBERS


def test_each_named_test_exists():
    named = [name.strip("`") for held in rows().values() for name in held if name.startswith("`")]
    assert named
    assert [name for name in named if name.partition("::")[2] not in names_in(name.partition("::")[0])] == []


def test_what_has_no_test_says_so_in_words_that_are_known():
    for number, held in rows().items():
        words = [name for name in held if not name.startswith("`")]
        assert set(words) <= LATER | {NO_TEST}, number
        assert NO_TEST not in words or held == [NO_TEST], number


def test_first_line_counts_what_is_open():
    held = list(rows().values())
    waiting = sum(set(names) <= LATER for names in held)
    missing = sum(names == [NO_TEST] for names in held)
    assert lines()[0] == (
        f"{len(held)} lines: {len(held) - waiting - missing} held by tests, {waiting} wait for later work, "
        f"{missing} without a test yet."
    )
