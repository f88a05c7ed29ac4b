"""CSV that a spreadsheet opens without running it (ATTACKS A58); raw values are what the JSON exports are for."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# What spreadsheets take for the start of a formula, full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠", "％", "｜")


def safe_cell(value: object) -> str:
    """`value` as text that no spreadsheet takes for a formula: a quotation mark goes before what could be one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def csv_response(filename: str, header: list[str], rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A download of `rows`, streamed; `filename` is ours, never a person's."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(header: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    # The mark tells spreadsheets that the file is UTF-8.
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])
