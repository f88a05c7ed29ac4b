"""Files of followers and followed as tools write them, read to the entry; what they cannot mean is refused."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.exceptions import InvalidInput
from posts.exceptions import NotAList
from posts.formats import follow_lists
from posts.formats.follow_lists import Told
from tests.posts.files import SHARED, needs_real_files, write_csv, write_lines

ADDRESS = "https://api.twitter.com/2/users/783214/{}?max_results=1000"


def api2_page(*users, direction="following", token=None, account="783214"):
    """A page of API v2 as twarc keeps it."""
    meta = {"result_count": len(users)} | ({"next_token": token} if token else {})
    twarc = {"url": ADDRESS.format(direction).replace("783214", account), "retrieved_at": "2024-05-16T10:00:00+00:00"}
    return {"data": list(users), "meta": meta, "__twarc": twarc}


def user(number, name):
    return {"id": str(number), "username": name, "name": name.title()}


def accounts(path: Path) -> list[str]:
    return [entry.account for entry in follow_lists.read(path).entries]


def test_pages_of_the_api_say_whose_list_it_is_when_and_that_it_ended(tmp_path):
    path = write_lines(
        tmp_path / "f.jsonl", api2_page(user(1, "ana"), user(2, "ben"), token="more"), api2_page(user(3, "cem"))
    )
    found = follow_lists.read(path)
    assert [entry[:4] for entry in found.entries] == [
        ("1", "1", "ana", "Ana"), ("2", "2", "ben", "Ben"), ("3", "3", "cem", "Cem"),
    ]  # fmt: skip
    assert found.told == Told("x", "783214", "following", datetime(2024, 5, 16, 10, tzinfo=UTC), False)
    assert str(found.entries[1].place) == "line 1, item 2"


def test_list_whose_last_page_names_another_goes_on(tmp_path):
    path = write_lines(tmp_path / "f.jsonl", api2_page(user(1, "ana"), token="more", direction="followers"))
    told = follow_lists.read(path).told
    assert (told.direction, told.goes_on) == ("followers", True)


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (api2_page(user(1, "a")), api2_page(user(2, "b"), account="12"), "account"),
        (api2_page(user(1, "a")), api2_page(user(2, "b"), direction="followers"), "direction"),
    ],
)
def test_file_of_several_lists_is_refused(tmp_path, one, other, what):
    with pytest.raises(NotAList, match=f"their {what} differs"):
        follow_lists.read(write_lines(tmp_path / "f.jsonl", one, other))


@pytest.mark.parametrize(
    ("cursor", "goes_on"), [({"next_cursor": 0}, False), ({"next_cursor_str": "17"}, True), ({}, None)]
)
def test_ids_of_the_older_api(tmp_path, cursor, goes_on):
    found = follow_lists.read(write_lines(tmp_path / "f.json", {"ids": [12, "1565623927"], **cursor}))
    assert [entry.author_id for entry in found.entries] == ["12", "1565623927"]
    assert (found.told.platform, found.told.goes_on) == ("x", goes_on)


@pytest.mark.parametrize(("key", "direction"), [("follows", "following"), ("followers", "followers")])
def test_bluesky_pages(tmp_path, key, direction):
    subject = {"did": "did:plc:5klvtukw5fucxsrkjldhrjxs", "handle": "ana.bsky.social"}
    listed = [{"did": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "handle": "ben.bsky.social", "displayName": "Ben"}]
    found = follow_lists.read(write_lines(tmp_path / "f.json", {"subject": subject, key: listed}))
    assert found.entries[0][:4] == (listed[0]["did"], listed[0]["did"], "ben.bsky.social", "Ben")
    assert found.told == Told("bluesky", subject["did"], direction, None, False)


@pytest.mark.parametrize(("name", "direction"), [("following", "following"), ("follower", "followers")])
def test_xs_own_archive_of_an_account(tmp_path, name, direction):
    path = tmp_path / f"{name}.js"
    listed = [{name: {"accountId": str(id_), "userLink": f"https://twitter.com/intent/user?user_id={id_}"}}
              for id_ in (12, 1565623927, 12)]  # fmt: skip
    path.write_text(f"window.YTD.{name}.part0 = {json.dumps(listed, indent=2)}")
    found = follow_lists.read(path)
    assert [entry[:4] for entry in found.entries] == [("12", "12", "", ""), ("1565623927", "1565623927", "", "")]
    assert (found.duplicates, found.rejections) == (1, [])
    assert found.told == Told("x", direction=direction)


@pytest.mark.parametrize(
    "content", ["window.YTD.following.part0 = [", "window.YTD.following.part0 = 7", "window.YTD.x"]
)
def test_archive_that_breaks_off_lists_nothing(tmp_path, content):
    path = tmp_path / "following.js"
    path.write_text(content)
    with pytest.raises(InvalidInput):
        follow_lists.read(path)


def test_tweets_of_xs_own_archive_are_no_list(tmp_path):
    path = tmp_path / "tweets.js"
    path.write_text('window.YTD.tweets.part0 = [{"tweet": {"id_str": "1", "full_text": "Hi"}}]')
    with pytest.raises(NotAList, match="lists no accounts"):
        follow_lists.read(path)


MASTODON = "Account address,Show boosts,Notify on new posts,Languages\n"


@pytest.mark.parametrize(
    ("content", "listed"),
    [
        (f'{MASTODON}Ana@a.example,true,false,"en, de"\nben,true,true,\n', ["@ana@a.example", "@ben"]),
        ("Account address,Show boosts\r\n@ana@a.example,true\r\n", ["@ana@a.example"]),
        ("ana@a.example\nben@b.example\nana@a.example\n", ["@ana@a.example", "@ben@b.example"]),
        ("\ufeffana@a.example\n", ["@ana@a.example"]),
    ],
)
def test_whom_mastodon_exports_as_followed_in_every_version(tmp_path, content, listed):
    path = tmp_path / "following_accounts.csv"
    path.write_text(content, encoding="utf-8", newline="")
    assert accounts(path) == listed


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Account address,Hide notifications\nana@a.example,true\n", "muted"),
        ("Friends,ana@a.example\nFriends,ben@b.example\n", "neither the id nor the handle"),
        ("https://a.example/users/ana/statuses/1\nhttps://a.example/users/ana/statuses/2\n", "neither the id"),
        ("a.example\nb.example\n", "neither the id"),
    ],
)
def test_other_exports_of_mastodon_are_no_follow_lists(tmp_path, content, reason):
    path = tmp_path / "f.csv"
    path.write_text(content)
    with pytest.raises(NotAList, match=reason):
        follow_lists.read(path)


def test_mastodon_accounts_are_known_by_their_number_on_their_own_server_or_by_their_address(tmp_path):
    own = {"id": "5", "acct": "ben", "url": "https://b.example/@ben", "display_name": "Ben"}
    foreign = {"id": "13179", "acct": "ana@a.example", "url": "https://a.example/@ana", "display_name": "Ana"}
    found = follow_lists.read(write_lines(tmp_path / "f.jsonl", own, foreign))
    assert [entry[:4] for entry in found.entries] == [
        ("5@b.example", "5@b.example", "ben@b.example", "Ben"),
        ("https://a.example/@ana", "https://a.example/@ana", "ana@a.example", "Ana"),
    ]


def test_accounts_of_truth_social_and_gab_say_their_platform(tmp_path):
    """Nobody can call them accounts of a server of Mastodon, where other numbers are."""
    profile = {"id": "5", "acct": "tom", "url": "https://truthsocial.com/@tom"}
    found = follow_lists.read(write_lines(tmp_path / "t.ndjson", profile))
    assert (found.told.platform, [entry.account for entry in found.entries]) == ("truthsocial", ["5"])
    gab = profile | {"url": "https://gab.com/tom"}
    with pytest.raises(NotAList, match="platform"):
        follow_lists.read(write_lines(tmp_path / "b.ndjson", profile, gab))


def test_mastodon_accounts_in_one_document(tmp_path):
    path = tmp_path / "f.json"
    path.write_text(json.dumps([{"id": "13179", "acct": "ana@mastodon.example", "display_name": "Ana"}]))
    assert follow_lists.read(path).entries[0][:4] == ("13179", "13179", "ana@mastodon.example", "Ana")


def test_bare_ids_one_a_line_keep_the_first_one(tmp_path):
    path = tmp_path / "ids.txt"
    path.write_text("897889083170672642\n1565623927\n12\n12\n")
    found = follow_lists.read(path)
    assert [entry.account for entry in found.entries] == ["897889083170672642", "1565623927", "12"]
    assert (found.duplicates, found.read) == (1, 4)


def test_table_of_minet_lists_the_friend_and_not_the_owner(tmp_path):
    path = write_csv(
        tmp_path / "f.csv", ["user_id", "screen_name", "friend_id"], [["7", "me", "12"], ["7", "me", "13"]]
    )
    assert accounts(path) == ["12", "13"]
    assert follow_lists.read(path).entries[0].handle == ""


def test_table_of_the_lists_of_several_accounts_is_refused(tmp_path):
    path = write_csv(tmp_path / "f.csv", ["user_id", "friend_id"], [["7", "12"], ["8", "12"]])
    with pytest.raises(NotAList, match="several accounts"):
        follow_lists.read(path)


def test_handle_without_an_id_is_marked_as_one(tmp_path):
    path = write_csv(tmp_path / "f.csv", ["username"], [["@Ana"], ["ANA"], ["ben"]])
    found = follow_lists.read(path)
    assert [entry.account for entry in found.entries] == ["@ana", "@ben"]
    assert found.duplicates == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [({"id": "9.06E+17"}, "id_rounded"), ({"id": ""}, "no_account"), ({"id": "1", "text": "hello"}, "a_post")],
)
def test_entry_that_names_no_account_is_refused_with_its_line(tmp_path, cells, code):
    columns = [*cells, "name"]
    good = ["12", *([""] * (len(columns) - 1))]
    path = write_csv(tmp_path / "f.csv", columns, [[*cells.values(), "x"]])
    with pytest.raises(NotAList, match="line 2"):
        follow_lists.read(path)
    if "text" not in cells:
        found = follow_lists.read(write_csv(tmp_path / "g.csv", columns, [[*cells.values(), "x"], good]))
        assert [(str(one.place), one.code) for one in found.rejections] == [("line 2", code)]


@given(ids=st.lists(st.integers(1, 10**19).map(str), min_size=1, max_size=30))
def test_every_id_is_listed_once_and_all_are_counted(tmp_path_factory, ids):
    path = write_lines(tmp_path_factory.mktemp("lists") / "f.jsonl", *({"id": one, "username": "x"} for one in ids))
    found = follow_lists.read(path)
    assert [entry.account for entry in found.entries] == list(dict.fromkeys(ids))
    assert found.read == len(ids)


@needs_real_files
@pytest.mark.parametrize(
    ("name", "number"),
    [("twarc_csv/users.jsonl", 91), ("twitwi/user-export.csv", 3), ("twitwi/bluesky-profiles.json", 5)],
)
def test_real_files_of_profiles(name, number):
    found = follow_lists.read(SHARED / name)
    assert len(found.entries) == number
    assert found.rejections == []
    # They are profiles that somebody chose, and say nothing of who follows whom.
    assert found.told == Told()


@needs_real_files
@pytest.mark.parametrize("name", ["counts.jsonl", "two_tweets.jsonl", "lists.jsonl", "users_compliance.jsonl"])
def test_real_files_of_something_else_are_no_lists_of_accounts(name):
    with pytest.raises(NotAList):
        follow_lists.read(SHARED / "twarc_csv" / name)
