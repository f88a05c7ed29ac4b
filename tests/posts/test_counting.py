"""Timelines, rankings, hashtags, profiles, synchrony and reuse: against plain counts, in zones that trip."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.columns import UNDATED, Columns, microseconds, moment, written
from posts.counting import hashtags, profiles, rankings, reuse, summaries, synchrony, timelines, zones
from posts.counting.hashtags import TagUse
from posts.counting.rankings import Shared
from posts.enums import Kind
from posts.exceptions import InvalidSettings, UnknownZone
from posts.records import AuthorSnapshot
from tests.posts.rows import POSTS, SECOND, columns, row

ZONES = st.sampled_from(
    ["UTC", "Asia/Baku", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
)
MOMENTS = st.datetimes(datetime(1996, 1, 1), datetime(2030, 1, 1)).map(lambda found: found.replace(tzinfo=UTC))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@given(st.lists(MOMENTS, max_size=30), ZONES)
def test_offsets_are_those_of_the_zone(found, zone):
    stamps = np.array([microseconds(one) for one in found], np.int64)
    expected = [one.astimezone(ZoneInfo(zone)).utcoffset() // timedelta(microseconds=1) for one in found]
    assert zones.offsets(stamps, ZoneInfo(zone)).tolist() == expected


@given(st.lists(MOMENTS, max_size=30), ZONES, st.sampled_from(["minute", "hour", "day"]))
def test_timeline_is_a_plain_count_of_local_times(found, zone, unit):
    posts = Columns.of(row(n, "a", None)._replace(at=microseconds(one)) for n, one in enumerate(found))
    local = [one.astimezone(ZoneInfo(zone)) for one in found]
    cut = {"day": lambda one: one.date().isoformat(), "hour": lambda one: hour(one, minute=0), "minute": hour}[unit]
    line = timelines.timeline(posts, unit, zone)
    counts = Counter(map(cut, local))
    assert {one["bucket"]: one["posts"] for one in line["buckets"]} == counts
    if counts:
        peak = line["peak"]
        assert peak["posts"] == max(counts.values())
        assert {peak["bucket"], *peak["ties"]} == {name for name, count in counts.items() if count == peak["posts"]}


def hour(one: datetime, **more) -> str:
    return one.replace(second=0, microsecond=0, **more).isoformat(timespec="minutes")


def test_the_peak_moves_with_the_zone():
    posts = columns(
        *(row(n, "a", at("2015-11-27T02:00:00+00:00") + n) for n in range(3)), row(9, "a", at("2015-11-27T18:00Z"))
    )
    peaks = {zone: timelines.timeline(posts, "day", zone)["peak"] for zone in ("UTC", "America/New_York")}
    assert peaks["UTC"] == {"bucket": "2015-11-27", "posts": 4, "ties": []}
    assert peaks["America/New_York"] == {"bucket": "2015-11-26", "posts": 3, "ties": []}


def test_the_earliest_of_equal_peaks_is_named_and_the_others_listed():
    posts = columns(*(row(n, "a", n * 86_400) for n in range(3)))
    assert timelines.timeline(posts, "day")["peak"] == {
        "bucket": "1970-01-01",
        "posts": 1,
        "ties": ["1970-01-02", "1970-01-03"],
    }


def test_the_hour_that_comes_twice_is_two_hours():
    twice = columns(row(1, "a", at("2024-10-27T00:30Z")), row(2, "a", at("2024-10-27T01:30Z")))
    buckets = [one["bucket"] for one in timelines.timeline(twice, "hour", "Europe/Berlin")["buckets"]]
    assert buckets == ["2024-10-27T02:00+02:00", "2024-10-27T02:00+01:00"]


def test_zones_and_units_that_do_not_exist():
    with pytest.raises(UnknownZone):
        timelines.timeline(columns(), "day", "Nowhere")
    with pytest.raises(InvalidSettings, match="minute, hour, day"):
        timelines.timeline(columns(), "week")


def test_bounds_are_days_of_the_zone_and_the_end_is_left_out():
    start, end = timelines.bounds("2024-05-16", "2024-05-17", "Asia/Baku")
    posts = columns(*(row(n, "a", microseconds(start) // SECOND + n * 86_399) for n in range(3)), row(9, "a", None))
    assert posts.between(start, end).ids == ["0", "1"]
    assert len(posts.between(None, None)) == 4
    assert timelines.bounds("2024-05-16T12:00+02:00", "", "UTC")[0].utcoffset() == timedelta(hours=2)
    with pytest.raises(InvalidSettings, match="no day or time"):
        timelines.bounds("soon", "", "UTC")


@given(POSTS)
def test_counts_add_up(rows):
    found = summaries.summary(Columns.of(rows))
    assert found["posts"] == len(rows) == sum(found[kind] for kind in ("originals", "reposts", "quotes", "replies"))
    line = timelines.timeline(Columns.of(rows), "minute")
    assert sum(one["posts"] for one in line["buckets"]) + line["undated"] == len(rows)
    assert sum(one["posts"] for one in rankings.most_active(Columns.of(rows))) == len(rows)


@given(POSTS, st.randoms(use_true_random=False))
def test_columns_are_in_one_order_whatever_came_first(rows, random):
    turned = list(rows)
    random.shuffle(turned)
    first, second = Columns.of(rows), Columns.of(turned)
    assert first.ids == second.ids
    assert first.at.tolist() == second.at.tolist()
    assert json.dumps(summaries.summary(first)) == json.dumps(summaries.summary(second))


def test_earliest_post_has_its_ties_and_its_flag():
    posts = columns(row(10, "a", 5), row(9, "b", 5, flagged=True), row(1, "c", 6), row(2, "d", None))
    assert summaries.earliest(posts) == {
        "id": "9",
        "author": "b",
        "at": "1970-01-01T00:00:05+00:00",
        "flagged": True,
        "ties": [{"id": "10", "author": "a"}],
    }
    assert summaries.earliest(columns(row(1, "a", None))) is None


@given(MOMENTS)
def test_moments_come_back_to_the_microsecond(found):
    assert moment(microseconds(found)) == found
    assert datetime.fromisoformat(written(microseconds(found))) == found


def test_most_active_and_how_much_of_all_the_top_make():
    posts = columns(
        *(row(n, "b" if n < 2 else "a", n, kind=Kind.REPOST if n == 0 else Kind.ORIGINAL) for n in range(4))
    )
    assert rankings.most_active(posts, 1) == [{"author": "a", "posts": 2, "reposts": 0}]
    assert rankings.concentration(posts) == {
        "accounts": 2, "top": 10, "top_posts": 4, "top_share": 1.0, "herfindahl": 0.5,
    }  # fmt: skip
    assert rankings.concentration(columns())["herfindahl"] is None


def test_most_shared_keeps_the_platforms_count_and_ours_apart():
    found = rankings.most_shared(
        [Shared("1", "a", 5, "t"), Shared("2", "b", None), Shared("3", "c", 0)], ["2", "9", "9", ""]
    )
    told = [(one["id"], one["platform_reposts"], one["reposts_here"], one["author"]) for one in found]
    assert told == [("1", 5, 0, "a"), ("9", None, 2, None), ("2", None, 1, "b")]


def test_hashtags_count_a_post_once_and_tell_first_and_last():
    posts = columns(row(1, "a", 10), row(2, "a", 20), row(3, "b", None))
    found = hashtags.ranking(hashtags.uses(posts, [["x"], ["x", "y"], ["x"]]))
    assert [(one["tag"], one["posts"], one["accounts"]) for one in found] == [("x", 3, 2), ("y", 1, 1)]
    assert (found[0]["first"], found[0]["last"]) == ("1970-01-01T00:00:10+00:00", "1970-01-01T00:00:20+00:00")


def test_what_the_same_accounts_used_before():
    found = [
        TagUse("old", "a", "1", 5),
        TagUse("old", "z", "2", 5),
        TagUse("new", "a", "3", 9),
        TagUse("old", "b", "4"),
    ]
    assert [(one["tag"], one["accounts"]) for one in hashtags.earlier(found, 9, ["a", "b"])] == [("old", 1)]
    assert UNDATED < 5


def said(account: str, **more) -> AuthorSnapshot:
    return AuthorSnapshot("x", account, **more)


def test_declared_places_are_what_they_are():
    found = profiles.locations(
        [
            said("1", location="Bakı "), said("2", location="BAKI"), said("2", location="Paris"), said("3"),
            said("4", location="Baku", location_source="vendor:Guess"), said("2", location="BAKI"),
        ]
    )  # fmt: skip
    assert found["groups"][0] == {"location": "BAKI", "per": "says", "accounts": 2}
    assert {"location": "Baku", "per": "Guess", "accounts": 1} in found["groups"]
    assert (found["unknown"], found["changed"], found["accounts"], found["distinct"]) == (1, 1, 4, 3)


@pytest.mark.parametrize(
    ("bio", "words"),
    [
        ("Volunteer of YAP since 2011", "YAP"),
        ("yap!", "yap"),
        ("Ｙap fan", "Ｙap"),
        ("yapping", None),
        ("a_yap", None),
        ("🇦🇿YAP🇦🇿", "YAP"),
    ],
)
def test_phrase_in_a_bio_is_a_match_of_whole_words_of_one_day(bio, words):
    seen = datetime(2024, 5, 16, tzinfo=UTC)
    found = profiles.mentions([said("1", handle="h", bio=bio, observed_at=seen)] * 2, " YAP ")
    assert [one["words"] for one in found] == ([words] if words else [])
    assert all(bio[one["start"] :].startswith(words) and one["observed_at"] == seen.isoformat() for one in found)


def test_turkic_letters_in_a_phrase():
    assert profiles.mentions([said("1", bio="İlham ilə IRƏLİ")], "ilham ilə irəli")[0]["words"] == "İlham ilə IRƏLİ"
    with pytest.raises(InvalidSettings):
        profiles.mentions([], " ")


def test_accounts_made_in_one_month():
    made = [datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=400 * n) for n in range(5)]
    made += [datetime(2025, 3, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(40)]
    found = profiles.creations([said(str(n), created_at=one) for n, one in enumerate(made)] * 2 + [said("x")])
    assert (found["accounts"], found["known"], found["burst"]["accounts"], found["burst"]["of"]) == (46, 45, 40, 45)
    assert found["peak_month"] == {"bucket": "2025-03", "posts": 40, "ties": []}
    assert profiles.creations([said("x")])["burst"] is None


@given(POSTS, st.integers(0, 30))
def test_pairs_within_seconds_are_those_of_different_accounts(rows, seconds):
    found = synchrony.synchrony(Columns.of(rows), seconds)
    dated = [one for one in rows if one.at is not None]
    assert found["pairs"] == sum(
        one.account != other.account and abs(one.at - other.at) <= seconds * SECOND
        for one, other in combinations(dated, 2)
    )
    ids = [native_id for one in found["moments"] for native_id in one["ids"]]
    assert len(ids) == len(set(ids))
    assert all(one["accounts"] >= 2 for one in found["moments"])


def test_densest_moment_comes_first():
    posts = columns(*(row(n, f"a{n}", n // 3) for n in range(3)), *(row(10 + n, f"b{n}", 100) for n in range(5)))
    found = synchrony.synchrony(posts, 5)
    assert [(one["posts"], one["accounts"]) for one in found["moments"]] == [(5, 5), (3, 3)]
    assert found["posts_per_hour"] == 288.0


def test_accounts_of_several_campaigns():
    found = reuse.overlap({"b": {"1", "2"}, "a": {"2", "3", "4"}, "c": set()}, population=10)
    assert found["matrix"] == [[3, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert (found["pairs"][0]["names"], found["pairs"][0]["jaccard"]) == (["2"], 0.25)
    assert found["pairs"][0]["p"] == pytest.approx(1 - (7 * 6) / (10 * 9))
    assert reuse.overlap({"a": {"1"}, "b": {"1"}})["pairs"][0]["p"] is None


@given(st.integers(0, 12), st.integers(0, 12), st.integers(12, 20))
def test_chance_of_an_overlap_is_a_probability_that_falls(marked, drawn, population):
    chances = [reuse.hypergeometric_tail(population, marked, drawn, least) for least in range(14)]
    assert chances[0] == pytest.approx(1)
    assert chances == sorted(chances, reverse=True)
