"""Rows of an XLSX workbook as text, exactly: a number that Excel has rounded does not become an id again."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path
from xml.etree.ElementTree import ParseError

from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from posts.exceptions import UnreadableFile
from posts.formats.lines import MAX_LINE
from posts.formats.refusals import Refused
from posts.formats.rounding import EXCEL_DIGITS, is_rounded
from posts.formats.tables import MAX_COLUMNS, TableRow, unique
from posts.records import Place

MAX_UNPACKED = 1024 * 1024 * 1024
MAX_STRINGS = 256 * 1024 * 1024
_DAMAGE = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, LxmlError, OSError, EOFError)


class Workbook:
    """The first sheet with anything in it: `header`, then its rows. The archive is looked at before it is unpacked."""

    def __init__(self, path: Path):
        _check_archive(path)
        with ExitStack() as unless_it_works:
            # As a stream: the library goes by the names of files.
            self._file = unless_it_works.enter_context(path.open("rb"))
            try:
                self._book = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
                self._rows, self.header = self._start()
            except _DAMAGE as error:
                raise UnreadableFile(f"This workbook cannot be read: {type(error).__name__}.", field="file") from None
            unless_it_works.pop_all()

    def _start(self) -> tuple[Iterator[tuple], list[str]]:
        for sheet in self._book.worksheets:
            if not isinstance(sheet, ReadOnlyWorksheet):
                continue
            # What a workbook says of its own size is not to be relied on.
            sheet.reset_dimensions()
            rows = sheet.iter_rows(values_only=True)
            first = next(rows, None)
            if first and any(cell is not None for cell in first):
                names = [written(cell) for cell in _trimmed(first)]
                if len(names) > MAX_COLUMNS:
                    raise UnreadableFile(f"The sheet has {len(names)} columns; at most {MAX_COLUMNS} are read.")
                return rows, unique(names)
        raise UnreadableFile("No sheet of this workbook has anything in its first row.", field="file")

    def rows(self) -> Iterator[TableRow]:
        """Yield every row that is not empty; `raw` is the JSON of its cells."""
        number = 1
        while True:
            number += 1
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except _DAMAGE:
                yield TableRow(Place(number), b"", [], Refused("damaged", "the workbook is damaged from here on"))
                return
            if any(cell is not None for cell in cells):
                yield self._row(number, [written(cell) for cell in _trimmed(cells)])

    def _row(self, number: int, cells: list[str]) -> TableRow:
        raw = json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogatepass")
        refused = None
        if len(raw) > MAX_LINE or len(cells) > len(self.header):
            refused = Refused("too_many_columns", f"has {len(cells)} columns where the header has {len(self.header)}")
        return TableRow(Place(number), raw, cells + [""] * (len(self.header) - len(cells)), refused)

    def close(self) -> None:
        self._book.close()
        self._file.close()


def written(cell: object) -> str:
    """Return a cell as text; a number of more than 15 digits that ends in zeros as the rounded number it is."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        digits = str(cell)
        return f"{cell:.{EXCEL_DIGITS - 1}E}" if is_rounded(digits) else digits
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**EXCEL_DIGITS else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _trimmed(cells: tuple) -> list:
    last = max((place for place, cell in enumerate(cells) if cell is not None), default=-1)
    return list(cells[: last + 1])


def _check_archive(path: Path) -> None:
    """Refuse what unpacks to more than memory holds, and entities, which no workbook needs."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            strings = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
            if sum(part.file_size for part in parts) > MAX_UNPACKED or strings > MAX_STRINGS:
                raise UnreadableFile("This workbook unpacks to more than can be read; save it as CSV.", field="file")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_part(archive, part)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError):
        raise UnreadableFile("This is no workbook, or it is damaged or encrypted.", field="file") from None


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as file:
        if b"<!DOCTYPE" in file.read(4096).upper():
            raise UnreadableFile("This workbook defines entities, which none needs.", field="file")
