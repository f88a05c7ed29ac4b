"""Ids of a table that a spreadsheet has rounded and written out in full: their last digits are zeros, and lost.

A single such id may be real: one of 19 digits in 10,000 ends like that. A column in which every long number does is
none that a platform made.
"""

from collections.abc import Iterable

from posts.formats.refusals import Refused
from posts.records import PostRecord

# A spreadsheet keeps so many digits of a number.
EXCEL_DIGITS = 15
# How probable it may be that a column which is called rounded is whole, as a power of ten: one file in 10,000.
_SURE = 4


def is_rounded(digits: str) -> bool:
    """Whether a number may have lost its last digits: it has more than a spreadsheet keeps, and those are zeros."""
    return len(digits) > EXCEL_DIGITS and len(digits.rstrip("0")) <= EXCEL_DIGITS


def rounded_columns(rows: Iterable[dict[str, str]]) -> frozenset[str]:
    """Return the columns in whose first rows every long number ends in zeros, and too many digits do by chance."""
    long: dict[str, set[str]] = {}
    for row in rows:
        for column, cell in row.items():
            if len(cell) > EXCEL_DIGITS and cell.isascii() and cell.isdigit():
                long.setdefault(column, set()).add(cell)
    return frozenset(column for column, cells in long.items() if all(map(is_rounded, cells)) and _lost(cells) >= _SURE)


def _lost(cells: set[str]) -> int:
    """How many digits these different numbers have beyond those that a spreadsheet keeps."""
    return sum(len(cell) - EXCEL_DIGITS for cell in cells)


def check_whole(record: PostRecord, row: dict[str, str], rounded: frozenset[str]) -> None:
    """Raise Refused where an id of the record is from one of these columns and has lost its last digits."""
    ids = {record.native_id, record.author_id, *(ref.native_id for ref in record.refs)}
    for column in sorted(rounded):
        cell = row.get(column, "")
        if cell in ids and is_rounded(cell):
            raise Refused(
                "id_rounded",
                f"{column} is {cell:.40}, and every long number of this column ends in zeros: a spreadsheet rounded "
                "them, and the id is lost",
            )
