"""Figures of follow lists: latest lists, what they share, and never more than the lists say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.follows import Listing, in_common, latest, overlap, report
from posts.names import name_of, on_server, user_of

DAY = datetime(2024, 5, 16, tzinfo=UTC)


def listing(label, account, *members, days=0, direction="following", platform="x", complete=True):
    at = DAY + timedelta(days=days)
    return Listing(label, platform, account, direction, members, at, f"{at:%Y-%m-%d}", complete)


def test_list_tells_its_number_its_day_and_whether_anybody_may_be_missing():
    told = listing("F-1", "7", "12", "13", "@ana", complete=False).told(limit=2)
    assert told == {
        "list": "F-1", "platform": "x", "account": "7", "direction": "following", "as_of": "2024-05-16",
        "is_complete": False, "in_this_list": 3, "by_handle_only": 1, "members": ["12", "13"],
    }  # fmt: skip


def test_latest_list_of_each_direction_counts():
    lists = [listing("F-1", "7", "12", days=1), listing("F-2", "7", "13"), listing("F-3", "7", direction="followers")]
    assert [one.label for one in latest(lists)] == ["F-3", "F-1"]


def test_lists_share_ids_and_never_handles():
    lists = [listing("F-1", "7", "12", "13", "@ana"), listing("F-2", "8", "12", "@ana"), listing("F-3", "9", "14")]
    assert in_common(lists, 10) == [{"platform": "x", "account": "12", "lists": 2, "of": 3}]
    assert overlap(lists, 10) == [{"a": "F-1", "b": "F-2", "in_both": 1, "members": ["12"]}]


def test_lists_of_two_platforms_or_directions_share_nothing():
    lists = [
        listing("F-1", "7", "12"),
        listing("F-2", "8", "12", platform="vk"),
        listing("F-3", "9", "12", direction="followers"),
    ]
    found = report(lists, 10)
    assert (found["overlap"], found["in_common"]) == ([], {"following": [], "followers": []})


@pytest.mark.parametrize(
    ("one", "other", "in_both"),
    [
        ("12", "12", 0),
        ("12@a.example", "12@a.example", 1),
        ("12@a.example", "12@b.example", 0),
        ("https://a.example/@ana", "https://a.example/@ana", 1),
        ("@ana@a.example", "@ana@a.example", 0),
    ],
)
def test_numbers_of_mastodon_join_lists_with_their_server_only(one, other, in_both):
    lists = [listing("F-1", "7", one, platform="mastodon"), listing("F-2", "8", other, platform="mastodon")]
    assert [pair["in_both"] for pair in overlap(lists, 10)] == [in_both] * bool(in_both)
    assert len(in_common(lists, 10)) == in_both
    assert lists[0].told(10)["in_this_list"] == 1


@given(st.sampled_from(["x", "mastodon", "bluesky", "other", "gab"]), st.integers(1, 10**19).map(str))
def test_name_of_an_account_is_taken_apart_again(platform, number):
    server = "a.example" if platform in ("mastodon", "other") else ""
    assert user_of(platform, name_of(platform, number, server)) == (number, server)
    assert name_of(platform, "", server) == ""


@pytest.mark.parametrize(
    ("account", "handle", "whole"),
    [
        ("@ben", "ben", ("@ben@a.example", "ben@a.example")),
        ("@ana@b.example", "Ana@b.example", ("@ana@b.example", "Ana@b.example")),
        ("12", "", ("12@a.example", "")),
        ("12", "ben", ("12@a.example", "ben@a.example")),
        ("12", "ana@b.example", ("@ana@b.example", "ana@b.example")),
        ("5@a.example", "ben@a.example", ("5@a.example", "ben@a.example")),
        ("https://b.example/@ana", "ana@b.example", ("https://b.example/@ana", "ana@b.example")),
    ],
)
def test_list_of_a_server_means_its_own_accounts_where_it_names_none(account, handle, whole):
    assert on_server("mastodon", account, handle, "a.example") == whole


@given(st.permutations(range(6)), st.lists(st.frozensets(st.sampled_from("abcdefgh")), min_size=6, max_size=6))
def test_order_of_lists_and_of_their_members_changes_no_figure(order, members):
    lists = [listing(f"F-{n}", str(n % 4), *sorted(names), days=n) for n, names in enumerate(members)]
    shuffled = [listing(f"F-{n}", str(n % 4), *sorted(members[n], reverse=True), days=n) for n in order]
    one, other = report(lists, 50), report(shuffled, 50)
    assert one["in_common"] == other["in_common"]
    assert one["overlap"] == other["overlap"]
    for pair in one["overlap"]:
        a, b = (set(members[int(pair[side][2:])]) for side in "ab")
        assert pair["in_both"] == len(a & b)
