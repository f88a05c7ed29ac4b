"""Reads single values of a record: ids that are still exact, counts, lists, yes and no."""

import ast
import json
import math
import re
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser

from posts.formats.refusals import Refused

MAX_ID = 200
MAX_COUNT = 2**63 - 1
_EXACT_FLOAT = 2**53
_ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
# What nearly every such list is: it need not be parsed as a language.
_PLAIN_LIST = re.compile(r"\['[^'\\]*'(?:, '[^'\\]*')*\]")
_ITEM = re.compile(r"'([^'\\]*)'")
_NOTHING = frozenset({"", "nan", "NaN", "None", "null", "NULL", "<NA>", "NA"})
_TRUE = frozenset({"1", "true", "t", "yes", "y"})
_FALSE = frozenset({"0", "false", "f", "no", "n"})


def text(value: object) -> str:
    """Return a text as it is; nothing for what is no text."""
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, dict | list | bool) else str(value)


def identifier(value: object, name: str) -> str:
    """Return an id as text, "" for none; raises Refused for one that a spreadsheet or a float has rounded."""
    if type(value) is str:
        if not value or (value.isdigit() and len(value) <= MAX_ID):
            return value
    elif isinstance(value, float):
        return _float_identifier(value, name)
    elif value is None or isinstance(value, bool | dict | list):
        return ""
    found = str(value).strip()
    if found in _NOTHING:
        return ""
    if _ROUNDED.fullmatch(found):
        raise Refused("id_rounded", f"{name} is {found:.40}: a spreadsheet rounded it, and the id is lost")
    if whole := _WHOLE_FLOAT.fullmatch(found):
        return _float_identifier(float(whole[1]), name, whole[1])
    if len(found) > MAX_ID or any(ord(c) < 32 for c in found):
        raise Refused("id_unusable", f"{name} has {len(found)} characters or control characters: no platform's id")
    return found


def _float_identifier(value: float, name: str, digits: str = "") -> str:
    if math.isnan(value):
        return ""
    if math.isinf(value) or value != int(value) or abs(value) >= _EXACT_FLOAT:
        raise Refused(
            "id_rounded", f"{name} is {digits or value}: it went through a rounded number, and the id is lost"
        )
    return str(int(value))


def count(value: object) -> int | None:
    """Return a number of likes and the like; None for what is none, negative, or too large to be one."""
    if type(value) is int:
        return value if 0 <= value <= MAX_COUNT else None
    if isinstance(value, str):
        if value.isdecimal() and len(value) < 19:
            return int(value)
        if not value:
            return None
        found = value.strip()
        if not found.isdecimal():
            found = found.replace(",", "").replace("\u00a0", "")
            whole = _WHOLE_FLOAT.fullmatch(found)
            found = whole[1] if whole else found
        return count(int(found)) if found.isdecimal() and len(found) <= 19 else None
    if isinstance(value, float) and value.is_integer():
        return count(int(value))
    return None


def metrics(pairs: Iterable[tuple[str, object]]) -> dict[str, int]:
    """Return the counts that are there, under their names."""
    found = {}
    for name, value in pairs:
        number = count(value)
        if number is not None:
            found[name] = number
    return found


def flag(value: object) -> bool | None:
    """Return yes or no, None for neither."""
    if isinstance(value, bool) or value is None:
        return value
    word = str(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def parts(value: str, separator: str) -> list[str]:
    """Return what a cell joins by a separator, without the empty ones."""
    return [part.strip() for part in value.split(separator) if part.strip()] if value else []


def bracketed(value: str) -> list[str]:
    """Return a list written as JSON, as Python (`['a', 'b']`) or bare (`[a, b]`), as its items' texts."""
    if value in {"", "[]"}:
        return []
    found = value.strip()
    if len(found) < 3 or found[0] != "[" or found[-1] != "]":
        return parts(found.strip("[]"), ",")
    if _PLAIN_LIST.fullmatch(found):
        return [item for item in _ITEM.findall(found) if item]
    for read in (json.loads, ast.literal_eval):
        try:
            items = read(found)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return [text(item) for item in items if text(item)] if isinstance(items, list) else []
    return [part.strip("'\" ") for part in found[1:-1].split(",") if part.strip("'\" ")]


def json_list(value: object) -> list[dict]:
    """Return the objects of a JSON list, given as one or as a cell's text; nothing when it is none."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.startswith("[") else []
        except (ValueError, RecursionError):
            return []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def dig(value: object, *path: str) -> object:
    """Return what is at `path` in nested objects, None where any step is missing or no object."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def digs(value: object, *path: str) -> str:
    """Return the text at `path`, "" where none is."""
    return text(dig(value, *path))


def objects(value: object, *path: str) -> list[dict]:
    """Return the objects of the list at `path`, whatever else stands there."""
    return json_list(dig(value, *path) if path else value)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "br" or (tag == "p" and self.words):
            self.words.append("\n" if tag == "br" else "\n\n")


def html_text(value: str) -> str:
    """Return the text of a post that is written in HTML, with its line breaks."""
    if "<" not in value:
        return unescape(value)
    reader = _Words()
    reader.feed(value)
    reader.close()
    return "".join(reader.words).strip()
