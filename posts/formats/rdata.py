"""The first data frame of an R data file (.rda), which is how CooRTweet's samples are published.

Reads the XDR form of R's serialization, versions 2 and 3, as R Internals section 1.8 describes it: vectors, factors and
the compact vectors that R 3.5 brought. Code in such a file (closures, promises) is refused, not read.
"""

import bz2
import gzip
import json
import lzma
import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from posts.exceptions import UnreadableFile
from posts.formats.tables import MAX_COLUMNS, TableRow, unique
from posts.records import Place

MAX_UNPACKED = 512 * 1024 * 1024
MAGIC = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"RDX2\n", b"RDX3\n")
_PACKED: dict[bytes, Callable[[Path], BinaryIO]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}  # type: ignore[dict-item]
_NA_INTEGER = -(2**31)
_DEEPEST = 100
_SYMBOL, _PAIRS, _CHARS, _LOGICAL, _INTEGER, _REAL, _STRINGS, _LIST = 1, 2, 9, 10, 13, 14, 16, 19
_ALTREP, _ATTRIBUTED_PAIRS, _BASE, _NOTHING, _REFERENCE = 238, 239, 247, 254, 255
_NAMESPACES = frozenset({241, 242, 243, 244, 245, 246, 247, 253, 252, 251})
_DAMAGE = (struct.error, ValueError, IndexError, KeyError, EOFError, OSError, lzma.LZMAError, RecursionError)


@dataclass
class Value:
    """One R object: its data and its attributes."""

    data: object
    attributes: dict[str, "Value"] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """Return a vector as texts, "" for what is missing; a factor as its levels."""
        if "levels" in self.attributes:
            levels = ["", *self.attributes["levels"].texts()]
            return [levels[code] if code > 0 else "" for code in np.asarray(self.data).tolist()]
        if isinstance(self.data, np.ndarray):
            return [_number(one) for one in self.data.tolist()]
        return [one if isinstance(one, str) else "" for one in self.data] if isinstance(self.data, list) else []


def _number(value: float) -> str:
    if value == _NA_INTEGER or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(value)


class DataFrame:
    """The first data frame of a file: `header`, and rows as texts. The whole frame is held in memory."""

    def __init__(self, path: Path):
        try:
            self.header, self._columns = _first_frame(_Reader(_unpacked(path)).objects())
        except _DAMAGE:
            raise UnreadableFile("This file of R is damaged or holds what is no data.", field="file") from None

    def rows(self) -> Iterator[TableRow]:
        """Yield every row; `raw` is the JSON of its cells."""
        for number, cells in enumerate(zip(*self._columns, strict=True), start=1):
            yield TableRow(Place(number), json.dumps(cells, ensure_ascii=False).encode(), list(cells))

    def close(self) -> None:
        """Nothing stays open."""


def _first_frame(objects: dict[str, Value]) -> tuple[list[str], list[list[str]]]:
    for one in objects.values():
        if "names" in one.attributes and isinstance(one.data, list):
            header, columns = one.attributes["names"].texts(), [column.texts() for column in one.data]
            break
    else:
        raise UnreadableFile("This file of R holds no data frame.", field="file")
    if len(header) > MAX_COLUMNS or len(header) != len(columns) or len({len(column) for column in columns}) > 1:
        raise ValueError("columns of different length")
    return unique(header), columns


def is_rdata(path: Path) -> bool:
    """Whether this is R's data, packed or not; a packed file of something else is none."""
    try:
        with _opened(path) as file:
            return file.read(5) in {b"RDX2\n", b"RDX3\n"}
    except _DAMAGE:
        return False


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        start = file.read(6)
    opening = next((opening for magic, opening in _PACKED.items() if start.startswith(magic)), None)
    return opening(path) if opening else path.open("rb")


def _unpacked(path: Path) -> bytes:
    with _opened(path) as file:
        content = file.read(MAX_UNPACKED + 1)
    if len(content) > MAX_UNPACKED:
        raise UnreadableFile("This file of R unpacks to more than can be read; write it as CSV.", field="file")
    return content


class _Reader:
    """Walks the serialization; every length is checked against what is left before anything is made of it."""

    def __init__(self, content: bytes):
        self._content = content
        self._at = 5
        self._references: list[str] = []
        if self._take(2) != b"X\n":
            raise ValueError("not in XDR form")
        version, _, _ = self._integer(), self._integer(), self._integer()
        if version == 3:
            self._take(self._integer())
        elif version != 2:
            raise ValueError(version)

    def objects(self) -> dict[str, Value]:
        """Return the saved objects by name."""
        found = self._item(0)
        return found.data if isinstance(found.data, dict) else {}

    def _take(self, size: int) -> bytes:
        if size < 0 or self._at + size > len(self._content):
            raise EOFError
        self._at += size
        return self._content[self._at - size : self._at]

    def _integer(self) -> int:
        return struct.unpack(">i", self._take(4))[0]

    def _vector(self, kind: str, width: int) -> np.ndarray:
        return np.frombuffer(self._take(self._integer() * width), kind)

    def _item(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        flags = self._integer()
        kind, has_attributes = flags & 0xFF, bool(flags & 0x200)
        if kind in {_PAIRS, _ATTRIBUTED_PAIRS}:
            return self._pairs(flags, depth)
        if kind == _ALTREP:
            return self._compact(depth)
        value = Value(self._plain(kind, flags, depth))
        # Of the other kinds the same bits mean something else.
        if has_attributes and kind in {_LOGICAL, _INTEGER, _REAL, _STRINGS, _LIST}:
            value.attributes = self._attributes(depth)
        return value

    def _plain(self, kind: int, flags: int, depth: int) -> object:
        if kind == _NOTHING or kind in _NAMESPACES:
            return None
        if kind == _SYMBOL:
            name = str(self._item(depth + 1).data)
            self._references.append(name)
            return name
        if kind == _REFERENCE:
            return self._references[(flags >> 8 or self._integer()) - 1]
        readers: dict[int, Callable[[], object]] = {
            _CHARS: lambda: self._characters(flags),
            _LOGICAL: lambda: self._vector(">i4", 4),
            _INTEGER: lambda: self._vector(">i4", 4),
            _REAL: lambda: self._vector(">f8", 8),
            _STRINGS: lambda: [self._item(depth + 1).data for _ in range(self._integer())],
            _LIST: lambda: [self._item(depth + 1) for _ in range(self._integer())],
        }
        return readers[kind]()

    def _characters(self, flags: int) -> str | None:
        length = self._integer()
        if length == -1:
            return None
        return self._take(length).decode("latin-1" if flags & (4 << 12) else "utf-8", "replace")

    def _pairs(self, flags: int, depth: int) -> Value:
        """A linked list of names and values, walked without recursion over its tail."""
        found: dict[str, Value] = {}
        while flags & 0xFF in {_PAIRS, _ATTRIBUTED_PAIRS}:
            if flags & 0x200:
                self._item(depth + 1)
            name = str(self._item(depth + 1).data) if flags & 0x400 else str(len(found))
            found[name] = self._item(depth + 1)
            flags = self._integer()
        return Value(found)

    def _attributes(self, depth: int) -> dict[str, Value]:
        found = self._item(depth + 1).data
        return found if isinstance(found, dict) else {}

    def _compact(self, depth: int) -> Value:
        """R's compact vectors: a range, texts not yet made of numbers, or a wrapper around a plain vector."""
        info, state, attributes = (self._item(depth + 1) for _ in range(3))
        name = str(next(iter(info.data.values())).data) if isinstance(info.data, dict) else ""
        own = attributes.data if isinstance(attributes.data, dict) else {}
        if name in {"compact_intseq", "compact_realseq"}:
            length, start, step = np.asarray(state.data, np.float64).tolist()
            if not 0 <= length <= MAX_UNPACKED / 8:
                raise ValueError(length)
            return Value(start + step * np.arange(int(length)), own)
        inner = next(iter(state.data.values())) if isinstance(state.data, dict) else state.data[0]  # type: ignore[index]
        if name == "deferred_string":
            return Value(inner.texts(), own)
        if name.startswith("wrap_"):
            return Value(inner.data, {**inner.attributes, **own})
        raise ValueError(name)
