"""JSON as exports hold it: a value a line, one long array, or one object around a list; read value by value.

Strict where a silent choice would change a record: NaN, numbers beyond a float, and a key given twice are refused.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from posts.formats.lines import MAX_LINE, Source, too_long
from posts.formats.refusals import Refused
from posts.records import Place

CHUNK = 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")


class Item(NamedTuple):
    """One value, the bytes it stood in and where; or why it could not be read."""

    place: Place
    raw: bytes
    value: object
    refused: Refused | None = None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits:.20} is beyond what a number can hold")
    return number


def _once(pairs: list[tuple[str, object]]) -> dict:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r:.60} is given twice")
    return result


DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_once)


def parse(text: str) -> object:
    """Return the value of `text`; raises Refused with the reason."""
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise refusal(error, text) from None


def refusal(error: Exception, text: str) -> Refused:
    """Return why `text` is no JSON, in words."""
    if isinstance(error, RecursionError):
        return Refused("too_deep", "nested too deeply")
    if text.lstrip()[:1] not in {"{", "["}:
        shown = " ".join(text.split())[:60]
        return Refused("not_json", f"not JSON but {shown!r}")
    if isinstance(error, json.JSONDecodeError):
        return Refused("not_json", f"not JSON: {error.msg} at character {error.pos + 1}")
    return Refused("bad_json", f"not strict JSON: {error}")


def json_lines(source: Source) -> Iterator[Item]:
    """Yield the value of each line that is not blank."""
    for line in source.lines():
        place = Place(line.number)
        text = line.text.strip()
        if line.refused:
            yield Item(place, line.raw, None, line.refused)
        elif text:
            try:
                yield Item(place, line.raw.rstrip(b"\r\n"), parse(text))
            except Refused as refused:
                yield Item(place, line.raw, None, refused)


def elements(text: str, key: str) -> list[str]:
    """Return the texts of the items of the list under `key` of the object that `text` is, as they stand there."""
    reader = JsonReader.of_text(text)
    for name in reader.names():
        if name == key and reader.peek() == "[":
            return [raw for _, raw, _ in reader.items()]
        reader.value()
    return []


class JsonReader:
    """Walks one JSON document of any length; a single value of more than MAX_LINE is refused.

    What is behind the place of reading is dropped, so the memory is that of the longest value.
    """

    def __init__(self, source: Source | None, text: str = ""):
        self._source = source
        self._decode = codecs.getincrementaldecoder(source.encoding)("strict").decode if source else None
        self._text = text
        self._at = 0
        self._counted = 0
        self._line = 1

    @classmethod
    def of_text(cls, text: str) -> "JsonReader":
        return cls(None, text)

    def _more(self) -> bool:
        """Read on; False at the end of the file."""
        if self._source is None or self._decode is None:
            return False
        chunk = self._source.read(max(CHUNK, len(self._text) - self._at))
        try:
            added = self._decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise Refused("encoding", f"not {error.encoding.upper()}: byte 0x{error.object[error.start]:02X}") from None
        self.line()
        self._text = self._text[self._at :] + added
        self._at = self._counted = 0
        return bool(chunk)

    def line(self) -> int:
        """Return the line of the place of reading."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """Return the next character that is no space, "" at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> str:
        """Step over the next character, which has to be one of `wanted`."""
        found = self.peek()
        if not found or found not in wanted:
            what = repr(found) if found else "the end of the file"
            raise Refused("not_json", f"not JSON: {what} where {' or '.join(wanted)} is due")
        self._at += 1
        return found

    def value(self) -> tuple[object, str]:
        """Return the next value and its text."""
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                self._go_on_or_raise(error)
                continue
            if end == len(self._text) and self._text[end - 1 : end] not in {"}", "]", '"'} and self._more():
                continue
            raw = self._text[self._at : end]
            self._at = end
            return found, raw

    def _go_on_or_raise(self, error: Exception) -> None:
        """A value may only be cut by the end of what was read: read more, up to the limit of one value."""
        held = len(self._text) - self._at
        cut = isinstance(error, json.JSONDecodeError)
        if cut and held > MAX_LINE:
            raise too_long(MAX_LINE) from None
        if not cut or not self._more():
            raise refusal(error, self._text[self._at : self._at + CHUNK]) from None

    def names(self) -> Iterator[str]:
        """Yield the names of an object; the caller reads the value of each before the next."""
        self.take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            self.take('"')
            self._at -= 1
            name, _ = self.value()
            self.take(":")
            yield str(name)
            if self.take(",}") == "}":
                return

    def items(self) -> Iterator[tuple[object, str, int]]:
        """Yield each item of a list: value, text, line."""
        self.take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            self.peek()
            line = self.line()
            value, raw = self.value()
            yield value, raw, line
            if self.take(",]") == "]":
                return
