"""JSON as exports hold it: a value a line, one long array, or one object around a list; read value by value.

Strict where a silent choice would change a record: NaN, numbers beyond a float, and a key given twice are refused. Such
a value still has an end, so what stands behind it is read.
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
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"|["\[\]{}]', re.DOTALL)
# What "surrogateescape" makes of bytes that are not in the encoding of a file.
_BAD_BYTE = re.compile("[\udc80-\udcff]")


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


# Only to find where a value ends.
_LENIENT = json.JSONDecoder(parse_int=str, parse_float=str)
DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_once)


def parse(text: str) -> object:
    """Return the value of `text`; raises Refused with the reason."""
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise refusal(error, text) from None


def refusal(error: Exception, text: str, placed: bool = True) -> Refused:
    """Return why `text` is no JSON, in words; where in it only if it is `placed`, that is, the whole of a record."""
    if isinstance(error, RecursionError):
        return Refused("too_deep", "nested too deeply")
    if text.lstrip()[:1] not in {"{", "["}:
        shown = " ".join(text.split())[:60]
        return Refused("not_json", f"not JSON but {shown!r}")
    if isinstance(error, json.JSONDecodeError):
        where = f" at character {error.pos + 1}" if placed else ""
        return Refused("not_json", f"not JSON: {error.msg}{where}")
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
        reader.attempt()
    return []


def loosely(text: str) -> dict[str, object]:
    """Return the object that `text` is, its lists with a Refused in place of each item that cannot be taken.

    Raises Refused where anything else in it is not strict.
    """
    reader = JsonReader.of_text(text)
    result: dict[str, object] = {}
    for name in reader.names():
        listed = reader.peek() == "["
        result[name] = [value for value, _, _ in reader.items()] if listed else reader.value()[0]
    return result


class JsonReader:
    """Walks one JSON document of any length; a single value of more than MAX_LINE is refused.

    What is behind the place of reading is dropped, so the memory is that of the longest value.
    """

    def __init__(self, source: Source | None, text: str = ""):
        self._source = source
        self.encoding = source.encoding if source else "utf-8"
        self._decode = codecs.getincrementaldecoder(self.encoding)("surrogateescape").decode if source else None
        self._text = text
        self._at = 0
        self._counted = 0
        self._line = 1
        # Bytes before `_text`, and where in it the reading failed.
        self._dropped = source.position if source else 0
        self._failed: int | None = None
        self._damaged = not text.isascii() and bool(_BAD_BYTE.search(text))

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
            self._failed = len(self._text)
            raise Refused("encoding", f"not {error.encoding.upper()}: byte 0x{error.object[error.start]:02X}") from None
        self.line()
        self._dropped += len(self._bytes(self._text[: self._at]))
        self._text = self._text[self._at :] + added
        self._at = self._counted = 0
        self._damaged = self._damaged or (not added.isascii() and bool(_BAD_BYTE.search(added)))
        return bool(chunk)

    def _bytes(self, text: str) -> bytes:
        return text.encode(self.encoding, "surrogateescape")

    def byte(self) -> int:
        """Return the byte of the file, from 1, at which the reading failed, or which it has come to."""
        return self._dropped + len(self._bytes(self._text[: self._at if self._failed is None else self._failed])) + 1

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
        """Return the next value and its text; raises Refused."""
        found, raw = self.attempt()
        if isinstance(found, Refused):
            raise found
        return found, raw

    def attempt(self) -> tuple[object, str]:
        """Return the next value and its text, a Refused for one that is whole and cannot be taken; raises Refused."""
        self.peek()
        while True:
            try:
                found, end = self._next()
            except json.JSONDecodeError as error:
                self._go_on_or_raise(error)
                continue
            if end == len(self._text) and self._text[end - 1 : end] not in {"}", "]", '"'} and self._more():
                continue
            raw = self._text[self._at : end]
            self._at = end
            if self._damaged and (bad := _BAD_BYTE.search(raw)):
                found = Refused("encoding", f"not {self.encoding.upper()}: byte 0x{ord(bad[0]) - 0xDC00:02X}")
            return found, raw

    def _next(self) -> tuple[object, int]:
        """The next value, or why it cannot be taken, and its end; raises JSONDecodeError where it has none yet."""
        try:
            return DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            refused = refusal(error, self._text[self._at : self._at + 60])
        try:
            return refused, _LENIENT.raw_decode(self._text, self._at)[1]
        except RecursionError:
            return refused, self._closing()

    def _closing(self) -> int:
        """Where the brackets close of a value that is nested too deeply to be parsed."""
        depth = 0
        for found in _BRACKETS.finditer(self._text, self._at):
            if found[0] == '"':
                break
            depth += (found[0] in "[{") - (found[0] in "]}")
            if not depth:
                return found.end()
        raise json.JSONDecodeError("Unclosed brackets", self._text, len(self._text))

    def _go_on_or_raise(self, error: json.JSONDecodeError) -> None:
        """A value may only be cut by the end of what was read: read more, up to the limit of one value."""
        if len(self._text) - self._at > MAX_LINE:
            raise too_long(MAX_LINE) from None
        if not self._more():
            self._failed = error.pos - (len(error.doc) - len(self._text))
            raise refusal(error, self._text[self._at : self._at + CHUNK], placed=False) from None

    def names(self) -> Iterator[str]:
        """Yield the names of an object; the caller reads the value of each before the next."""
        self.take("{")
        if self.peek() == "}":
            self._at += 1
            return
        seen: set[str] = set()
        while True:
            self.take('"')
            self._at -= 1
            name = str(self.value()[0])
            if name in seen:
                raise Refused("bad_json", f"not strict JSON: the key {name!r:.60} is given twice")
            seen.add(name)
            self.take(":")
            yield name
            if self.take(",}") == "}":
                return

    def items(self) -> Iterator[tuple[object, str, int]]:
        """Yield each item of a list: value or a Refused, text, line."""
        self.take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            self.peek()
            line = self.line()
            value, raw = self.attempt()
            yield value, raw, line
            if self.take(",]") == "]":
                return
