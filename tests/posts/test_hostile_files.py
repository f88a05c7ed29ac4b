"""Files that are broken, cut, huge or made to do harm: each bad record by its line and reason, never an exception."""

import json
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posts.exceptions import NotPosts, UnknownFormat, UnreadableFile
from posts.formats import cleaning, lines
from posts.formats.reading import Options, examine, read
from posts.formats.tables import unique
from posts.records import Place, PostRecord, Rejection
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


@pytest.mark.parametrize("many", [1, 90, 150])
def test_quote_that_never_closes_does_not_swallow_the_rest_of_the_file(tmp_path, many):
    found = read_all(
        qut(tmp_path / "a.csv", row(0), '1,7,u,,,"open,100,\n', *(row(number + 2) for number in range(many)))
    )
    assert codes(found) == [(3, "cut_off")]
    assert len(found.posts) == many + 1


CUT = '2,7,u,,,"cut in the mid\n'


@pytest.mark.parametrize(
    ("behind", "ids"),
    [
        pytest.param([row(3, '"whole"'), row(4, '"whole"')], ["1", "3", "4"], id="quote closed by the next text"),
        pytest.param([row(3), row(4), row(5, '"whole"'), row(6)], ["1", "3", "4", "5", "6"], id="by a later text"),
        pytest.param([row(3, '"a\n""b"" c\n"'), row(4)], ["1", "3", "4"], id="text over lines"),
        pytest.param([row(3, '", and"'), row(4)], ["1", "3", "4"], id="text that begins with a comma"),
        pytest.param(['"3","7","u","","","t","100",""\n', row(4)], ["1", "3", "4"], id="every cell quoted"),
        pytest.param(["\n", row(3, '""'), row(4)], ["1", "3", "4"], id="blank line and empty text"),
    ],
)
def test_record_cut_in_its_quotes_does_not_take_those_behind_it(tmp_path, behind, ids):
    found = read_all(qut(tmp_path / "a.csv", row(1), CUT, *behind))
    assert [one.native_id for one in found.posts] == ids
    assert codes(found) == [(3, "cut_off")]
    assert found.rejection.raw.startswith(CUT.encode())
    assert "never closes" in found.rejection.reason
    assert not any("cut in" in one.text for one in found.posts)


def test_two_cut_records_one_behind_the_other_are_no_post(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", row(1), CUT, '3,7,u,,,"and this,100,\n', row(4, '"whole"')))
    assert [one.native_id for one in found.posts] == ["1", "4"]
    assert {line for line, _ in codes(found)} <= {3, 4}


def test_quotes_that_stay_open_in_too_much_of_a_file_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("posts.formats.tables.MOST_READ_AGAIN", 5_000)
    content = "".join(f'{number},7,u,,,x","\n' + row(f"{number}b") for number in range(60))
    with pytest.raises(UnreadableFile, match="quote that never closes, up to line"):
        read_all(qut(tmp_path / "a.csv", '0,7,u,,,"open,100,\n', content))


def test_reading_goes_on_behind_a_record_that_is_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr("posts.formats.tables.MAX_LINE", 100)
    found = read_all(qut(tmp_path / "a.csv", '1,7,u,,,"' + "x" * 80 + "\n", "y" * 80 + '"\n', row(3), row(4)))
    assert [one.native_id for one in found.posts] == ["3", "4"]


def test_line_breaks_inside_quotes_are_one_record_with_its_bytes(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", row(1, '"a\r\nb ""c"""'), row(2)))
    assert found.posts[0].text == 'a\r\nb "c"'
    assert found.posts[0].raw == b'1,7,u,,,"a\r\nb ""c""",100,\n'
    assert (found.posts[1].place.line, found.tally.read) == (4, 2)


def test_columns_beyond_the_header_are_rejected_unless_empty(tmp_path):
    found = read_all(qut(tmp_path / "a.csv", "1,7,u,,,t,100,,,\n", "2,7,u,,,t,100,,extra\n"))
    assert codes(found) == [(3, "too_many_columns")]
    assert found.post.native_id == "1"


def test_column_that_the_format_needs_and_that_is_there_twice_is_refused(tmp_path):
    path = write_csv(tmp_path / "a.csv", [*HEADER, "message_id"], [["1", "7", "u", "", "", "t", "5", "", "other"]])
    with pytest.raises(UnknownFormat, match="column message_id more than once"):
        read(path)
    assert unique(["id", "", "id", " id "]) == ["id", "column 2", "id (2)", "id (3)"]


def test_other_column_that_is_there_twice_is_read_by_its_first(tmp_path):
    header = [*HEADER, "note", "note"]
    found = read_all(write_csv(tmp_path / "a.csv", header, [["1", "7", "u", "", "", "t", "5", "", "a", "b"]]))
    assert found.post.native_id == "1"


def test_columns_of_minet_behind_those_of_another_table_are_its_own(tmp_path):
    own = ["id", "timestamp_utc", "user_screen_name", "text", "user_id", "match_query", "user_timestamp_utc"]
    header = ["id", "text", "user_id", "topic", *own]
    rows = [
        ["1", "not this", "5", "t", f"17{number}", "1715853600", f"u{number}", "this", f"9{number}", "q", "1577836800"]
        for number in range(3)
    ]
    found = read_all(write_csv(tmp_path / "a.csv", header, rows))
    assert (found.format, found.tally.accepted) == ("minet-x", 3)
    assert [(one.native_id, one.author_id, one.text) for one in found.posts] == [
        ("170", "90", "this"),
        ("171", "91", "this"),
        ("172", "92", "this"),
    ]


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_only_a_line_feed_ends_a_line(tmp_path, encoding):
    path = tmp_path / "a.csv"
    texts = ["a\u2028b", "c\x85d", "e\x0bf\x0cg\x1ch"]
    path.write_bytes(
        ("\ufeff" + FIRST + "".join(row(number, one) for number, one in enumerate(texts))).encode(encoding)
    )
    assert [one.text for one in read_all(path).posts] == texts


def test_lines_in_utf16_across_what_is_read_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "_CHUNK", 7)
    monkeypatch.setattr(lines, "MAX_LINE", 60)
    path = tmp_path / "a"
    path.write_bytes(("\ufeffone 🌍\n\n" + "x" * 100 + "\nlast").encode("utf-16-le"))
    with closing(lines.Source(path)) as source:
        found = list(source.lines())
    assert [(one.number, one.text) for one in found] == [(1, "one 🌍\n"), (2, "\n"), (3, ""), (4, "last")]
    assert [one.refused.code for one in found if one.refused] == ["too_long"]
    assert found[0].raw == "one 🌍\n".encode("utf-16-le")


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


DEEP = "[" * 20_000 + "]" * 20_000
FAULTS = [
    pytest.param(b', "lang": "a", "lang": "b"}', ("bad_json", "'lang' is given twice"), id="key twice"),
    pytest.param(b', "x": NaN}', ("bad_json", "NaN"), id="NaN"),
    pytest.param(b', "x": 1e999}', ("bad_json", "beyond"), id="number"),
    pytest.param(b', "x": ' + b"9" * 5_000 + b"}", ("bad_json", "strict"), id="digits"),
    pytest.param(b', "x": "\xff"}', ("encoding", "0xFF"), id="byte"),
    pytest.param(b', "x": "}\\"", "y": ' + DEEP.encode() + b"}", ("too_deep", "deeply"), id="deep"),
]
HOLDERS = [
    pytest.param(b"[%s]", id="array"),
    pytest.param(b'{"data":\n[%s], "includes": {}}', id="page"),
    pytest.param(b'[{"data": [%s], "includes": {}}]', id="array of pages"),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS)
@pytest.mark.parametrize("holder", HOLDERS)
def test_record_that_is_whole_and_not_strict_is_refused_alone(tmp_path, monkeypatch, fault, expected, holder):
    texts = [json.dumps(post(number)).encode() for number in range(10)]
    texts[1] = texts[1][:-1] + fault
    (tmp_path / "a.json").write_bytes(holder % b",\n".join(texts))
    for at_once in (1024 * 1024, 64):
        monkeypatch.setattr("posts.formats.jsons.CHUNK", at_once)
        found = read_all(tmp_path / "a.json")
        assert [one.native_id for one in found.posts] == ["0", *map(str, range(2, 10))]
        assert found.rejection.code == expected[0]
        assert expected[1] in found.rejection.reason
        assert found.rejection.raw == texts[1][: len(found.rejection.raw)]
        assert (found.rejection.place.item, found.tally.read) == (2, 10)


def test_page_on_a_line_loses_only_the_record_that_is_not_strict(tmp_path):
    page = json.dumps({"data": [post(number) for number in range(5)], "includes": {}})
    found = read_all(write_lines(tmp_path / "a.jsonl", page.replace('"id": "3"', '"id": "3", "id": "3"'), post(9)))
    assert [one.native_id for one in found.posts] == ["0", "1", "2", "4", "9"]
    assert (found.rejection.code, found.rejection.place.line, found.rejection.place.item) == ("bad_json", 1, 4)


@pytest.mark.parametrize("odd", [None, "x", 5, [], True])
@pytest.mark.parametrize("as_list", [False, True])
def test_what_is_no_record_in_a_page_is_refused_alone(tmp_path, odd, as_list):
    pages = [{"data": [post(1), odd, post(2)], "includes": {}}, {"data": [post(3)], "includes": {}}]
    found = read_all(write_lines(tmp_path / "a.jsonl", *([pages] if as_list else pages)))
    assert [one.native_id for one in found.posts] == ["1", "2", "3"]
    assert (found.rejection.code, found.rejection.place, found.rejection.raw) == (
        "unmapped",
        Place(1, 2),
        json.dumps(odd).encode(),
    )


def test_page_of_nothing_but_null_has_as_many_records_as_stand_in_it(tmp_path):
    found = read_all(write_lines(tmp_path / "a.jsonl", {"data": [post(1)]}, {"data": [None, None]}))
    assert (len(found.posts), len(found.rejections)) == (1, 2)


def test_what_stands_around_the_records_of_a_page_must_be_strict(tmp_path):
    page = f'{{"data": [{json.dumps(post(1))}], "includes": {{"users": [{{"id": "7", "id": "8"}}]}}}}'
    found = read_all(write_lines(tmp_path / "a.jsonl", page, post(9)))
    assert (found.post.native_id, found.rejection.code) == ("9", "bad_json")


@pytest.mark.parametrize("whole", ["%s", '{"about": "me", "chats": {"about": "", "list": [%s]}}'])
def test_message_of_telegram_that_is_not_strict_is_refused_alone(tmp_path, whole):
    messages = [
        {"id": number, "type": "message", "date": "2024-05-16T10:00:00", "date_unixtime": "1715853600", "from": "A",
         "from_id": "user1", "text": f"hello {number}"}
        for number in range(4)
    ]  # fmt: skip
    chat = json.dumps({"name": "c", "type": "public_channel", "id": 5, "messages": messages}, indent=1)
    content = whole % chat.replace('"text": "hello 2"', '"text": "hello 2", "text": "x"')
    (tmp_path / "result.json").write_text(content.replace(", ", ",\n"))
    found = read_all(tmp_path / "result.json")
    assert [one.text for one in found.posts] == ["hello 0", "hello 1", "hello 3"]
    assert (found.rejection.code, found.rejection.place.item) == ("bad_json", 3)


@pytest.mark.parametrize(
    ("content", "byte"),
    [
        pytest.param('[%s, %s, {"id"', None, id="cut off"),
        pytest.param("[%s, %s", None, id="without its end"),
        pytest.param("[%s, %s]]", None, id="more than its end"),
        pytest.param("[é, %s, %s]", 2, id="no value"),
        pytest.param('["é" %s, %s]', 7, id="no comma"),
        pytest.param('["é", {"a": x}, %s, %s]', 14, id="no JSON inside of a record"),
    ],
)
@pytest.mark.parametrize("at_once", [16, 1024 * 1024])
def test_document_that_cannot_be_read_on_is_refused_with_the_byte(tmp_path, monkeypatch, content, byte, at_once):
    monkeypatch.setattr("posts.formats.jsons.CHUNK", at_once)
    text = content % (json.dumps(post(1)), json.dumps(post(2)))
    (tmp_path / "a.json").write_text("\ufeff\n" + text, encoding="utf-8")
    with pytest.raises(
        UnreadableFile, match=r"beyond byte [\d,]+ \(line 2\), so nothing of it is taken: not JSON"
    ) as raised:
        read_all(tmp_path / "a.json")
    if byte:
        # Behind the mark of three bytes and the line feed.
        assert f"beyond byte {byte + 4} " in str(raised.value)


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


# --- dates


def test_post_of_a_date_at_which_nobody_posted_is_undated_and_keeps_what_it_says(tmp_path):
    times = ["1900-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "1970-01-01", "-5", "2024-05-16T10:00:00Z"]
    path = write_lines(tmp_path / "a.jsonl", *(post(number, created_at=one) for number, one in enumerate(times)))
    *strange, ordinary = read_all(path, read_at=datetime(2026, 1, 1, tzinfo=UTC)).posts
    assert [(one.ordered_at, one.claimed_at, one.claimed_text) for one in strange] == [
        (None, None, written) for written in times[:4]
    ]
    assert [one.clock_flags[-1] for one in strange] == [
        "claimed_implausible", "claimed_future", "claimed_implausible", "claimed_implausible",
    ]  # fmt: skip
    assert (ordinary.ordered_at, ordinary.clock_flags) == (datetime(2024, 5, 16, 10, tzinfo=UTC), ())


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
