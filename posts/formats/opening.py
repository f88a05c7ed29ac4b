"""Opens a file as what its first bytes show: a workbook, JSON in lines, a JSON document, or a delimited table."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Protocol

from posts.exceptions import NotPosts, UnreadableFile
from posts.formats import detection, items, rdata
from posts.formats.building import Context
from posts.formats.items import Piece
from posts.formats.jsons import parse
from posts.formats.lines import Source
from posts.formats.refusals import Refused
from posts.formats.registry import Convert, Format, JsonFormat
from posts.formats.rounding import rounded_columns
from posts.formats.tables import Table
from posts.formats.workbooks import Workbook
from posts.records import PostRecord

LOOKED_AT = 200
SHOWN = 20
_MOST_LINES_BEFORE_JSON = 20
_HEAD = 64
_ZIP = b"PK\x03\x04"
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save it as XLSX or CSV"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a]")


class Opened(Protocol):
    """A file with what its beginning tells; `pieces` reads it from its first record on, once."""

    columns: list[str]
    size: int

    @property
    def sample(self) -> list[dict]:
        """The first records."""

    @property
    def rounded(self) -> frozenset[str]:
        """The columns whose ids a spreadsheet has rounded."""

    @property
    def position(self) -> int:
        """How many bytes are read."""

    def known(self) -> Format | None:
        """Return the known export that this is; raises NotPosts."""

    def pieces(self, context: Context) -> Iterator[Piece]:
        """Yield every record."""

    def close(self) -> None:
        """Let go of the file."""


class OpenedTable:
    """A table with a header: delimited, or a workbook's sheet."""

    def __init__(self, table: Table | Workbook | rdata.DataFrame, source: Source | None, size: int):
        self._table, self._source, self.size = table, source, size
        self.columns = table.header
        self._rows = table.rows()
        self._first = list(islice(self._rows, SHOWN))

    @property
    def sample(self) -> list[dict]:
        return [dict(zip(self.columns, row.cells, strict=False)) for row in self._first if not row.refused]

    @property
    def position(self) -> int:
        return self._source.position if self._source else self.size

    @cached_property
    def rounded(self) -> frozenset[str]:
        return rounded_columns(self.sample)

    def known(self) -> Format | None:
        return detection.table_format(self.columns)

    def pieces(self, context: Context) -> Iterator[Piece]:
        columns = self.columns
        for rows in (self._first, self._rows):
            for row in rows:
                yield Piece(row.place, row.raw, dict(zip(columns, row.cells, strict=False)), context, row.refused)

    def close(self) -> None:
        if self._source:
            self._source.close()
        if isinstance(self._table, Workbook):
            self._table.close()


class OpenedJson:
    """JSON, a value a line or one document."""

    rounded: frozenset[str] = frozenset()

    def __init__(self, path: Path, encoding: str, in_lines: bool):
        self._walk = items.in_lines if in_lines else items.in_document
        with closing(Source(path, encoding)) as start:
            self.size = start.size
            self.sample = _sample(self._walk(start, Context()))
        self._source = Source(path, encoding)
        paths = dict.fromkeys(path for item in self.sample for path in detection.keys_of(item))
        self.columns = list(paths)

    @property
    def position(self) -> int:
        return self._source.position

    def known(self) -> Format | None:
        if not self.sample:
            raise NotPosts("This file holds no post: nothing in it is a record that can be read.", field="file")
        return detection.json_format(self.sample)

    def pieces(self, context: Context) -> Iterator[Piece]:
        return self._walk(self._source, context)

    def close(self) -> None:
        self._source.close()


def _sample(pieces: Iterator[Piece]) -> list[dict]:
    return [piece.value for piece in islice(pieces, LOOKED_AT) if isinstance(piece.value, dict)]


def open_file(path: Path, encoding: str = "") -> Opened:
    """Open a file; raises NotPosts for an empty one and UnreadableFile for what is no text and no workbook."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8192)
    if start.startswith(_ZIP):
        return OpenedTable(Workbook(path), None, size)
    if start.startswith(rdata.MAGIC) and rdata.is_rdata(path):
        return OpenedTable(rdata.DataFrame(path), None, size)
    if what := next((what for magic, what in _OTHERS if start.startswith(magic)), ""):
        raise UnreadableFile(f"This is no export of posts but {what}.", field="file")
    if not start.replace(b"\x00", b"").strip():
        raise NotPosts("The file is empty.", field="file")
    kind = _json_kind(path, encoding)
    if kind:
        return OpenedJson(path, encoding, kind == "lines")
    if start.lstrip()[:1] == b"<":
        raise UnreadableFile("This is a web page or XML, not an export of posts.", field="file")
    if _BINARY.search(start[:_HEAD]) and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("This is no text file.", field="file")
    with ExitStack() as unless_it_works:
        source = Source(path, encoding)
        unless_it_works.callback(source.close)
        opened = OpenedTable(Table(source), source, size)
        unless_it_works.pop_all()
    return opened


def _json_kind(path: Path, encoding: str) -> str:
    """Return "lines" or "document", "" for no JSON; a line or two of something else may stand before."""
    source = Source(path, encoding)
    try:
        lines = [line for line in islice(source.lines(), _MOST_LINES_BEFORE_JSON) if line.text.strip() or line.refused]
    finally:
        source.close()
    texts = [(line.text or line.raw.decode("utf-8", "replace")).strip() for line in lines]
    first = texts[0][:1] if texts else ""
    if first == "[":
        return "document"
    if first == "{":
        return "lines" if any(map(_is_json, texts[:2])) else "document"
    return "lines" if any(text[0] == "{" and _is_json(text) for text in texts) else ""


def _is_json(text: str) -> bool:
    try:
        parse(text)
    except Refused as refused:
        # Complete, only not strict: a line all the same.
        return refused.code in {"bad_json", "too_deep"}
    return True


def converter(known: Format) -> Convert:
    """Return who makes posts of a format's records; in JSON one may be of a sister format (old and new captures)."""
    if not isinstance(known, JsonFormat):
        return known.convert

    def convert(item: dict, context: Context) -> PostRecord:
        found = detection.fitting(item, known)
        if found is None:
            keys = ", ".join(list(item)[:6])
            raise Refused("unmapped", f"not a post of {known.label}; it has {keys or 'nothing'}"[:300])
        return found.convert(item, context)

    return convert
