"""Read a CSV file of pairs of names, one row at a time."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEFT, RIGHT = "left", "right"
MAX_NAME = 1_000
# More than any name and its neighbours need; a quote that never closes must not swallow the file.
_MAX_LINE = 100_000


class BadPairs(ValueError):
    """The file cannot be read as pairs; the message says where and why."""


@dataclass(frozen=True)
class NamePair:
    """Two names to compare, and the line of the file where they stand (the header is line 1)."""

    line: int
    left: str
    right: str


def read_pairs(path: Path) -> Iterator[NamePair]:
    """Yield the pairs of a UTF-8 CSV file (with or without a mark) that has the columns `left` and `right`.

    Other columns and rows without any letter are passed over. Raises BadPairs at the first row that cannot be read.
    """
    try:
        with path.open("rb") as file:
            rows = csv.reader(_lines(file), strict=True)
            columns, width = _columns(next(rows, []))
            for cells in rows:
                if any(cell.strip() for cell in cells):
                    yield _pair(rows.line_num, cells, columns, width)
    except csv.Error as error:
        raise BadPairs(f"Row {rows.line_num} is not CSV: {error}.") from None
    except OSError as error:
        raise BadPairs(f"{path} cannot be read: {error.strerror}.") from None


def _lines(file) -> Iterator[str]:
    number = 0
    while line := file.readline(_MAX_LINE + 1):
        number += 1
        if len(line) > _MAX_LINE:
            raise BadPairs(f"Row {number} is longer than {_MAX_LINE:,} bytes.")
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise BadPairs(f"Row {number} is not UTF-8 at byte {error.start + 1}.") from None
        if "\0" in text:
            raise BadPairs(f"Row {number} holds a NUL character.")
        yield text


def _columns(header: list[str]) -> tuple[dict[str, int], int]:
    names = [cell.strip().casefold() for cell in header]
    for column in (LEFT, RIGHT):
        if names.count(column) != 1:
            problem = "is missing from" if column not in names else "stands twice in"
            raise BadPairs(f'Column "{column}" {problem} the header (row 1), which must name "left" and "right".')
    return {column: names.index(column) for column in (LEFT, RIGHT)}, len(names)


def _pair(line: int, cells: list[str], columns: dict[str, int], width: int) -> NamePair:
    if len(cells) > width:
        raise BadPairs(f"Row {line} has {len(cells)} cells where the header has {width}: quote names that have commas.")
    found = {column: cells[at].strip() if at < len(cells) else "" for column, at in columns.items()}
    for column, name in found.items():
        if not name:
            raise BadPairs(f'Row {line} has no name in column "{column}".')
        if len(name) > MAX_NAME:
            raise BadPairs(
                f'Row {line}, column "{column}": {len(name):,} characters are no name (at most {MAX_NAME:,}).'
            )
    return NamePair(line, found[LEFT], found[RIGHT])
