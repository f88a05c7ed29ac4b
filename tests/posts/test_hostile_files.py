"""Files that are broken, cut, huge or made to do harm: each bad record by its line and reason, never an exception."""

import json
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posts.exceptions import NotPosts, UnreadableFile
from posts.formats import cleaning, lines
from posts.formats.reading import Options, examine, read
from posts.formats.tables import MOST_LINES_OF_CUT_RECORD, unique
from posts.records import PostRecord, Rejection
from tests.posts.files import Result, read_all, write_csv, write_lines

HEADER = ["message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"]
FIRST = "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n"


def row(number: object, message: str = "text") -> str:
    return f"{number},7,u,,,{message},100,\n"


def qut(path, *rows: str, header: str = FIRST) -> object:
    path.write_text(header + "".join(rows), encoding="utf-8", newline="")
    return path


def post(number: int, **more: object) -> dict:
    return {"id": str(number), "author_id": "7", "text": "t", "created_at": "2024-05-16T09:15:00Z"} | more


def codes(found: Result) -> list[tuple[int, str]]:
    return [(one.place.line, one.code) for one in found.rejections]


# --- tables


def test_record_cut_in_the_middle_of_a_quote_is_rejected_alone(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", row(1), '2,7,u,,,"cut in\nthe mid'))
    assert codes(found) == [(3, "cut_off")]
    assert "2 lines" in found.rejection.reason
    assert found.rejection.raw == b'2,7,u,,,"cut in\nthe mid'
    assert found.tally.read == 2


def test_record_cut_between_columns_is_rejected(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", row(1), "2,7,u\n", row(3)))
    assert codes(found) == [(3, "cut_off")]
    assert "3 of 8 columns" in found.rejection.reason
    assert len(found.posts) == 2


def test_quote_that_never_closes_does_not_swallow_the_rest_of_the_file(tmp_path):
    many = MOST_LINES_OF_CUT_RECORD + 50
    found = read_all(
        qut(tmp_path / "a.csv", row(0), '1,7,u,,,"open,100,\n', *(row(number + 2) for number in range(many)))
    )
    assert codes(found) == [(3, "cut_off")]
    assert len(found.posts) == many + 1


def test_line_breaks_inside_quotes_are_one_record_with_its_bytes(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", row(1, '"a\r\nb ""c"""'), row(2)))
    assert found.posts[0].text == 'a\r\nb "c"'
    assert found.posts[0].raw == b'1,7,u,,,"a\r\nb ""c""",100,\n'
    assert (found.posts[1].place.line, found.tally.read) == (4, 2)


def test_columns_beyond_the_header_are_rejected_unless_empty(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", "1,7,u,,,t,100,,,\n", "2,7,u,,,t,100,,extra\n"))
    assert codes(found) == [(3, "too_many_columns")]
    assert found.post.native_id == "1"


def test_column_named_twice_keeps_the_first(tmp_path):
    header = [*HEADER, "message_id"]
    found = read_all(write_csv(tmp_path / "a.csv", header, [["1", "7", "u", "", "", "t", "5", "", "other"]]))
    assert found.post.native_id == "1"
    assert unique(["id", "", "id", " id "]) == ["id", "column 2", "id (2)", "id (3)"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_delimiter_in_any_order_of_columns(tmp_path, delimiter):
    order = HEADER[::-1]
    path = write_csv(tmp_path / "a", order, [["", "5", "a, b; c\td|e", "", "", "u", "7", "1"]], delimiter)
    assert read_all(path).post.text == "a, b; c\td|e"


def test_blank_lines_are_no_records(tmp_path):
    assert read_all(qut(tmp_path / "a.csv", "\n", row(1), "\n\n", row(2), "\n")).tally.read == 2


def test_same_export_twice_in_one_file_has_its_header_as_a_bad_row(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", row(1), FIRST, row(1)))
    assert (found.tally.accepted, found.tally.duplicate, codes(found)) == (1, 1, [(3, "bad_time")])


# --- bytes


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks(tmp_path, encoding):
    mark = "" if encoding in {"utf-8-sig", "utf-16"} else "\ufeff"
    path = tmp_path / "a.csv"
    path.write_bytes((mark + FIRST + row(1, "Qarabağ 🌍") + row(2)).encode(encoding))
    found = read_all(path)
    assert [one.text for one in found.posts] == ["Qarabağ 🌍", "text"]


def test_byte_order_mark_before_json(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(post(1)).encode() + b"\n")
    assert read_all(path).post.native_id == "1"


def test_line_in_another_encoding_is_rejected_with_the_byte(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes((FIRST + row(1, "é")).encode() + row(2, "é").encode("cp1252") + row(3).encode())
    found = read_all(path)
    assert codes(found) == [(3, "encoding")]
    assert "0xE9 at position 9" in found.rejection.reason
    assert found.rejection.raw == row(2, "é").encode("cp1252")
    assert len(read_all(path, encoding="cp1252").posts) == 3


def test_unknown_encoding_is_refused(tmp_path):
    for wrong in ("klingon", "utf-16", "base64"):
        with pytest.raises(UnreadableFile, match="encoding"):
            read(qut(tmp_path / "a.csv", row(1)), options=Options(encoding=wrong))


def test_nul_is_taken_out_of_texts_and_refused_in_ids(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", row(1, "a\x00b"), row("2\x00", "t")))
    assert found.posts[0].text == "ab"
    assert found.posts[0].notes == (cleaning.NUL_REMOVED,)
    assert b"\x00" in found.posts[0].raw
    assert codes(found) == [(3, "id_unusable")]


def test_half_of_a_character_is_replaced_and_noted(tmp_path):
    found = read_all(write_lines(tmp_path / "a.jsonl", post(1, text="cut \ud83d"), post(2, text="whole \U0001f600")))
    first, second = found.posts
    assert (first.text, first.notes[-1]) == ("cut \ufffd", cleaning.SURROGATES_REPLACED)
    assert second.text == "whole \U0001f600"
    assert cleaning.SURROGATES_REPLACED not in second.notes
    assert b"\\ud83d" in first.raw


def test_half_of_a_character_in_an_id_is_refused(tmp_path):
    assert read_all(write_lines(tmp_path / "a.jsonl", post(1), post(2, id="\ud83d"))).rejection.code == "id_unusable"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x01\x02\x03 binary", "no text"),
        (b"\x1f\x8b\x08 gz", "gzip"),
        (b"PK\x03\x04 no workbook", "workbook"),
    ],
)
def test_other_files_are_refused_in_words(tmp_path, content, words):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(UnreadableFile, match=words):
        examine(tmp_path / "a")


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\x00\x00"])
def test_empty_file(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(NotPosts, match="empty"):
        read(tmp_path / "a")


# --- JSON


def test_lines_that_are_no_json_are_rejected_wherever_they_stand(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", "<html>429 Too Many Requests</html>", post(1), "{broken", post(2), "[]")
    found = read_all(path)
    assert codes(found) == [(1, "not_json"), (3, "not_json"), (5, "unmapped")]
    assert "429" in found.rejections[0].reason
    assert len(found.posts) == 2


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ('{"id": "9", "id": "8"}', "bad_json", "'id' is given twice"),
        ('{"id": NaN}', "bad_json", "NaN"),
        ('{"id": 1e999}', "bad_json", "beyond what a number can hold"),
        ('{"id": ' + "[" * 100_000 + "]" * 100_000 + "}", "too_deep", "deeply"),
        ('{"id": "a\x01"}', "not_json", "character"),
        ('{"id": ', "not_json", "character"),
    ],
)
def test_json_that_is_not_strict(tmp_path, line, code, words):
    found = read_all(write_lines(tmp_path / "a.jsonl", post(1), line))
    assert (found.rejection.place.line, found.rejection.code) == (2, code)
    assert words in found.rejection.reason


def test_json_array_that_is_cut_off_gives_what_stands_before(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps([post(1), post(2)], indent=1)[:-30])
    found = read_all(tmp_path / "a.json")
    assert [one.native_id for one in found.posts] == ["1"]
    assert (found.rejection.code, "nothing behind it" in found.rejection.reason) == ("not_json", True)


def test_long_array_is_read_in_pieces_and_knows_its_lines(tmp_path, monkeypatch):
    monkeypatch.setattr("posts.formats.jsons.CHUNK", 64)
    (tmp_path / "a.json").write_text(json.dumps([post(number, text="é\n" * 30) for number in range(50)], indent=1))
    found = read_all(tmp_path / "a.json")
    assert [one.native_id for one in found.posts] == [str(number) for number in range(50)]
    assert [(one.place.line, one.place.item) for one in found.posts[:2]] == [(2, 1), (8, 2)]
    assert all(json.loads(one.raw)["id"] == one.native_id for one in found.posts)


def test_documents_one_after_another(tmp_path):
    (tmp_path / "a.json").write_text("\n".join(json.dumps(post(number), indent=2) for number in range(3)))
    assert [one.native_id for one in read_all(tmp_path / "a.json").posts] == ["0", "1", "2"]


def test_whole_numbers_of_19_digits_stay_exact(tmp_path):
    found = read_all(
        write_lines(tmp_path / "a.jsonl", post(1) | {"id": 1790000000000000001}, post(1) | {"id": 1.79e18})
    )
    assert found.posts[0].native_id == "1790000000000000001"
    assert found.rejection.code == "id_rounded"


# --- size


def test_line_of_100_mb_is_refused_by_number_without_being_held(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("w") as file:
        file.write(json.dumps(post(1)) + "\n")
        file.write('{"text": "')
        for _ in range(100):
            file.write("x" * 1024 * 1024)
        file.write('"}\n' + json.dumps(post(2)) + "\n")
    tracemalloc.start()
    try:
        found = read_all(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert codes(found) == [(2, "too_long")]
    assert len(found.posts) == 2
    assert len(found.rejection.raw) == 2_000
    assert peak < 5 * lines.MAX_LINE


def test_record_that_grows_over_many_lines_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("posts.formats.tables.MAX_LINE", 20_000)
    filler = ["x" * 99 + "\n"] * 250
    found = read_all(qut(tmp_path / "a.csv", row(1), '2,7,u,,,"', *filler, row(3)))
    assert found.rejections[0].code == "cut_off"
    assert [one.native_id for one in found.posts] == ["1", "3"]


def test_header_with_too_many_columns_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="columns"):
        read(write_csv(tmp_path / "a.csv", [f"c{number}" for number in range(2_000)], []))


def test_lines_that_end_in_carriage_returns_alone_are_refused_in_words(tmp_path):
    path = qut(tmp_path / "a.csv", row(1).replace("\n", "\r"), header=FIRST.replace("\n", "\r"))
    with pytest.raises(UnreadableFile, match="header cannot be read"):
        read(path)


def test_header_alone_is_a_file_of_no_records(tmp_path):
    assert read_all(qut(tmp_path / "a.csv")).tally.as_json() == {
        "read": 0, "accepted": 0, "duplicate": 0, "rejected": 0, "reasons": {},
    }  # fmt: skip


def test_nothing_that_a_record_names_is_opened(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    found = read_all(qut(tmp_path / "a.csv", f"1,7,u,,,file://{secret},100,['file://{secret}']\n"))
    assert found.post.urls == (f"file://{secret}",)


# --- properties


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_bytes_behind_a_header_are_counted_or_refused(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(FIRST.encode() + row(1).encode() + content)
    check_accounted_for(path)


@given(st.lists(st.binary(max_size=60) | st.sampled_from([b'{"id": 1}', b"[1]", b'{"data": []}', b"null"]), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_lines_among_json_are_counted_or_refused(tmp_path, found):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join([json.dumps(post(1)).encode(), *found]))
    check_accounted_for(path)


def check_accounted_for(path) -> None:
    result = read_all(path)
    assert all(isinstance(one, PostRecord | Rejection) for one in result.posts + result.rejections)
    for one in result.posts:
        "".join((one.text, one.native_id, one.handle, *one.urls, *one.hashtags)).encode()
        assert "\x00" not in one.text


@given(st.permutations(range(12)), st.integers(0, 12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_order_and_splitting_change_nothing(tmp_path, order, cut):
    rows = [row(number % 9, f"text {number % 9}") for number in range(12)]
    whole = read_all(qut(tmp_path / "a.csv", *rows))
    turned = [rows[number] for number in order]
    parts = [read_all(qut(tmp_path / name, *some)) for name, some in (("b", turned[:cut]), ("c", turned[cut:]))]
    together = {(one.native_id, one.text, one.account) for part in parts for one in part.posts}
    assert together == {(one.native_id, one.text, one.account) for one in whole.posts}
    assert sum(part.tally.read for part in parts) == whole.tally.read == 12
