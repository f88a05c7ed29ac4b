"""Records of a CSV or TSV file with the bytes they stand in, whatever hangs between their quotes."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from posts.exceptions import UnreadableFile
from posts.formats.lines import MAX_LINE, Line, Source
from posts.formats.refusals import Refused
from posts.records import Place

DELIMITERS = ",\t;|"
MAX_COLUMNS = 1_000
MOST_LINES_OF_CUT_RECORD = 100
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)
# One number for the whole process, by the csv module's design; a record is bounded by MAX_LINE anyway.
csv.field_size_limit(MAX_LINE)


@dataclass(slots=True)
class TableRow:
    """One record: its cells, or why it cannot be taken."""

    place: Place
    raw: bytes
    cells: list[str]
    refused: Refused | None = None


class Table:
    """A delimited file: `header` with names made unique, then its records."""

    def __init__(self, source: Source, delimiter: str = ""):
        self._lines = source.lines()
        self._pending: deque[Line] = deque()
        self._taken: list[Line] = []
        self._size = 0
        self.delimiter = delimiter
        self._exhausted = False
        self.header = self._read_header()
        self._width = len(self.header)

    def _read_header(self) -> list[str]:
        first = next((line for line in self._lines if line.text.strip() or line.refused), None)
        if first is not None and (told := _SEPARATOR.fullmatch(first.text.strip())):
            # A line of Excel's own before the header.
            self.delimiter = self.delimiter or told[1]
            first = next(self._lines, None)
        if first is None or first.refused:
            raise UnreadableFile("The first line is not a header that can be read.", field="file")
        self._pending.append(first)
        try:
            self.delimiter = self.delimiter or delimiter_of(first.text)
            cells = next(csv.reader(self._feed(), delimiter=self.delimiter), [])
        except csv.Error as error:
            raise UnreadableFile(f"The header cannot be read: {error}.", field="file") from None
        self._take()
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFile(f"The header has {len(cells)} columns; no export has more than {MAX_COLUMNS}.")
        return unique(cells)

    def _feed(self) -> Iterator[str]:
        """Hand the lines to the csv reader, which asks for one more only inside quotes, and remember them."""
        while self._size <= MAX_LINE:
            line = self._pending.popleft() if self._pending else next(self._lines, None)
            if line is None:
                break
            self._taken.append(line)
            self._size += len(line.raw)
            yield line.text
        self._exhausted = True

    def rows(self) -> Iterator[TableRow]:
        """Yield every record; blank lines are none."""
        self._exhausted = False
        while not self._exhausted or self._pending:
            self._exhausted = False
            reader = csv.reader(self._feed(), delimiter=self.delimiter)
            try:
                yield from self._records(reader)
            except csv.Error as error:
                lines = self._take()
                refused = lines[0].refused or Refused("bad_csv", f"not CSV: {error}")
                yield TableRow(Place(lines[0].number), b"".join(line.raw for line in lines), [], refused)

    def _records(self, reader: Iterator[list[str]]) -> Iterator[TableRow]:
        for cells in reader:
            lines = self._take()
            if self._exhausted:
                yield self._left_open(lines)
            elif cells or lines[0].refused:
                yield self._row(lines, cells)

    def _take(self) -> list[Line]:
        lines, self._taken, self._size = self._taken, [], 0
        return lines

    def _left_open(self, lines: list[Line]) -> TableRow:
        """A quote that never closes swallows the file: refuse its line alone and read on behind it.

        Over a few lines it is rather one last record that was cut off.
        """
        number = len(lines)
        if number > MOST_LINES_OF_CUT_RECORD:
            self._pending.extendleft(reversed(lines[1:]))
            lines = lines[:1]
        refused = lines[0].refused or Refused("cut_off", _open_quote(number))
        return TableRow(Place(lines[0].number), b"".join(line.raw for line in lines), [], refused)

    def _row(self, lines: list[Line], cells: list[str]) -> TableRow:
        first = lines[0]
        if len(lines) == 1:
            raw, refused = first.raw, first.refused
        else:
            raw = b"".join(line.raw for line in lines)
            refused = next((line.refused for line in lines if line.refused), None)
        if refused is None and len(cells) != self._width:
            refused = self._misfit(cells)
        return TableRow(Place(first.number), raw, cells, refused)

    def _misfit(self, cells: list[str]) -> Refused | None:
        wanted, given = self._width, len(cells)
        if given < wanted:
            return Refused("cut_off", f"has {given} of {wanted} columns: cut off, or from another file")
        if any(cell.strip() for cell in cells[wanted:]):
            return Refused("too_many_columns", f"has {given} columns where the header has {wanted}")
        return None


def _open_quote(lines: int) -> str:
    over = f" over {lines} lines" if lines > 1 else ""
    return f"opens a quote{over} that never closes: the record is cut off"


def delimiter_of(header: str) -> str:
    """Return the delimiter that gives the header line the most columns; a comma when none is there."""
    counts = {mark: len(next(csv.reader([header], delimiter=mark), [])) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])


def unique(names: list[str]) -> list[str]:
    """Return column names without surrounding space; a name that comes again gets its number: `id`, `id (2)`."""
    seen: dict[str, int] = {}
    result = []
    for place, name in enumerate(names, start=1):
        bare = name.strip().strip("\ufeff") or f"column {place}"
        seen[bare] = seen.get(bare, 0) + 1
        result.append(bare if seen[bare] == 1 else f"{bare} ({seen[bare]})")
    return result
