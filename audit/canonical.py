"""The one byte form of an entry: RFC 8785 (JCS), restricted until Python's json writes it exactly."""

import json
import re

from audit.exceptions import NotCanonical

MAX_INT = 2**53 - 1
MAX_DEPTH = 64
KEY = re.compile(r"[a-z][a-z0-9_]*")


def canonical(value: object) -> bytes:
    """Return the canonical UTF-8 bytes of null, bool, int, string, list and map; raise NotCanonical for the rest.

    Within this profile the result equals RFC 8785 byte for byte: keys are ASCII, so that sorting by code point
    and by UTF-16 unit agree, and there are no floats, on whose text the two differ.
    """
    _check(value, "$", 0)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


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


def _check(value: object, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonical(f"{path}: nested deeper than {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        _check_int(value, path)
    elif isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            _check(item, f"{path}[{position}]", depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_key(key, path)
            _check(item, f"{path}.{key}", depth + 1)
    else:
        raise NotCanonical(f"{path}: {type(value).__name__} is not allowed; use text, a whole number, a list or a map")


def _check_int(value: int, path: str) -> None:
    if abs(value) > MAX_INT:
        raise NotCanonical(f"{path}: a whole number beyond 2^53-1 must be written as text")


def _check_text(value: str, path: str) -> None:
    if "\0" in value:
        raise NotCanonical(f"{path}: text holds a NUL character")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical(f"{path}: text holds a lone surrogate") from error


def _check_key(key: object, path: str) -> None:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise NotCanonical(f"{path}: the key {key!r} does not match {KEY.pattern}")
