"""The byte form of an entry: exactly RFC 8785 inside the profile, refused outside it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import MAX_DEPTH, MAX_INT, canonical, parse
from audit.exceptions import NotCanonical

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


def reference(value) -> str:
    """RFC 8785 for this profile, written from its text rather than by the json module."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
        return '"' + "".join(short.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(reference, value)) + "]"
    pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
    return "{" + ",".join(f"{reference(key)}:{reference(item)}" for key, item in pairs) + "}"


@given(VALUES)
def test_canonical_equals_rfc_8785(value):
    assert canonical(value).decode() == reference(value)


@given(VALUES)
def test_canonical_comes_back_unchanged(value):
    assert parse(canonical(value)) == value
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "a\0b",
        "\ud800",
        b"bytes",
        {1, 2},
        {"A": 1},
        {"": 1},
        {"a b": 1},
        {"ä": 1},
        {"a\n": 1},
        {1: 1},
        {"deep": [{"x": 0.5}]},
        complex(1, 2),
    ],
    ids=repr,
)
def test_canonical_refuses_what_json_writers_disagree_on(value):
    with pytest.raises(NotCanonical):
        canonical(value)


def test_canonical_refuses_endless_nesting():
    value: list = []
    for _ in range(100):
        value = [value]
    with pytest.raises(NotCanonical, match="nested"):
        canonical(value)


def test_canonical_names_the_place_of_a_bad_value():
    with pytest.raises(NotCanonical, match=r"\$\.after\[1\]\.price: float"):
        canonical({"after": [1, {"price": 2.5}]})


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1.0}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'"\\u00e9"',
        b'"\\/"',
        b"[1,]",
        b"\xff",
        b"",
        b"null\n",
        b"1" * 5000,
        b"[" * 100_000,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_parse_refuses_bytes_that_are_not_canonical(data):
    with pytest.raises(NotCanonical):
        parse(data)


def refusal_of(value: object) -> str:
    with pytest.raises(NotCanonical) as refusal:
        canonical(value)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": [{"b": "x\0"}]}, "$.a[0].b: text holds a NUL character"),
        (["x", "\ud800"], "$[1]: text holds a lone surrogate"),
        ({"a": {"B": 1}}, "$.a: the key 'B' does not match"),
        ({"a": {1: "x"}}, "$.a: the key 1 does not match"),
        ({"a": 2**53}, "$.a: a whole number beyond 2^53-1"),
        ((0.5,), "$[0]: float is not allowed"),
        (b"x", "$: bytes is not allowed"),
    ],
)
def test_refusal_names_where_the_value_stands(value, where):
    assert refusal_of(value).startswith(where)


@pytest.mark.parametrize("leaf", ["text", None, True, 7, [], {}])
def test_depth_is_counted_for_values_of_every_kind(leaf):
    """The kinds that need no other look are counted too."""
    deepest = leaf
    for _ in range(MAX_DEPTH):
        deepest = [deepest]
    assert canonical(deepest)
    assert "nested deeper than 64 levels" in refusal_of([deepest])
    assert "nested deeper than 64 levels" in refusal_of({"a": deepest})


def test_value_that_holds_itself_is_refused():
    endless: list = []
    endless.append(endless)
    assert "nested deeper" in refusal_of(endless)
