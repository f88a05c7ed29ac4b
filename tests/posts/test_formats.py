"""Each known export in a file of its shape: recognised by columns or keys, and every part in its place."""

import csv
import io
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posts.enums import Kind, Relation, TagSource
from posts.exceptions import NotPosts, UnknownFormat
from posts.formats.reading import FORMATS, examine, read
from posts.records import Media, Reference
from tests.posts.files import read_all, write_csv, write_lines, write_row

X_ENVELOPE = {
    "nav_index": "1:1",
    "item_id": "1790000000000000001",
    "timestamp_collected": 1716033600000,
    "source_platform": "twitter.com",
    "source_url": "https://x.com/search",
}
CREATED = "Thu May 16 09:15:00 +0000 2024"
GENERATIONS = {
    "to 2025-05": {
        "rest_id": "77",
        "legacy": {
            "screen_name": "maren",
            "name": "Maren",
            "description": "Volunteer of YAP",
            "location": "Baku",
            "followers_count": 12,
            "friends_count": 3,
            "statuses_count": 40,
            "created_at": "Wed May 01 00:00:00 +0000 2024",
        },
    },
    "2025-05 on": {
        "rest_id": "77",
        "core": {"screen_name": "maren", "name": "Maren", "created_at": "Wed May 01 00:00:00 +0000 2024"},
        "avatar": {"image_url": "https://pbs.example/1.jpg"},
        "location": {"location": "Baku"},
        "legacy": {"description": "Volunteer of YAP", "followers_count": 12, "friends_count": 3, "statuses_count": 40},
    },
    "2026-07 on": {
        "rest_id": "77",
        "core": {"screen_name": "maren", "name": "Maren", "created_at": "Wed May 01 00:00:00 +0000 2024"},
        "location": {"location": "Baku"},
        "profile_bio": {"description": "Volunteer of YAP"},
        "relationship_counts": {"followers": 12, "following": 3},
        "tweet_counts": {"tweets": 40},
        "privacy": {"protected": False},
        "verification": {"verified": True},
        "legacy": {},
    },
}


def captured(user: dict | None, **legacy: object) -> dict:
    """A line of Zeeschuimer; `id` is rounded there, as it is for replies."""
    data = {
        "id": 1790000000000000000,
        "rest_id": "1790000000000000001",
        "core": {"user_results": {"result": user} if user else {}},
        "legacy": {"created_at": CREATED, "full_text": "Long live #Qarabağ", "user_id_str": "77", "lang": "az"}
        | legacy,
    }
    return X_ENVELOPE | {"data": data}


@pytest.mark.parametrize("generation", GENERATIONS)
def test_x_profiles_of_every_generation_are_whole(tmp_path, generation):
    post = read_all(write_lines(tmp_path / "x.ndjson", captured(GENERATIONS[generation]))).post
    author = post.author
    assert (post.native_id, post.author_id, post.handle) == ("1790000000000000001", "77", "maren")
    assert (author.bio, author.location, author.location_source) == ("Volunteer of YAP", "Baku", "declared")
    assert (author.followers, author.following, author.posts) == (12, 3, 40)
    assert author.created_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert author.observed_at == post.collected_at == datetime(2024, 5, 18, 12, tzinfo=UTC)
    assert post.claimed_at == datetime(2024, 5, 16, 9, 15, tzinfo=UTC)


def test_x_capture_without_any_entities_still_has_its_hashtags(tmp_path):
    post = read_all(write_lines(tmp_path / "x.ndjson", captured(GENERATIONS["2026-07 on"], entities={}))).post
    assert (post.hashtags, post.tag_source) == (("qarabağ",), TagSource.TEXT)


def test_x_capture_prefers_the_list_of_the_platform_and_says_so(tmp_path):
    entities = {"hashtags": [{"text": "Other"}], "urls": [{"expanded_url": "https://a.example"}], "user_mentions": []}
    post = read_all(write_lines(tmp_path / "x.ndjson", captured(GENERATIONS["2025-05 on"], entities=entities))).post
    assert (post.hashtags, post.tag_source) == (("other",), TagSource.PLATFORM)
    assert post.urls == ("https://a.example",)


def test_x_capture_with_an_empty_profile_takes_the_handle_from_its_picture(tmp_path):
    media = [
        {"type": "photo", "expanded_url": "https://x.com/maren/status/1/photo/1", "media_url_https": "https://p/1"}
    ]
    post = read_all(write_lines(tmp_path / "x.ndjson", captured(None, extended_entities={"media": media}))).post
    assert (post.author_id, post.handle) == ("77", "maren")
    assert post.media == (Media("photo", "https://p/1"),)
    assert post.notes == ("the capture has no profile of the author",)


def test_x_capture_of_a_repost_and_of_a_quoting_reply(tmp_path):
    inner = captured(GENERATIONS["to 2025-05"], full_text="The whole text " * 20)["data"]
    repost = captured(GENERATIONS["2026-07 on"], full_text="RT @maren: cut…", retweeted_status_result={"result": inner})
    quote = captured(
        GENERATIONS["2026-07 on"],
        quoted_status_id_str="5",
        in_reply_to_status_id_str="6",
        in_reply_to_screen_name="someone",
    )
    quote["data"]["rest_id"] = "2"
    first, second = read_all(write_lines(tmp_path / "x.ndjson", repost, quote)).posts
    assert first.kind == Kind.REPOST
    assert first.text == "RT @maren: " + "The whole text " * 20
    assert first.refs == (Reference(Relation.REPOSTED, "1790000000000000001", "77", "maren"),)
    assert second.kind == Kind.QUOTE
    assert [ref.relation for ref in second.refs] == [Relation.QUOTED, Relation.REPLIED_TO]


def test_x_capture_of_a_shape_that_is_not_known_is_kept_as_a_rejection(tmp_path):
    found = read_all(
        write_lines(tmp_path / "x", X_ENVELOPE | {"data": {"rest_id": "1"}}, captured(GENERATIONS["to 2025-05"]))
    )
    assert found.rejection.code == "unmapped"
    assert b'"rest_id"' in found.rejection.raw
    assert found.tally.accepted == 1


def test_x_long_text_is_that_of_the_note(tmp_path):
    line = captured(GENERATIONS["to 2025-05"])
    line["data"]["note_tweet"] = {"note_tweet_results": {"result": {"text": "Everything", "entity_set": {}}}}
    assert read_all(write_lines(tmp_path / "x", line)).post.text == "Everything"


def test_older_capture_of_x(tmp_path):
    tweet = {"type": "adaptive", "id_str": "9", "full_text": "Hi", "created_at": CREATED, "user": {"id_str": "7"}}
    found = read_all(write_lines(tmp_path / "x", X_ENVELOPE | {"data": tweet}))
    assert (found.format, found.post.native_id, found.post.author_id) == ("zeeschuimer-x-old", "9", "7")
    assert found.post.collected_at == datetime(2024, 5, 18, 12, tzinfo=UTC)


def test_4cat_table_of_x(tmp_path):
    path = write_row(
        tmp_path / "4cat.csv",
        collected_from_url="u",
        id="1790000000000000001",
        thread_id="5",
        timestamp="2024-05-16 09:15:00",
        unix_timestamp="1715850900",
        body="RT @b: text",
        author="a",
        author_id="77",
        is_retweet="yes",
        retweeted_user="b",
        is_quote_tweet="no",
        quote_tweet_id="",
        quote_author="",
        is_reply="no",
        hashtags="one,Two",
        urls="",
        images="https://p/1",
        videos="",
        mentions="b",
        retweet_count="1,234",
    )
    found = read_all(path)
    post = found.post
    assert (found.format, post.kind, post.hashtags) == ("4cat-x", Kind.REPOST, ("one", "two"))
    assert (post.metrics, post.claimed_at) == ({"reposts": 1234}, datetime(2024, 5, 16, 9, 15, tzinfo=UTC))
    assert post.notes == ("in the thread of 5",)
    assert any("bios" in sentence for sentence in examine(path).lost)


def test_twarc_table(tmp_path):
    path = write_row(
        tmp_path / "t.csv",
        id="3",
        author_id="7",
        created_at="2022-10-04T15:25:05.000Z",
        text="Hi #a",
        lang="en",
        referenced_tweets__replied_to__id="2",
        referenced_tweets__retweeted__id="",
        referenced_tweets__quoted__id="",
        in_reply_to_user_id="8",
        in_reply_to_username="x",
        entities__hashtags='[{"tag": "A", "start": 3}]',
        entities__urls="",
        author__username="a",
        author__description="bio",
        author__location="here",
        author__public_metrics__followers_count="5",
        public_metrics__like_count="4",
        __twarc__retrieved_at="2022-10-05T00:00:00+00:00",
    )
    path.write_text(path.read_text().replace(".twarc.", "__twarc."))
    found = read_all(path)
    post = found.post
    assert (found.format, post.kind, post.hashtags, post.metrics) == ("twarc-csv", Kind.REPLY, ("a",), {"likes": 4})
    assert post.refs == (Reference(Relation.REPLIED_TO, "2", "8", "x"),)
    assert (post.author.bio, post.author.followers, post.author.observed_at.year) == ("bio", 5, 2022)


RELEASE = [
    "tweetid", "userid", "user_display_name", "user_screen_name", "user_reported_location", "user_profile_description",
    "follower_count", "following_count", "account_creation_date", "tweet_language", "tweet_text", "tweet_time",
    "in_reply_to_userid", "in_reply_to_tweetid", "quoted_tweet_tweetid", "is_retweet", "retweet_userid",
    "retweet_tweetid", "like_count", "hashtags", "urls", "user_mentions",
]  # fmt: skip
RELEASED = [
    "877919995476496385", "hash+/=", "hash+/=", "hash+/=", "Москва", "о себе", "5", "6", "2014-01-02", "ru",
    "текст\nв двух строках", "2017-06-22 16:03", "", "", "", "false", "", "", "0", "['Один', 'два']",
    "[http://a.example]", "[]",
]  # fmt: skip


def test_archive_of_an_influence_operation_in_either_order_of_its_columns(tmp_path):
    order = list(range(len(RELEASE)))
    random.Random(1).shuffle(order)
    turned = write_csv(tmp_path / "b.csv", [RELEASE[i] for i in order], [[RELEASED[i] for i in order]])
    first, second = read_all(write_csv(tmp_path / "a.csv", RELEASE, [RELEASED])), read_all(turned)
    post = first.post
    assert first.format == second.format == "x-release"
    assert (post.author_id, post.author.location, post.hashtags) == ("hash+/=", "Москва", ("один", "два"))
    assert (post.urls, post.claimed_at) == (("http://a.example",), datetime(2017, 6, 22, 16, 3, tzinfo=UTC))
    assert (post.native_id, post.text, post.refs) == (second.post.native_id, second.post.text, second.post.refs)


def test_list_of_accounts_of_such_an_archive_is_refused(tmp_path):
    path = write_csv(tmp_path / "u.csv", ["userid", "user_screen_name", "account_creation_date"], [["1", "a", ""]])
    with pytest.raises(NotPosts, match="list of accounts"):
        read(path)


def troll(**cells: str) -> dict[str, str]:
    row = {
        "external_author_id": "906000000000000001", "author": "10_GOP", "content": "text", "region": "Azerbaijan",
        "language": "English", "publish_date": "10/1/2017 19:58", "harvested_date": "10/1/2017 19:59",
        "following": "1052", "followers": "9636", "updates": "253", "post_type": "", "retweet": "0",
        "account_category": "RightTroll", "alt_external_id": "905874659358453760", "tweet_id": "914580356430536707",
        "tco1_step1": "https://t.example/1", "tco2_step1": "", "tco3_step1": "",
    }  # fmt: skip
    return row | cells


def test_fivethirtyeight(tmp_path):
    found = read_all(write_row(tmp_path / "i.csv", **troll()))
    post = found.post
    assert (found.format, post.author_id, post.native_id) == (
        "fivethirtyeight",
        "906000000000000001",
        "914580356430536707",
    )
    assert (post.author.location, post.author.location_source) == ("Azerbaijan", "vendor:Social Studio")
    assert post.claimed_at == datetime(2017, 10, 1, 19, 58, tzinfo=UTC)
    assert post.author.observed_at == datetime(2017, 10, 1, 19, 59, tzinfo=UTC)
    assert post.urls == ("https://t.example/1",)


def test_fivethirtyeight_takes_the_other_id_where_the_first_is_rounded_and_refuses_where_none_is_whole(tmp_path):
    rounded = troll(external_author_id="9.06E+17")
    assert read_all(write_row(tmp_path / "a.csv", **rounded)).post.author_id == "905874659358453760"
    rejection = read_all(write_row(tmp_path / "b.csv", **rounded | {"alt_external_id": ""})).rejection
    assert rejection.code == "id_rounded"
    assert "9.06E+17" in rejection.reason


def test_fivethirtyeight_by_author_gives_posts_ids_of_their_content(tmp_path):
    header = ["author", "content", "region", "publish_date", "retweet", "account_category", "post_type"]
    rows = [
        ["A", "one", "", "2017-10-01 19:58", "1", "x", "RETWEET"],
        ["A", "two", "", "2017-10-01 19:58", "0", "x", ""],
    ]
    found = read_all(write_csv(tmp_path / "a.csv", header, [*rows, rows[0]]))
    assert [post.kind for post in found.posts] == [Kind.REPOST, Kind.ORIGINAL]
    assert len(found.duplicates) == 1
    assert found.posts[0].account == "@a"


def test_meta_content_library(tmp_path):
    path = write_row(
        tmp_path / "m.csv",
        mcl_url="https://www.facebook.com/meta-content-library/1",
        id="991",
        creation_time="2025-02-16T16:09:09+00:00",
        text='Two\nlines, "quoted"',
        lang="fr",
        post_owner__id="5",
        post_owner__name="Same Name",
        post_owner__type="page",
        surface__id="6",
        surface__name="A group",
        shared_post_id="3",
        multimedia='[{"type": "photo", "url": "https://signed.example"}]',
        statistics__share_count="12",
        statistics__views="100",
    )
    post = read_all(path).post
    assert (post.platform, post.author_id, post.native_id, post.kind) == ("facebook", "5", "991", Kind.QUOTE)
    assert (post.metrics, post.notes) == ({"reposts": 12, "views": 100}, ("on A group",))
    assert post.text == 'Two\nlines, "quoted"'


def test_pages_of_one_name_stay_apart(tmp_path):
    header = ["mcl_url", "post_owner.id", "post_owner.name", "id", "creation_time", "text"]
    rows = [["https://www.facebook.com/x", n, "Same Name", n, "2025-02-16T16:09:09+00:00", "t"] for n in ("1", "2")]
    assert {post.account for post in read_all(write_csv(tmp_path / "m.csv", header, rows)).posts} == {"1", "2"}


def test_crowdtangle(tmp_path):
    out = io.StringIO()
    cells = {
        "Page Name": "News", "User Name": "news", "Facebook Id": "100", "Page Admin Top Country": "AZ",
        "Followers at Posting": "1,000", "Post Created": "2021-05-04 13:00:22 EDT", "Type": "Link", "Likes": "5",
        "URL": "https://www.facebook.com/100/posts/321", "Message": "Read", "Link": "https://a.example",
        "Overperforming Score (weighted  —  Likes 1x Shares 1x )": "-1.2",
    }  # fmt: skip
    csv.writer(out).writerows([cells.keys(), cells.values()])
    (tmp_path / "c.csv").write_text(out.getvalue())
    post = read_all(tmp_path / "c.csv").post
    assert (post.native_id, post.author_id, post.author.followers) == ("100_321", "100", 1000)
    assert post.claimed_at == datetime(2021, 5, 4, 17, 0, 22, tzinfo=UTC)
    assert post.author.location_source == "vendor:Facebook"


def test_instagram_in_both_of_metas_tables(tmp_path):
    library = write_row(
        tmp_path / "m.csv", post_owner__id="5", post_owner__name="N", id="1", creation_time="2025-02-16T16:09:09+00:00",
        text="t",
    )  # fmt: skip
    header = ["Account", "User Name", "Post Created", "URL", "Description", "Overperforming Score"]
    row = ["N", "n", "2021-05-04 13:00:22 UTC", "https://www.instagram.com/p/CabcD/", "Look", "1"]
    first, second = read_all(library).post, read_all(write_csv(tmp_path / "c.csv", header, [row])).post
    assert (first.platform, first.author_id) == ("instagram", "5")
    assert (second.platform, second.account, second.text, second.url) == ("instagram", "@n", "Look", row[3])


TELEGRAM = {
    "name": "Channel", "type": "public_channel", "id": 123,
    "messages": [
        {"id": 1, "type": "service", "date": "2024-05-16T12:00:00", "date_unixtime": "1715850900", "text": ""},
        {"id": 2, "type": "message", "date": "2024-05-16T12:15:00", "date_unixtime": "1715850900", "from": "Channel",
         "from_id": "channel123", "text": ["See ", {"type": "hashtag", "text": "#Tag"}, " and ",
         {"type": "text_link", "text": "this", "href": "https://a.example"}],
         "reactions": [{"count": 3}, {"count": 4}]},
        {"id": 3, "type": "message", "date": "2024-05-16T12:16:00", "date_unixtime": "1715850960", "from": "A",
         "from_id": "user9", "forwarded_from": "B", "reply_to_message_id": 2, "text": "plain"},
    ],
}  # fmt: skip


def check_telegram(found) -> None:
    assert (found.format, found.rejection.code) == ("telegram", "no_post")
    first, second = found.posts
    assert (first.native_id, first.author_id, first.text) == ("123-2", "123", "See #Tag and this")
    assert (first.hashtags, first.urls, first.metrics) == (("tag",), ("https://a.example",), {"likes": 7})
    assert first.claimed_at == datetime(2024, 5, 16, 9, 15, tzinfo=UTC)
    assert (second.author_id, second.kind) == ("9", Kind.REPOST)
    assert second.reference(Relation.REPLIED_TO).native_id == "123-2"


def test_telegram_chat_and_whole_account(tmp_path):
    check_telegram(read_all(write_lines(tmp_path / "one.json", TELEGRAM)))
    whole = {"about": "x", "chats": {"about": "y", "list": [{"name": "Empty", "id": 1, "messages": []}, TELEGRAM]}}
    check_telegram(read_all(write_lines(tmp_path / "all.json", whole)))


def test_telegram_of_any_length_is_walked_without_holding_it(tmp_path, monkeypatch):
    monkeypatch.setattr("posts.formats.items.MAX_LINE", 100)
    check_telegram(read_all(write_lines(tmp_path / "one.json", TELEGRAM)))


def test_4cat_table_of_telegram(tmp_path):
    path = write_row(
        tmp_path / "t.csv", id="chan-5", thread_id="chan", chat="chan", author="77", author_username="u", body="Hi",
        reply_to="4", views="9", unix_timestamp="1715850900", timestamp="2024-05-16 13:15:00", attachment_type="photo",
        author_forwarded_from_id="88", author_forwarded_from_name="B", entities_linked="https://a.example",
    )  # fmt: skip
    post = read_all(path).post
    assert (post.native_id, post.author_id, post.kind, post.urls) == (
        "chan-5",
        "77",
        Kind.REPOST,
        ("https://a.example",),
    )
    assert post.reference(Relation.REPLIED_TO).native_id == "chan-4"


def test_tiktok_capture_and_research_table(tmp_path):
    data = {
        "id": "7", "desc": "Look #Tag", "createTime": 1715850900, "author": {"id": "5", "uniqueId": "u"},
        "authorStats": {"followerCount": 9}, "stats": {"diggCount": 1, "playCount": 2},
        "textExtra": [{"hashtagName": "Tag"}],
    }  # fmt: skip
    capture = {"source_platform": "tiktok.com", "timestamp_collected": 1716033600000, "data": data}
    post = read_all(write_lines(tmp_path / "t.ndjson", capture)).post
    assert (post.author_id, post.handle, post.hashtags, post.metrics) == ("5", "u", ("tag",), {"likes": 1, "views": 2})
    named = capture | {"data": data | {"author": "u", "id": "8"}}
    assert read_all(write_lines(tmp_path / "n.ndjson", named)).post.account == "@u"
    row = write_row(
        tmp_path / "r.csv", video_id="7", author_name="u", create_time="1715850900", video_description="Look",
        hashtag_names='["Tag"]',
    )  # fmt: skip
    assert read_all(row).post.hashtags == ("tag",)


def test_mastodon(tmp_path):
    account = {"id": "1", "acct": "maren", "url": "https://social.example/@maren", "note": "<p>Hi<br>you</p>"}
    status = {
        "id": "10", "created_at": "2024-05-16T09:15:00.000Z",
        "content": "<p>See &amp; <a href='x'>#Tag</a></p><p>2</p>",
        "account": account, "tags": [{"name": "Tag"}], "url": "https://social.example/@maren/10", "mentions": [],
        "reblogs_count": 2,
    }  # fmt: skip
    boost = status | {"id": "11", "reblog": status, "content": ""}
    first, second = read_all(write_lines(tmp_path / "m.json", [status, boost])).posts
    assert (first.text, first.author.bio, first.hashtags) == ("See & #Tag\n\n2", "Hi\nyou", ("tag",))
    assert (first.author_id, first.handle) == ("1@social.example", "maren@social.example")
    assert (second.kind, second.text) == (Kind.REPOST, first.text)


def test_shared_objects_of_one_post_are_rows_of_it_and_no_duplicates(tmp_path):
    header = ["object_id", "account_id", "content_id", "timestamp_share"]
    rows = [["o1", "a", "c", "100.5"], ["o2", "a", "c", "100.5"], ["o1", "a", "c", "100.5"]]
    found = read_all(write_csv(tmp_path / "c.csv", header, rows))
    assert (found.tally.accepted, found.tally.duplicate) == (2, 1)
    assert {post.native_id for post in found.posts} == {"c"}
    assert [post.objects[0].value for post in found.posts] == ["o1", "o2"]


def test_youtube_tables(tmp_path):
    video = write_row(
        tmp_path / "v.csv", publishedAt="2024-05-16T09:15:00Z", videoId="v1", channelId="UC1", channelTitle="C",
        videoTitle="T", videoDescription="D", viewCount="5",
    )  # fmt: skip
    comment = write_row(
        tmp_path / "c.csv", id="k", isReplyTo="", authorName="@a", text="t", publishedAt="2024-05-16T09:15:00Z",
    )  # fmt: skip
    assert read_all(video).post.text == "T\nD"
    assert (read_all(comment).post.kind, read_all(comment).post.account) == (Kind.ORIGINAL, "@a")


def test_stream_events_that_tell_of_no_new_post_are_rejected(tmp_path):
    commit = {"operation": "delete", "collection": "app.bsky.feed.post", "rkey": "k"}
    post = commit | {"operation": "create", "record": {"text": "t", "createdAt": "2024-05-16T09:15:00Z"}}
    event = {"did": "did:plc:a", "time_us": 1715850900000000, "kind": "commit"}
    found = read_all(write_lines(tmp_path / "j", event | {"commit": post}, event | {"commit": commit}))
    assert (found.rejection.code, found.post.native_id) == ("no_post", "at://did:plc:a/app.bsky.feed.post/k")


def test_asking_for_a_format_that_the_file_is_not_says_what_is_missing(tmp_path):
    path = write_row(tmp_path / "a.csv", id="1", text="t")
    with pytest.raises(UnknownFormat, match="no column"):
        read(path, format="4cat-x")
    with pytest.raises(UnknownFormat, match="a table, not JSON"):
        read(path, format="telegram")
    with pytest.raises(UnknownFormat, match="no known format"):
        read(path, format="nonsense")


def test_every_format_has_a_label_of_its_own():
    labels = [known.label for known in FORMATS.values()]
    assert len(set(labels)) == len(labels) == 28


def test_the_list_in_the_docs_is_the_list_of_formats():
    page = (Path(__file__).parents[2] / "docs" / "posts.md").read_text(encoding="utf-8")
    told = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert told == [[f"`{known.name}`", known.label] for known in FORMATS.values()]
