"""The one byte form of an entry: RFC 8785 (JCS), restricted until Python's json writes it exactly."""

import json
import re
from functools import lru_cache

from audit.exceptions import NotCanonical

MAX_INT = 2**53 - 1
MAX_DEPTH = 64
KEY = re.compile(r"[a-z][a-z0-9_]*")
# Made once: json.dumps would make one for each value. What is circular is refused for its depth before.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)
# Where a value stands: its parent's path and its own step, joined only for the sentence of a refusal.
_Path = tuple["_Path", str | int] | None


def canonical(value: object) -> bytes:
    """Return the canonical UTF-8 bytes of null, bool, int, string, list and map; raise NotCanonical for the rest.

    Within this profile the result equals RFC 8785 byte for byte: keys are ASCII, so that sorting by code point
    and by UTF-16 unit agree, and there are no floats, on whose text the two differ.
    """
    _check(value, None, 0)
    return _ENCODER.encode(value).encode()


def is_plain(value: object) -> bool:
    """Whether a value is one of those that need no further look: null, true, false, ASCII text without NUL."""
    if type(value) is str:
        return value.isascii() and "\0" not in value
    return value is None or value is True or value is False


def parse(data: bytes) -> object:
    """Return the value that `data` holds; raise NotCanonical unless `data` is its canonical form."""
    try:
        value = json.loads(data.decode("utf-8"), parse_float=_refuse_number, parse_constant=_refuse_number)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not canonical JSON: {error}") from error
    if canonical(value) != data:
        raise NotCanonical("the bytes are not the canonical form of the value they hold")
    return value


def _refuse_number(text: str) -> object:
    raise ValueError(f"the number {text[:40]} is not an integer")


def _check(value: object, path: _Path, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonical(f"{_shown(path)}: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, dict):
        _check_map(value, path, depth)
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            if depth == MAX_DEPTH or not is_plain(item):
                _check(item, (path, position), depth + 1)
    elif isinstance(value, int):
        _check_int(value, path)
    elif value is not None:
        kind = type(value).__name__
        raise NotCanonical(f"{_shown(path)}: {kind} is not allowed; use text, a whole number, a list or a map")


def _check_map(value: dict, path: _Path, depth: int) -> None:
    for key, item in value.items():
        if type(key) is not str or not _is_key(key):
            _check_key(key, path)
        if depth == MAX_DEPTH or not is_plain(item):
            _check(item, (path, key), depth + 1)


def _check_int(value: int, path: _Path) -> None:
    if abs(value) > MAX_INT:
        raise NotCanonical(f"{_shown(path)}: a whole number beyond 2^53-1 must be written as text")


def _check_text(value: str, path: _Path) -> None:
    if "\0" in value:
        raise NotCanonical(f"{_shown(path)}: text holds a NUL character")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical(f"{_shown(path)}: text holds a lone surrogate") from error


def _check_key(key: object, path: _Path) -> None:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise NotCanonical(f"{_shown(path)}: the key {key!r} does not match {KEY.pattern}")


# Keys are the names of fields: few, and always the same ones.
@lru_cache(maxsize=1024)
def _is_key(key: str) -> bool:
    return KEY.fullmatch(key) is not None


def _shown(path: _Path) -> str:
    """A path as people write it: $.after.names[2]."""
    if path is None:
        return "$"
    parent, step = path
    return f"{_shown(parent)}[{step}]" if isinstance(step, int) else f"{_shown(parent)}.{step}"
