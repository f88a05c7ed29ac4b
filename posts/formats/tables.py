"""Records of a CSV or TSV file with the bytes they stand in, whatever hangs between their quotes."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from posts.exceptions import UnreadableFile
from posts.formats.lines import MAX_LINE, Line, Source
from posts.formats.refusals import Refused
from posts.records import Place

DELIMITERS = ",\t;|"
MAX_COLUMNS = 1_000
# How far a line inside a cut record is read on, to see whether a record begins there.
MOST_LINES_LOOKED_AHEAD = 100
# What may be read again behind cut records; a file made of open quotes would otherwise be read over and over.
MOST_READ_AGAIN = 16 * MAX_LINE
_NUMBERED = re.compile(r"(.*) \(\d+\)", re.DOTALL)
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
        # Whether the lines ended, and whether the reader was left in the middle of a record.
        self._ended = self._stopped = False
        self._read_again = 0
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
                self._ended = True
                break
            self._taken.append(line)
            self._size += len(line.raw)
            yield line.text
        self._stopped = True

    def rows(self) -> Iterator[TableRow]:
        """Yield every record; blank lines are none. Raises UnreadableFile for a file made of quotes that stay open."""
        while self._pending or not self._ended:
            self._stopped = False
            reader = csv.reader(self._feed(), delimiter=self.delimiter)
            try:
                yield from self._records(reader)
            except csv.Error as error:
                lines = self._take()
                yield self._cut(lines, self._end(lines), Refused("bad_csv", f"not CSV: {error}"))

    def _records(self, reader: Iterator[list[str]]) -> Iterator[TableRow]:
        for cells in reader:
            lines = self._take()
            if self._stopped:
                yield self._cut(lines, self._end(lines))
            elif len(lines) > 1:
                yield self._over_lines(lines, cells)
            elif cells or lines[0].refused:
                yield self._row(lines, cells)

    def _take(self) -> list[Line]:
        lines, self._taken, self._size = self._taken, [], 0
        return lines

    def _over_lines(self, lines: list[Line], cells: list[str]) -> TableRow:
        """A text with line breaks, or a record that was cut in its quotes and ran on into those behind it.

        In the second a quote closes in the middle of a cell, or the columns are not those of the header.
        """
        well_quoted = self._cells(line.text for line in lines) is not None
        if well_quoted and len(cells) == self._width:
            return self._row(lines, cells)
        end = self._end(lines)
        return self._row(lines, cells) if well_quoted and end == len(lines) else self._cut(lines, end)

    def _end(self, lines: list[Line]) -> int:
        """How many lines of a cut record stand before the one at which another begins."""
        return next((place for place in range(1, len(lines)) if self._begins(lines, place)), len(lines))

    def _cut(self, lines: list[Line], end: int, reason: Refused | None = None) -> TableRow:
        """Refuse so many lines, and have those behind them read again."""
        behind = lines[end:]
        self._read_again += sum(len(line.raw) for line in behind)
        number = lines[0].number
        if self._read_again > MOST_READ_AGAIN:
            raise UnreadableFile(f"Too many records have a quote that never closes, up to line {number}.", field="file")
        self._pending.extendleft(reversed(behind))
        if behind or reason is None:
            reason = Refused("cut_off", _open_quote(end))
        refused = next((line.refused for line in lines[:end] if line.refused), reason)
        return TableRow(Place(number), b"".join(line.raw for line in lines[:end]), [], refused)

    def _begins(self, lines: list[Line], place: int) -> bool:
        """Whether a whole record with the header's columns begins at this line of a cut one."""
        cells = self._cells(self._onward(lines, place))
        return bool(cells and not self._misfit(cells))

    def _cells(self, texts: Iterable[str]) -> list[str] | None:
        """The first record in these lines, None where its quotes are not well formed."""
        try:
            return next(csv.reader(texts, delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return None

    def _onward(self, lines: list[Line], place: int) -> Iterator[str]:
        """The texts of a record from one of its lines on, and of those behind it, which stay to be read."""
        inside = range(place, min(len(lines), place + MOST_LINES_LOOKED_AHEAD))
        yield from (lines[number].text for number in inside)
        for number in range(MOST_LINES_LOOKED_AHEAD - len(inside)):
            if number == len(self._pending):
                line = next(self._lines, None)
                if line is None:
                    return
                self._pending.append(line)
            yield self._pending[number].text

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
        if given == wanted:
            return None
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


def own_columns(columns: list[str], start: tuple[str, str]) -> tuple[list[str], int]:
    """Return the columns so named that those of an export keep their bare names, and where these begin.

    That is where its first two columns stand side by side; what stands before them came from elsewhere.
    """
    bare = [_bare(name, columns) for name in columns]
    begin = next((place for place, pair in enumerate(pairwise(bare)) if pair == start), 0)
    named = unique(bare[begin:] + bare[:begin])
    return named[len(bare) - begin :] + named[: len(bare) - begin], begin


def named_twice(columns: list[str], begin: int, wanted: Iterable[str]) -> str:
    """Return the first of the wanted columns that is there again among an export's own, "" where each is there once."""
    own = columns[begin:]
    return next((name for name in sorted(wanted) if f"{name} (2)" in (own if name in own else columns)), "")


def _bare(name: str, columns: list[str]) -> str:
    found = _NUMBERED.fullmatch(name)
    return found[1] if found and found[1] in columns else name
