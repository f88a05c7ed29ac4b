"""Every file that others published: its format, its counts, and that nothing in it is lost."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from posts.enums import ClockFlag, Kind, Relation
from posts.exceptions import NotPosts, UnknownFormat
from posts.formats.reading import examine, read
from posts.records import PostRecord
from tests.posts.files import SHARED, needs_real_files, read_all

pytestmark = needs_real_files

# file: format, read, accepted, duplicate, rejected, accounts
COUNTS = {
    "qut_toolkit/coretweet_test_input.csv": ("qut", 15, 15, 0, 0, 9),
    "qut_toolkit/sample_data.csv": ("qut", 100, 100, 0, 0, 10),
    "twarc_csv/brexit.jsonl": ("x-api2", 100, 100, 0, 0, 98),
    "twarc_csv/flat.jsonl": ("x-api2", 100, 100, 0, 0, 96),
    "twarc_csv/noflat.jsonl": ("x-api2", 100, 100, 0, 0, 96),
    "twarc_csv/geo_tweets.jsonl": ("x-api2", 2, 2, 0, 0, 2),
    "twarc_csv/quoted_edit.jsonl": ("x-api2", 1, 1, 0, 0, 1),
    "twarc_csv/streaming_output_with_error.jsonl": ("x-api2", 8, 7, 0, 1, 7),
    "twarc_csv/withheld.jsonl": ("x-api2", 215, 215, 0, 0, 107),
    "twitwi/bluesky-firehose-posts.json": ("bluesky-jetstream", 9, 9, 0, 0, 9),
    "twitwi/bluesky-tap-posts.json": ("bluesky-tap", 14, 14, 0, 0, 1),
    "twitwi/bluesky-posts.json": ("bluesky-view", 123, 119, 4, 0, 97),
    "twitwi/bluesky-posts-export.csv": ("minet-bluesky", 157, 135, 22, 0, 108),
    "twitwi/normalization-payload-search.json": ("x-api1", 1, 1, 0, 0, 1),
    "twitwi/payload-v2.json": ("x-api2", 10, 10, 0, 0, 10),
    "twitwi/payload-v2-tweet-retweet.json": ("x-api2", 6, 6, 0, 0, 5),
    "twitwi/tweet-export.csv": ("minet-x", 4, 4, 0, 0, 4),
    "twitwi/tweet-export.jsonl": ("minet-x-json", 4, 4, 0, 0, 4),
}
NO_POSTS = {
    "twarc_csv/users.jsonl": "profiles",
    "twarc_csv/counts.jsonl": "counts",
    "twarc_csv/lists.jsonl": "lists",
    "twarc_csv/tweets_compliance.jsonl": "compliance",
    "twarc_csv/users_compliance.jsonl": "compliance",
    "twarc_csv/empty.json": "empty",
    "twitwi/bluesky-profiles.json": "profiles",
    "twitwi/user-export.csv": "profiles",
}


@pytest.mark.parametrize(("name", "expected"), COUNTS.items())
def test_counts(name, expected):
    found = read_all(SHARED / name)
    tally = found.tally
    accounts = len({post.account for post in found.posts})
    assert (found.format, tally.read, tally.accepted, tally.duplicate, tally.rejected, accounts) == expected


@pytest.mark.parametrize(("name", "word"), NO_POSTS.items())
def test_a_file_without_posts_is_refused_with_a_sentence(name, word):
    for look in (read, examine):
        with pytest.raises(NotPosts, match=word):
            look(SHARED / name)


def test_no_file_is_unaccounted_for():
    names = {str(path.relative_to(SHARED)) for path in SHARED.rglob("*") if path.is_file()}
    small = {name for name in names if name.startswith("twarc_csv/")} - set(COUNTS) - set(NO_POSTS)
    assert all(read_all(SHARED / name).tally.accepted == read_all(SHARED / name).tally.read == 1 for name in small)
    others = names - set(COUNTS) - set(NO_POSTS) - small
    assert others == {
        # Read in test_coshare.py.
        "coortweet/german_elections.rda",
        "coortweet/russian_coord_tweets.rda",
        "d3lta/d3lta_synth_pairs.json",
        "twitwi/normalization-payload-stream.json",
    }
    with pytest.raises(UnknownFormat, match="nodes, edges"):
        read(SHARED / "d3lta/d3lta_synth_pairs.json")


def test_a_page_gives_what_its_flattened_form_gives():
    """Except which profile was included, a post is the same post in both."""
    page, flat = (read_all(SHARED / "twarc_csv" / name).posts for name in ("noflat.jsonl", "flat.jsonl"))
    told = [[(one.native_id, one.kind, one.text, one.hashtags, one.refs) for one in posts] for posts in (page, flat)]
    assert told[0] == told[1]


def test_every_post_keeps_the_very_bytes_of_its_record():
    content = (SHARED / "twarc_csv/withheld.jsonl").read_bytes()
    for post in read_all(SHARED / "twarc_csv/withheld.jsonl").posts:
        assert post.raw in content
        assert json.loads(post.raw)["id"] == post.native_id


def test_authors_that_a_page_leaves_out_keep_their_id():
    posts = read_all(SHARED / "twarc_csv/withheld.jsonl").posts
    without = [post for post in posts if post.notes]
    assert len(without) == 6
    assert all(post.author_id and not post.handle for post in without)


def test_the_text_of_a_repost_is_whole():
    posts = [post for post in read_all(SHARED / "twarc_csv/brexit.jsonl").posts if post.kind == Kind.REPOST]
    assert len(posts) == 67
    assert all(post.text.startswith("RT @") and not post.text.endswith("…") for post in posts)


def test_an_error_line_in_a_stream_is_rejected_by_its_number():
    rejection = read_all(SHARED / "twarc_csv/streaming_output_with_error.jsonl").rejection
    assert (rejection.place.line, rejection.code) == (8, "not_json")


def test_thirteen_bluesky_posts_disagree_with_the_network_and_one_is_of_year_0():
    posts = read_all(SHARED / "twitwi/bluesky-posts.json").posts
    flags = Counter(flag for post in posts for flag in post.clock_flags)
    assert flags == {ClockFlag.DIFFERS: 13, ClockFlag.FUTURE: 1, ClockFlag.IMPLAUSIBLE: 1}
    differing = [post for post in posts if ClockFlag.DIFFERS in post.clock_flags]
    assert all(post.ordered_at == post.observed_at for post in differing)
    apart = max(abs(post.observed_at - post.claimed_at) for post in differing)
    assert apart > timedelta(days=101)
    undated = next(post for post in posts if ClockFlag.IMPLAUSIBLE in post.clock_flags)
    assert (undated.ordered_at, undated.claimed_text) == (None, "0000-10-14T15:06:10.730Z")


def test_a_repost_in_a_bluesky_feed_is_of_whoever_reposted():
    reposts = [post for post in read_all(SHARED / "twitwi/bluesky-posts.json").posts if post.kind == Kind.REPOST]
    assert [post.handle for post in reposts] == ["yomguithereal.bsky.social"] * 2
    assert all(post.reference(Relation.REPOSTED).author_id != post.author_id for post in reposts)


def test_minet_table_and_its_json_tell_the_same():
    table, lines = (read_all(SHARED / "twitwi" / name).posts for name in ("tweet-export.csv", "tweet-export.jsonl"))
    for one, other in zip(table, lines, strict=True):
        assert (one.native_id, one.author_id, one.text, one.kind, one.claimed_at) == (
            (other.native_id, other.author_id, other.text, other.kind, other.claimed_at)
        )
        assert set(one.hashtags) == set(other.hashtags)
        assert one.author.followers == other.author.followers


def test_the_same_export_in_one_file_twice_is_all_duplicates(tmp_path):
    content = (SHARED / "twarc_csv/flat.jsonl").read_bytes()
    (tmp_path / "twice.jsonl").write_bytes(content * 2)
    tally = read_all(tmp_path / "twice.jsonl").tally
    assert (tally.read, tally.accepted, tally.duplicate) == (200, 100, 100)


def test_looking_at_a_file_shows_its_first_posts_and_what_it_lacks():
    seen = examine(SHARED / "twitwi/bluesky-tap-posts.json")
    assert (seen.format, len(seen.posts)) == ("bluesky-tap", 14)
    assert "no clock but the author's" in seen.lost[-1]
    assert isinstance(seen.posts[0], PostRecord)
