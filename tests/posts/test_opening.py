"""What a file is taken for, whatever its name is and whatever holds its records together."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.exceptions import NotPosts, UnreadableFile
from posts.formats.jsons import JsonReader, elements
from posts.formats.reading import examine, read
from posts.formats.refusals import Refused
from tests.posts.files import read_all, write_csv, write_lines

POST = {"id": "1", "author_id": "7", "text": "t", "created_at": "2024-05-16T09:15:00Z"}
VIEW = {
    "uri": "at://did:plc:a/app.bsky.feed.post/k", "author": {"did": "did:plc:a", "handle": "a.example"},
    "record": {"text": "t", "createdAt": "2024-05-16T09:15:00Z"}, "indexedAt": "2024-05-16T09:15:01Z",
}  # fmt: skip
STATUS = {"id": "1", "content": "t", "created_at": "2024-05-16T09:15:00Z",
          "account": {"id": "1", "acct": "a", "url": "https://social.example/@a"}}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param([POST], "x-api2", id="array"),
        pytest.param({"data": [POST], "includes": {}}, "x-api2", id="page"),
        pytest.param({"data": POST, "matching_rules": []}, "x-api2", id="stream"),
        pytest.param({"posts": [VIEW], "cursor": "c"}, "bluesky-view", id="search"),
        pytest.param({"feed": [{"post": VIEW}]}, "bluesky-view", id="feed"),
        pytest.param({"accounts": [], "statuses": [STATUS]}, "mastodon", id="search of Mastodon"),
        pytest.param({"_id": "5", "_source": {"user_timestamp_utc": "1", "user_screen_name": "a", "text": "t",
                      "timestamp_utc": "1715850900"}}, "minet-x-json", id="search index"),
        pytest.param({"source_platform": "truthsocial.com", "timestamp_collected": 1716033600000, "data": STATUS},
                     "zeeschuimer-truth", id="Truth Social"),
        pytest.param({"id": 1, "type": "record", "record": {"did": "did:plc:a", "action": "create", "rkey": "k",
                      "collection": "app.bsky.feed.post", "record": VIEW["record"]}}, "bluesky-tap", id="tap"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indent", [None, 2])
def test_records_are_found_in_what_holds_them(tmp_path, content, expected, indent):
    path = tmp_path / "named.csv"
    path.write_text(json.dumps(content, indent=indent))
    found = read_all(path)
    assert (found.format, found.tally.accepted, found.post.text) == (expected, 1, "t")
    assert isinstance(json.loads(found.post.raw), dict)


@pytest.mark.parametrize("content", ['{"data": [], "meta": {}}', "[]", "[1, 2]"])
def test_json_without_records_is_refused_with_a_sentence(tmp_path, content):
    (tmp_path / "a.json").write_text(content + "\n")
    for look in (read, examine):
        with pytest.raises(NotPosts, match="no post"):
            look(tmp_path / "a.json")


@pytest.mark.parametrize("look", [read, examine])
def test_file_that_only_begins_like_json_is_refused_with_the_byte(tmp_path, look):
    (tmp_path / "a.json").write_text("{not json\n")
    with pytest.raises(UnreadableFile, match="byte 2 "):
        look(tmp_path / "a.json")


def test_line_that_excel_puts_before_the_header(tmp_path):
    header = ["message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"]
    path = write_csv(tmp_path / "a.csv", header, [["1", "7", "u", "", "", "a,b", "5", ""]], delimiter=";")
    path.write_text("sep=;\n" + path.read_text())
    assert read_all(path).post.text == "a,b"


def test_a_file_may_mix_older_and_newer_captures(tmp_path):
    envelope = {"source_platform": "twitter.com", "timestamp_collected": 1716033600000}
    created = "Thu May 16 09:15:00 +0000 2024"
    old = envelope | {"data": {"id_str": "1", "full_text": "a", "created_at": created, "user": {"id_str": "7"}}}
    legacy = {"full_text": "b", "created_at": created, "user_id_str": "8"}
    new = envelope | {"data": {"rest_id": "2", "legacy": legacy}}
    assert [post.text for post in read_all(write_lines(tmp_path / "a", new, old)).posts] == ["b", "a"]


def test_the_file_is_let_go_of_when_reading_stops_early(tmp_path):
    reading = read(write_lines(tmp_path / "a", POST, POST | {"id": "2"}))
    rows = iter(reading)
    assert next(rows).native_id == "1"
    rows.close()
    with pytest.raises(ValueError, match="closed"):
        _ = reading.position


def test_progress_goes_from_nothing_to_the_size_of_the_file(tmp_path):
    reading = read(write_lines(tmp_path / "a", *(POST | {"id": str(number)} for number in range(3_000))))
    places = [reading.position for _ in reading]
    assert places == sorted(places)
    assert places[-1] == reading.size


@given(JSON)
def test_json_is_walked_as_it_is_parsed(value):
    text = json.dumps([value, value])
    reader = JsonReader.of_text(text)
    assert [(one, json.loads(raw)) for one, raw, _ in reader.items()] == [(value, value)] * 2
    assert reader.peek() == ""


@given(st.lists(JSON, max_size=4), st.sampled_from([None, 1, 4]))
def test_items_of_a_list_keep_their_own_text(items, indent):
    text = json.dumps({"before": {"list": [1]}, "list": items, "after": 2}, indent=indent)
    found = elements(text, "list")
    assert [json.loads(raw) for raw in found] == items
    assert all(raw in text for raw in found)
    assert elements(text, "none") == []


@pytest.mark.parametrize("text", ['{"a" 1}', "{", '["a"', '{"a": 1,}', "[1 2]", "{1: 2}"])
def test_json_that_breaks_off_is_refused(text):
    with pytest.raises(Refused, match="JSON"):
        walk(JsonReader.of_text(text))


def walk(reader: JsonReader) -> None:
    if reader.peek() == "[":
        list(reader.items())
    else:
        _ = [reader.value() for _ in reader.names()]
