"""The command that compares a CSV file of names."""

import json
import os

import pytest
from django.core.management import CommandError, call_command

from search.names.files import BadPairs, read_pairs

GOOD = 'left,right\nEsmira Xalil,@esmirakhahil\n"Алиев, Ильхам",İlham Əliyev\nİlham Əliyev,İlham Əliyeva\n'
BAD = [
    (b"", 'Column "left" is missing from the header (row 1)'),
    (b"name,right\na,b\n", 'Column "left" is missing'),
    (b"left,other\na,b\n", 'Column "right" is missing'),
    (b"left,right,left\na,b,c\n", 'Column "left" stands twice'),
    (b"left,right\na,b\nc,\n", 'Row 3 has no name in column "right"'),
    (b"left,right\n,b\n", 'Row 2 has no name in column "left"'),
    (b"left,right\na\n", 'Row 2 has no name in column "right"'),
    (b"left,right\nAliyev, Ilham,b\n", "Row 2 has 3 cells where the header has 2"),
    (b"left,right\na,b\n\xff,b\n", "Row 3 is not UTF-8 at byte 1"),
    (b"left,right\na,b\0\n", "Row 2 holds a NUL character"),
    (b'left,right\n"a,b\n', "Row 2 is not CSV"),
    (b"left,right\n" + b"a" * 2_000 + b",b\n", 'Row 2, column "left": 2,000 characters'),
    (b"left,right\n" + b"a" * 200_000 + b",b\n", "Row 2 is longer than 100,000 bytes"),
]


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "pairs.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def run(capsys, *args):
    call_command("compare_names", *map(str, args))
    return capsys.readouterr().out.splitlines()


def test_each_row_has_its_score_verdict_and_reasons(written, capsys):
    rows = [json.loads(line) for line in run(capsys, written(GOOD), "--json")]
    assert [row["verdict"] for row in rows] == ["match", "match", "different"]
    assert [row["row"] for row in rows] == [2, 3, 4]
    assert rows[1]["left"] == "Алиев, Ильхам"
    assert all(0 <= row["score"] <= 1 and row["why"] for row in rows)


def test_pipe_is_read_as_a_file_is(capsys):
    reads, writes = os.pipe()
    with os.fdopen(writes, "w") as pipe:
        pipe.write(GOOD)
    try:
        assert len(run(capsys, f"/dev/fd/{reads}")) == 3
    finally:
        os.close(reads)


def test_for_people_each_row_is_a_line(written, capsys):
    first, *_ = run(capsys, written(GOOD))
    assert first.split()[:2] == ["0.83", "match"]
    assert "Esmira Xalil | @esmirakhahil" in first


def test_a_mark_other_columns_capitals_and_blank_rows_are_passed_over(written):
    path = written(b"\xef\xbb\xbfnote, Right ,LEFT\r\nx,b,a\r\n\r\n,,\r\ny, d ,c\r\n")
    assert [(pair.line, pair.left, pair.right) for pair in read_pairs(path)] == [(2, "a", "b"), (5, "c", "d")]


@pytest.mark.parametrize(("content", "message"), BAD)
def test_a_bad_file_is_one_error_that_names_the_place_and_nothing_is_printed(written, capsys, content, message):
    with pytest.raises(CommandError) as caught:
        call_command("compare_names", str(written(content)))
    assert message in str(caught.value)
    assert caught.value.returncode == 2
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadPairs, match="cannot be read"):
            list(read_pairs(path))


def test_rows_are_read_one_at_a_time(written):
    rows = read_pairs(written("left,right\n" + "a,b\n" * 50_000 + "c,\n"))
    assert next(rows).line == 2
    assert next(rows).line == 3
