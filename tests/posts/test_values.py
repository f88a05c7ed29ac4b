"""Ids, counts, lists and times as exports write them."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.enums import ClockFlag
from posts.exceptions import UnknownZone
from posts.formats.refusals import Refused
from posts.formats.times import FOUNDED, Clock, compared, counted, read_time, zone_named
from posts.formats.values import bracketed, count, flag, html_text, identifier
from posts.formats.workbooks import written

UTC_ZONE = zone_named("UTC")
BAKU = zone_named("Asia/Baku")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1790000000000000001", "1790000000000000001"),
        (1790000000000000001, "1790000000000000001"),
        ("did:plc:abc", "did:plc:abc"),
        (" 12 ", "12"),
        ("12.0", "12"),
        (12.0, "12"),
        ("007", "007"),
        *((nothing, "") for nothing in (None, "", "nan", "NA", "<NA>", "null", float("nan"), True, [], {})),
    ],
)
def test_ids_stay_as_they_are(value, expected):
    assert identifier(value, "id") == expected


@pytest.mark.parametrize("value", ["9.06E+17", "9,06E+17", "1e18", 1.79e18, "1790000000000000000.0", float("inf"), 1.5])
def test_rounded_ids_are_refused_with_what_stood_there(value):
    with pytest.raises(Refused, match="the id is lost") as caught:
        identifier(value, "the post's id")
    assert caught.value.code == "id_rounded"


@pytest.mark.parametrize("value", ["x" * 201, "a\nb", "a\x1bb"])
def test_unusable_ids_are_refused(value):
    with pytest.raises(Refused, match="no platform's id"):
        identifier(value, "id")


@given(st.integers(0, 2**64))
def test_no_whole_number_is_ever_changed(number):
    assert identifier(number, "id") == identifier(str(number), "id") == str(number)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (1790000000000000001, "1790000000000000001"),
        (906000000000000000, "9.06000000000000E+17"),
        (9.06e17, "9.06e+17"),
        (12.0, "12"),
        (1.5, "1.5"),
        (True, "true"),
        (None, ""),
        (datetime(2024, 5, 16, 9, 15), "2024-05-16T09:15:00"),
    ],
)
def test_cells_of_a_workbook_as_text(cell, expected):
    assert written(cell) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1,234", 1234), ("12.0", 12), (5.0, 5), ("", None), ("-1", None), (-1, None), ("many", None)],
)
def test_counts(value, expected):
    assert count(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("yes", True), ("0", False), (True, True), ("maybe", None), (None, None)]
)
def test_yes_and_no(value, expected):
    assert flag(value) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("['a', 'b']", ["a", "b"]),
        ('["a", "b"]', ["a", "b"]),
        ("[a, b]", ["a", "b"]),
        ("[]", []),
        ("", []),
        ("a, b", ["a", "b"]),
        ("['it''s']", ["its"]),
        ("[" * 5_000 + "]" * 5_000, ["[" * 4_999 + "]" * 4_999]),
        ("[__import__('os')]", ["__import__('os')"]),
    ],
)
def test_lists_in_cells(cell, expected):
    assert bracketed(cell) == expected


def test_html_becomes_text():
    assert html_text("<p>a &amp; b</p><p>c<br/>d<script>e</script></p>") == "a & b\n\nc\nde"
    assert html_text("a &lt; b") == "a < b"


NOON = datetime(2024, 5, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-16T12:00:00Z", "2024-05-16T12:00:00.00000000Z", "2024-05-16 16:00:00+04:00", "1715860800", 1715860800,
        "1715860800.0", "1715860800000", "1715860800000000", "1715860800000000000", "Thu May 16 12:00:00 +0000 2024",
        "Thu May 16 16:00:00 +0400 2024", "2024-05-16 08:00:00 EDT", "2024-05-16 12:00:00 UTC",
    ],
)  # fmt: skip
def test_times_that_name_their_zone(value):
    assert read_time(value, BAKU)[:2] == (NOON, ())


@pytest.mark.parametrize("value", ["2024-05-16T16:00:00", "2024-05-16 16:00", "5/16/2024 16:00", "5/16/2024 4:00 PM"])
def test_times_without_a_zone_are_in_the_chosen_one_and_flagged(value):
    assert read_time(value, BAKU)[:2] == (NOON, (ClockFlag.NO_ZONE,))


def test_zone_of_the_machine_never_matters(monkeypatch):
    before = os.environ.get("TZ")
    try:
        for zone in ("America/New_York", "Asia/Tokyo"):
            os.environ["TZ"] = zone
            time.tzset()
            assert read_time("2024-05-16T16:00:00", BAKU).moment == NOON
            assert read_time("1715860800", BAKU).moment == NOON
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


@pytest.mark.parametrize(
    ("value", "flagged"),
    [
        ("0000-10-14T15:06:10Z", ClockFlag.IMPLAUSIBLE),
        ("100000-01-01T00:00:00Z", ClockFlag.IMPLAUSIBLE),
        ("-62142368029", ClockFlag.IMPLAUSIBLE),
        ("yesterday", ClockFlag.UNREADABLE),
        ("2024-13-01", ClockFlag.UNREADABLE),
        ("٢٠٢٤-٠٥-١٦", ClockFlag.UNREADABLE),
    ],
)
def test_times_that_cannot_be_kept_as_written(value, flagged):
    assert read_time(value, UTC_ZONE) == Clock(None, (flagged,), value)


def test_leap_second_is_the_second_before_and_flagged():
    clock = read_time("2016-12-31T23:59:60Z", UTC_ZONE)
    assert clock.moment == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert clock.flags == (ClockFlag.LEAP_SECOND,)


@given(st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1)))
def test_every_way_of_writing_a_moment_gives_it_back(moment):
    moment = moment.replace(tzinfo=UTC)
    assert read_time(moment.isoformat(), BAKU).moment == moment
    assert read_time(f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z", BAKU).moment == moment
    micro = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert read_time(str(micro), BAKU).moment == moment


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_flagged(text):
    clock = read_time(text, UTC_ZONE)
    assert clock.moment is not None or clock.flags or not text.strip()


@pytest.mark.parametrize(
    ("apart", "flags"),
    [(0, ()), (300, ()), (-300, ()), (-301, ("claimed_differs",)), (301, ("claimed_differs", "claimed_future"))],
)
def test_claim_is_compared_with_the_clock_of_the_platform(apart, flags):
    claimed = Clock(NOON + timedelta(seconds=apart), (), "x")
    assert compared(claimed, NOON, None).flags == flags


def test_claim_from_before_anybody_posted_and_from_after_its_collection():
    assert compared(Clock(datetime(1970, 1, 1, tzinfo=UTC)), None, None).flags == ("claimed_implausible",)
    assert compared(Clock(NOON + timedelta(days=1)), None, NOON).flags == ("claimed_future",)


def test_seconds_from_a_start_of_their_own_are_kept_only_where_a_format_has_them():
    bare = read_time("100", UTC_ZONE)
    assert compared(bare, None, None) == Clock(None, ("claimed_implausible",), "100")
    kept = compared(counted(bare), None, None)
    assert (kept.moment, kept.flags) == (bare.moment, ("claimed_implausible",))
    written = read_time("1970-01-01T00:01:40Z", UTC_ZONE)
    assert counted(written) is written


@pytest.mark.parametrize("platform", FOUNDED)
def test_no_platform_has_posts_from_before_it_was_there(platform):
    first = FOUNDED[platform]
    assert compared(Clock(first, (), "x"), None, None, NOON, platform) == Clock(first, (), "x")
    before = Clock(first - timedelta(seconds=1), (), "x")
    assert compared(before, None, None, NOON, platform) == Clock(None, ("claimed_implausible",), "x")
    assert compared(before, NOON, None, NOON, platform).moment == before.moment


@pytest.mark.parametrize("platform", ["bluesky", "mastodon", "other"])
def test_posts_that_were_written_elsewhere_before_keep_their_time(platform):
    claimed = Clock(datetime(2001, 1, 1, tzinfo=UTC), (), "x")
    assert compared(claimed, None, None, NOON, platform) == claimed


def test_claim_long_after_the_collection_is_no_time():
    late = Clock(NOON + timedelta(days=1, seconds=1), (), "x")
    assert compared(late, None, NOON, NOON + timedelta(days=9)) == Clock(None, ("claimed_future",), "x")


def test_wrong_clocks_keep_their_time():
    soon = Clock(NOON + timedelta(hours=20), (), "x")
    assert compared(soon, None, None, NOON) == soon._replace(flags=("claimed_future",))
    seen = compared(Clock(datetime(2999, 1, 1, tzinfo=UTC), (), "x"), NOON, None, NOON)
    assert seen.moment is not None
    assert seen.flags == ("claimed_differs", "claimed_future")


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "a\x00b"])
def test_unknown_zone(name):
    with pytest.raises(UnknownZone, match="time zone"):
        zone_named(name)
