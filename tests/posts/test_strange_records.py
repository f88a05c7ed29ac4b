"""Records of a known export in which something has another type than it ever had: a post or a rejection."""

import json
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posts.formats.reading import FORMATS
from posts.formats.registry import TABLES
from posts.records import PostRecord
from tests.posts.files import read_all, write_csv, write_lines
from tests.posts.test_formats import GENERATIONS, TELEGRAM, X_ENVELOPE, captured

USER = {"id_str": "7", "screen_name": "a", "entities": {}}
V2 = {
    "id": "1", "author_id": "7", "text": "t", "created_at": "2024-05-16T09:15:00Z",
    "entities": {"hashtags": [{"tag": "x"}]}, "public_metrics": {"like_count": 1},
    "referenced_tweets": [{"type": "quoted", "id": "5"}],
    "attachments": {"media_keys": ["k"]},
}  # fmt: skip
CLASSIC = {
    "id_str": "1", "full_text": "t", "created_at": "Thu May 16 09:15:00 +0000 2024", "user": USER,
    "retweeted_status": {"id_str": "2", "user": USER, "full_text": "u"}, "entities": {"hashtags": [{"text": "x"}]},
}  # fmt: skip
BLUESKY = {
    "uri": "at://did:plc:a/app.bsky.feed.post/k", "author": {"did": "did:plc:a"}, "indexedAt": "2024-05-16T09:15:00Z",
    "record": {
        "text": "t", "createdAt": "2024-05-16T09:15:00Z", "langs": ["en"], "tags": ["x"],
        "facets": [{"features": [{"tag": "x"}]}], "reply": {"parent": {"uri": "at://b/app.bsky.feed.post/c"}},
        "embed": {"record": {"uri": "x"}, "images": [{"alt": "a", "image": {"ref": {"$link": "l"}}}]},
    },
    "embed": {"images": [{"fullsize": "f"}]},
}  # fmt: skip
MASTODON = {
    "id": "1", "content": "<p>t</p>", "created_at": "2024-05-16T09:15:00Z",
    "tags": [{"name": "x"}], "card": {"url": "u"},
    "account": {"id": "7", "acct": "a", "url": "https://s.example/@a"}, "media_attachments": [{"url": "m"}],
}  # fmt: skip
TIKTOK = {
    "source_platform": "tiktok.com", "timestamp_collected": 1716033600000,
    "data": {"id": "7", "desc": "d", "createTime": 1715850900, "author": {"id": "5", "uniqueId": "u"},
    "stats": {"diggCount": 1}, "textExtra": [{"hashtagName": "x"}], "video": {"downloadAddr": "v"}},
}  # fmt: skip
RECORDS = {
    "zeeschuimer-x": captured(
        GENERATIONS["2026-07 on"],
        entities={"hashtags": [{"text": "x"}], "media": [{"expanded_url": "a/b/c/d/status"}]},
        retweeted_status_result={"result": captured(GENERATIONS["to 2025-05"])["data"]},
    ),
    "zeeschuimer-x-old": X_ENVELOPE | {"data": CLASSIC},
    "x-api2": V2,
    "x-api2 page": {"data": [V2], "includes": {"users": [{"id": "7", "username": "a"}], "media": [{"media_key": "k"}]}},
    "x-api1": CLASSIC,
    "bluesky-view": BLUESKY,
    "bluesky-view feed": {"post": BLUESKY, "reason": {"by": {"did": "did:plc:b"}, "indexedAt": "2024-05-16T09:15:00Z"}},
    "bluesky-jetstream": {
        "did": "did:plc:a", "time_us": 1715850900000000, "kind": "commit",
        "commit": {"operation": "create", "collection": "app.bsky.feed.post", "rkey": "k", "record": BLUESKY["record"]},
    },
    "mastodon": MASTODON,
    "zeeschuimer-tiktok": TIKTOK,
    "telegram": TELEGRAM,
}  # fmt: skip
STRANGE = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        2**80,
        1.5,
        "",
        "x",
        "9.06E+17",
        "0000-01-01",
        [],
        [[]],
        ["x"],
        [{}],
        {},
        {"x": 1},
        {"a": [None]},
    ]
)
CELLS = st.sampled_from(
    ["", "1", "x", "9.06E+17", "['a'", "[1, 2]", "yes", "2024-05-16 09:15", "-5", "=1", "\u202e", "1e999", "RETWEET"]
)


def paths(value: object, before: tuple = ()) -> list[tuple]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(path for key, one in inner for path in paths(one, (*before, key)))]


def changed(value: object, path: tuple, put: object) -> object:
    if not path:
        return put
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], put)
    return copy


@pytest.mark.parametrize("name", RECORDS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_json_record_with_a_strange_part(tmp_path, name, data):
    record = RECORDS[name]
    path = data.draw(st.sampled_from(paths(record)))
    strange = changed(record, path, data.draw(STRANGE))
    found = read_all(write_lines(tmp_path / "a.jsonl", record, strange), format=name.partition(" ")[0])
    assert found.tally.read >= 1
    check_plain(found.posts)


@pytest.mark.parametrize("known", TABLES, ids=lambda known: known.name)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_row_with_strange_cells(tmp_path, known, data):
    header = [*sorted(known.needs), *sorted({"is_retweet", "hashtags", "urls", "retweet"} - known.needs)]
    header += [f"{known.begins} x"] if known.begins else []
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), min_size=1, max_size=4))
    found = read_all(write_csv(tmp_path / "a.csv", header, rows), format=known.name)
    assert (found.format, found.tally.read) == (known.name, len(rows))
    check_plain(found.posts)


def check_plain(posts: list[PostRecord]) -> None:
    """Every field has the type that the table of posts takes."""
    for post in posts:
        texts = (post.platform, post.native_id, post.author_id, post.handle, post.text, post.lang, post.url)
        assert all(isinstance(one, str) for one in texts)
        assert post.native_id
        assert post.account
        assert all(isinstance(one, str) for one in (*post.hashtags, *post.urls, *post.mentions))
        assert all(isinstance(part, str) for one in (*post.refs, *post.media) for part in one)
        assert all(isinstance(number, int) and 0 <= number < 2**63 for number in post.metrics.values())
        moments = (
            post.claimed_at,
            post.observed_at,
            post.collected_at,
            post.author.created_at,
            post.author.observed_at,
        )
        assert all(one is None or (isinstance(one, datetime) and one.tzinfo) for one in moments)
        assert post.ordered_at is not None or post.clock_flags
        json.dumps([post.author.bio, post.author.display_name, post.author.location])


def test_every_json_format_has_a_record_here():
    told = {name.partition(" ")[0] for name in RECORDS} | {known.name for known in TABLES}
    assert set(FORMATS) - told == {"zeeschuimer-truth", "minet-x-json", "bluesky-tap"}
