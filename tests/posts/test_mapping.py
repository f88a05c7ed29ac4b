"""Tables that nobody knows: a proposed mapping, a chosen one, and what it leaves out."""

import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from posts.enums import Kind, TagSource
from posts.exceptions import BadMapping, UnknownFormat, UnreadableFile
from posts.formats.mapping import Mapping, propose
from posts.formats.reading import Options, examine, read
from tests.posts.files import read_all, write_csv, write_lines

HEADER = ["Status ID", "Author ID", "Screen Name", "Full text", "Created at", "Tags", "Retweet count", "Mood"]
ROW = ["1790000000000000001", "7", "@maren", "Long live", "16.05.2024", "a|B", "1,200", "grim"]
CHOSEN = Mapping(
    platform="x", zone="Asia/Baku", post_id="Status ID", author_id="Author ID", handle="Screen Name", text="Full text",
    time="Created at", hashtags="Tags", reposts="Retweet count",
)  # fmt: skip


@pytest.fixture
def table(tmp_path):
    return write_csv(tmp_path / "a.csv", HEADER, [[*ROW[:4], "2024-05-16 13:15", *ROW[5:]]])


def make_workbook(path, rows, title="Posts"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def rewrite(path, changes):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            for old, new in changes.items():
                content = content.replace(old, new)  # noqa: PLW2901 - one change after another
            archive.writestr(name, content)


def test_unknown_table_is_refused_with_its_columns_and_shown_with_a_proposal(table):
    with pytest.raises(UnknownFormat, match="Status ID, Author ID"):
        read(table)
    seen = examine(table, options=Options(platform="x", zone="Asia/Baku"))
    assert seen.proposal == CHOSEN
    assert (seen.format, seen.lost, seen.rows[0]["Mood"]) == ("mapping", ["Mood"], "grim")


def test_mapping_is_read_as_it_was_chosen(table):
    post = read_all(table, mapping=CHOSEN).post
    assert (post.native_id, post.author_id, post.handle, post.platform) == (ROW[0], "7", "maren", "x")
    assert (post.hashtags, post.tag_source, post.metrics) == (("a", "b"), TagSource.PLATFORM, {"reposts": 1200})
    assert (post.claimed_at.isoformat(), post.clock_flags) == ("2024-05-16T09:15:00+00:00", ("no_zone",))


def test_looking_with_a_mapping_shows_the_posts_it_gives(table):
    seen = examine(table, options=Options(mapping=CHOSEN))
    assert [post.text for post in seen.posts] == ["Long live"]
    assert seen.lost == ["Mood"]


def test_table_without_ids_gets_ids_of_its_content(table, tmp_path):
    without = Mapping.from_json(CHOSEN.as_json() | {"post_id": ""})
    first, second = read_all(table, mapping=without).post, read_all(table, mapping=without).post
    assert first.native_id == second.native_id
    assert first.native_id.startswith("auto:")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": "Nope"}, "no column 'Nope'"),
        ({"text": ""}, "holds the text"),
        ({"time": ""}, "holds the time"),
        ({"author_id": "", "handle": ""}, "author's id or handle"),
    ],
)
def test_mapping_that_cannot_be_used(table, changed, words):
    with pytest.raises(BadMapping, match=words):
        read(table, options=Options(mapping=Mapping.from_json(CHOSEN.as_json() | changed)))


@pytest.mark.parametrize("value", [[], "x", {"colour": "red"}, {"text": 5}])
def test_mapping_from_elsewhere_is_checked(value):
    with pytest.raises(BadMapping):
        Mapping.from_json(value)


def test_reading_by_a_mapping_needs_one(table):
    with pytest.raises(BadMapping, match="needs the mapping"):
        read(table, format="mapping")


@given(st.lists(st.sampled_from([*HEADER, "text", "user", "date", "id", "url", "Likes", "x y", "ß"]), unique=True))
def test_proposal_names_only_columns_that_are_there_and_each_once(columns):
    chosen = list(propose(columns).columns().values())
    assert set(chosen) <= set(columns)
    assert len(set(chosen)) == len(chosen)
    assert Mapping.from_json(propose(columns).as_json()) == propose(columns)


def test_json_of_any_shape_is_mapped_by_paths(tmp_path):
    item = {"meta": {"key": 5, "when": 1715850900}, "who": {"name": "a"}, "body": "Hi", "rt": True}
    path = write_lines(tmp_path / "a.ndjson", item, "oops", item | {"meta": {"key": 6, "when": None}})
    mapping = Mapping(post_id="meta.key", handle="who.name", text="body", time="meta.when", is_repost="rt")
    found = read_all(path, mapping=mapping)
    assert (found.post.native_id, found.post.account, found.post.kind) == ("5", "@a", Kind.REPOST)
    assert [one.code for one in found.rejections] == ["not_json", "no_time"]
    assert examine(path).columns == ["meta.key", "meta.when", "who.name", "body", "rt"]


@pytest.mark.parametrize("bare", ["0", "20240516", "45428.5", "-1"])
def test_bare_number_of_a_mapped_table_that_is_no_time_leaves_the_post_undated(tmp_path, bare):
    path = write_csv(
        tmp_path / "b.csv",
        HEADER,
        [[bare if name == CHOSEN.time else cell for name, cell in zip(HEADER, ROW, strict=True)]],
    )
    post = read_all(path, mapping=CHOSEN).post
    assert (post.ordered_at, post.clock_flags, post.claimed_text) == (None, ("claimed_implausible",), bare)


def test_workbook_keeps_exact_ids_and_refuses_rounded_ones(tmp_path):
    rows = [
        ["id", "user id", "text", "date"],
        ["1790000000000000001", 7, "as text", "2024-05-16T09:15:00Z"],
        [1790000000000000001, 7, "as a number of 19 digits", "2024-05-16T09:15:00Z"],
        [9.06e17, 7, "rounded by Excel", "2024-05-16T09:15:00Z"],
        [907000000000000000, 7, "rounded and written out", "2024-05-16T09:15:00Z"],
        [None, None, None, None],
        [5, 7, "no time", None],
    ]
    path = make_workbook(tmp_path / "a.xlsx", rows)
    # openpyxl rounds what it writes, as Excel does; other programs write all digits.
    rewrite(path, {b">1.79e+18<": b">1790000000000000001<", b">9.07e+17<": b">907000000000000000<"})
    found = read_all(path, mapping=examine(path).proposal)
    assert [one.text for one in found.posts] == ["as text"]
    assert len(found.duplicates) == 1
    assert [(one.place.line, one.code) for one in found.rejections] == [
        (4, "id_rounded"),
        (5, "id_rounded"),
        (7, "no_time"),
    ]


def test_workbook_of_a_known_export_is_recognised(tmp_path):
    header = ["message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"]
    path = make_workbook(tmp_path / "a.xlsx", [header, ["1", "7", "u", None, None, "t", 100, None]])
    found = read_all(path)
    assert (found.format, found.post.native_id) == ("qut", "1")
    assert b'"t"' in found.post.raw


def test_formulas_of_a_workbook_are_not_run(tmp_path):
    path = make_workbook(
        tmp_path / "a.xlsx", [["id", "user", "text", "date"], ["1", "u", "=1+1", "2024-05-16T09:15:00Z"]]
    )
    assert read_all(path, mapping=examine(path).proposal).posts[0].text == ""


def test_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("posts.formats.workbooks.MAX_UNPACKED", 1_000)
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        examine(make_workbook(tmp_path / "a.xlsx", [["id"]]))


def test_empty_workbook(tmp_path):
    with pytest.raises(UnreadableFile, match="No sheet"):
        examine(make_workbook(tmp_path / "a.xlsx", []))


# --- day and month as numbers


def dated(tmp_path, *dates):
    rows = [[str(number), *ROW[1:4], date, *ROW[5:]] for number, date in enumerate(dates, 1)]
    return write_csv(tmp_path / "dated.csv", HEADER, rows)


@pytest.mark.parametrize("date", ["12/05/2024 10:00", "12.05.2024", "12-05-2024", "16/05/2024", "05/16/2024 4:00 PM"])
def test_order_of_day_and_month_is_never_guessed(tmp_path, date):
    """Not even where one of the numbers cannot be a month: the next row may be read wrongly by the same guess."""
    with pytest.raises(BadMapping, match="whether the day or the month comes first") as caught:
        read(dated(tmp_path, date), format="mapping", options=Options(mapping=CHOSEN))
    assert caught.value.field == "day_order"


@pytest.mark.parametrize(("order", "day", "month"), [("day", 12, 5), ("month", 5, 12)])
def test_order_that_was_said_is_the_order_of_every_row(tmp_path, order, day, month):
    path = dated(tmp_path, "12/05/2024 10:00", "12.05.2024 10:00", "12-05-2024, 10:00 AM", "2024-05-16")
    found = read_all(path, format="mapping", mapping=replace(CHOSEN, zone="UTC", day_order=order)).posts
    assert [(post.claimed_at.day, post.claimed_at.month) for post in found] == [(day, month)] * 3 + [(16, 5)]
    assert {post.claimed_at.hour for post in found[:3]} == {10}


def test_row_that_cannot_be_in_that_order_is_refused_with_its_date(tmp_path):
    path = dated(tmp_path, "12/05/2024", "16/05/2024")
    found = read_all(path, format="mapping", mapping=replace(CHOSEN, day_order="month"))
    assert len(found.posts) == 1
    assert "in the order that was said: '16/05/2024'" in found.rejections[0].reason


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["12/05/2024", "16/05/2024"], "day"),
        (["12/05/2024", "05/16/2024"], "month"),
        (["12/05/2024"], ""),
        (["16/05/2024", "05/16/2024"], ""),
    ],
)
def test_look_shows_the_dates_and_proposes_only_what_they_show(tmp_path, dates, order):
    seen = examine(dated(tmp_path, *dates))
    assert (seen.dates, seen.proposal.day_order, seen.posts) == (dates, order, [])


def test_order_is_one_of_two_words(table):
    with pytest.raises(BadMapping, match="'day' or 'month'"):
        read(table, format="mapping", options=Options(mapping=replace(CHOSEN, day_order="year")))


def test_column_says_when_a_row_was_collected(tmp_path):
    path = write_csv(tmp_path / "c.csv", [*HEADER, "Retrieved at"], [[*ROW[:4], "2024-05-16", *ROW[5:], "2024-05-18"]])
    seen = examine(path)
    assert seen.proposal.collected_at == "Retrieved at"
    assert read_all(path, format="mapping", mapping=seen.proposal).post.collected_at.day == 18
