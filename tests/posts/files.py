"""Files of posts as exports have them, and what a reader makes of them."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from posts.formats.reading import Options, Reading, read
from posts.records import Duplicate, PostRecord, Rejection

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "posts"
needs_real_files = pytest.mark.skipif(not SHARED.exists(), reason="the real files are not there")


def write_csv(path: Path, header: list[str], rows: list[list[object]], delimiter: str = ",") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


def write_row(path: Path, **cells: object) -> Path:
    """A table with one row; keywords name columns, and `__` stands for a full stop."""
    return write_csv(path, [name.replace("__", ".") for name in cells], [list(cells.values())])


def write_lines(path: Path, *values: object) -> Path:
    lines = (value if isinstance(value, str) else json.dumps(value) for value in values)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


class Result:
    """Everything that reading one file gave, with the counts checked against each other."""

    def __init__(self, reading: Reading):
        outcomes = list(reading)
        self.format = reading.format
        self.posts = [one for one in outcomes if isinstance(one, PostRecord)]
        self.duplicates = [one for one in outcomes if isinstance(one, Duplicate)]
        self.rejections = [one for one in outcomes if isinstance(one, Rejection)]
        self.tally = reading.tally
        assert self.tally.read == len(outcomes) == self.tally.accepted + self.tally.duplicate + self.tally.rejected
        assert self.tally.accepted == len(self.posts)
        assert self.tally.duplicate == len(self.duplicates)
        assert self.tally.reasons == Counter(one.code for one in self.rejections)

    @property
    def post(self) -> PostRecord:
        (only,) = self.posts
        return only

    @property
    def rejection(self) -> Rejection:
        (only,) = self.rejections
        return only


def read_all(path: Path, format: str = "auto", **options: object) -> Result:
    return Result(read(path, format=format, options=Options(**options)))
