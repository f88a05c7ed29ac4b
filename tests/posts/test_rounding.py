"""Ids that a spreadsheet rounded and wrote out in full: a column of them is refused, a single one may be real."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.formats.mapping import Mapping
from posts.formats.rounding import is_rounded, rounded_columns
from tests.posts.files import read_all, write_csv

HEADER = ["id", "author", "text", "time", "answers"]
MAPPING = Mapping(platform="x", post_id="id", author_id="author", text="text", time="time", reply_to="answers")
WHOLE, OTHER, ROUNDED = "1790123456789012345", "1790123456789012346", "1790123456789020000"


def line(native_id, author="7", at="2024-05-01T00:00:00Z", answers=""):
    return [native_id, author, "some text", at, answers]


def read_lines(tmp_path, *lines):
    return read_all(write_csv(tmp_path / "a.csv", HEADER, list(lines)), mapping=MAPPING)


def test_posts_that_a_spreadsheet_made_one_are_refused_and_not_merged(tmp_path):
    found = read_lines(tmp_path, line(ROUNDED, "1"), line(ROUNDED, "2"))
    assert (found.posts, found.duplicates, found.tally.reasons) == ([], [], {"id_rounded": 2})
    assert all(one.reason.startswith(f"id is {ROUNDED}") for one in found.rejections)


def test_ids_too_short_to_be_rounded_are_taken_from_a_rounded_column(tmp_path):
    found = read_lines(tmp_path, line(ROUNDED), line("20"))
    assert ([post.native_id for post in found.posts], len(found.rejections)) == (["20"], 1)


def test_id_that_ends_in_zeros_beside_whole_ones_is_real(tmp_path):
    found = read_lines(tmp_path, line(ROUNDED), line(WHOLE), line(OTHER))
    assert (len(found.posts), found.rejections) == (3, [])


@pytest.mark.parametrize("cells", [{"author": ROUNDED}, {"answers": ROUNDED}])
def test_rounded_ids_of_authors_and_of_other_posts_are_refused_too(tmp_path, cells):
    found = read_lines(tmp_path, line(WHOLE, **cells), line(OTHER, **cells))
    assert found.tally.reasons == {"id_rounded": 2}


def test_times_and_texts_that_end_in_zeros_are_no_ids(tmp_path):
    found = read_lines(tmp_path, line(WHOLE, at="1715860800000000000"), line(OTHER, at="1715860801000000000"))
    assert (len(found.posts), found.rejections) == (2, [])


def test_rounded_column_is_known_by_its_first_rows_and_refused_to_the_end(tmp_path):
    found = read_lines(tmp_path, line(ROUNDED), *(line(str(n)) for n in range(40)), line("1790123456789030000"))
    assert (len(found.posts), found.tally.reasons) == (40, {"id_rounded": 2})


@given(st.sets(st.integers(10**18, 10**19 - 1), min_size=2, max_size=20))
def test_what_a_spreadsheet_writes_is_found_and_whole_ids_are_not(numbers):
    rounded = [{"id": str(int(f"{number:.14e}".replace(".", "").split("e")[0]) * 10**4)} for number in numbers]
    assert rounded_columns(rounded) == {"id"}
    whole = [{"id": str(number)} for number in numbers]
    assert bool(rounded_columns(whole)) == all(is_rounded(str(number)) for number in numbers)
