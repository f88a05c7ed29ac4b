"""The exports that are known: what each is recognised by, who reads its records, and what it cannot show.

Columns and keys decide, never their order and never the file's name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from posts.formats import (
    bluesky,
    facebook,
    mastodon,
    shared_objects,
    telegram,
    tiktok,
    x_api1,
    x_api2,
    x_archives,
    x_graphql,
    x_tables,
)
from posts.formats.building import Context
from posts.formats.values import dig, digs
from posts.records import PostRecord

Convert = Callable[[dict, Context], PostRecord]
NO_PROFILES = "It has no bios, locations or follower counts of the authors."
NO_TEXTS = "It has no texts: only who shared what, and when."
NO_METRICS = "It has no numbers of likes, reposts or views."


@dataclass(frozen=True)
class Format:
    """One kind of export; `lacks` are sentences about what no post in it can show."""

    name: str
    label: str
    convert: Convert
    platform: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableFormat(Format):
    """A table with at least the columns `needs`, and with one that begins with `begins`.

    `start` are its first two columns where it writes them behind those of another table.
    """

    needs: frozenset[str] = frozenset()
    begins: str = ""
    start: tuple[str, str] | None = None

    def fits(self, columns: frozenset[str]) -> bool:
        """Whether a table with these columns is of this kind."""
        return self.needs <= columns and any(column.startswith(self.begins) for column in columns)


@dataclass(frozen=True)
class JsonFormat(Format):
    """JSON whose records `fits` accepts."""

    fits: Callable[[dict], bool] = lambda item: False


def _columns(*names: str) -> frozenset[str]:
    return frozenset(names)


# The first that fits is taken, so a table with more columns of its own stands before one with fewer.
TABLES: tuple[TableFormat, ...] = (
    TableFormat(
        "4cat-x",
        "X, table of 4CAT",
        x_tables.convert_4cat,
        "x",
        (NO_PROFILES, "4CAT's NDJSON of the same search has them."),
        _columns("collected_from_url", "quote_author", "id", "body", "author"),
    ),
    TableFormat(
        "twarc-csv",
        "X, table of twarc-csv",
        x_tables.convert_twarc,
        "x",
        (),
        _columns("author.public_metrics.followers_count", "id", "text", "created_at"),
    ),
    TableFormat(
        "x-release",
        "X, archive of an influence operation as Twitter released it",
        x_archives.convert_release,
        "x",
        ("Times have minutes only.", "Names of small accounts are hashed."),
        _columns("user_reported_location", "tweetid", "userid", "tweet_text", "tweet_time"),
    ),
    TableFormat(
        "fivethirtyeight",
        "X, FiveThirtyEight's Russian trolls",
        x_archives.convert_trolls,
        "x",
        (NO_METRICS, "The region is the vendor's guess, and no bio is there.", "Times have minutes only."),
        _columns("external_author_id", "harvested_date", "author", "content", "publish_date"),
    ),
    TableFormat(
        "fivethirtyeight-authors",
        "X, FiveThirtyEight's Russian trolls by author",
        x_archives.convert_trolls,
        "x",
        (NO_METRICS, NO_PROFILES, "It has no ids of posts, so each gets one made of its author, time and text."),
        _columns("author", "content", "publish_date", "account_category"),
    ),
    TableFormat(
        "meta-content-library",
        "Facebook and Instagram, Meta Content Library",
        facebook.convert_library,
        "facebook",
        ("Its ids cannot be looked up on facebook.com.", "The addresses of its media expire.", NO_PROFILES),
        _columns("post_owner.id", "post_owner.name", "id", "creation_time", "text"),
    ),
    TableFormat(
        "crowdtangle",
        "Facebook and Instagram, CrowdTangle",
        facebook.convert_crowdtangle,
        "facebook",
        ("CrowdTangle closed in August 2024: nothing in it can be asked for again.",),
        _columns("Post Created", "URL"),
        # What follows tells how the score was weighted.
        "Overperforming",
    ),
    TableFormat(
        "4cat-telegram",
        "Telegram, table of 4CAT",
        telegram.convert_4cat,
        "telegram",
        (NO_PROFILES,),
        _columns("author_forwarded_from_id", "id", "thread_id", "body", "attachment_type"),
    ),
    TableFormat(
        "tiktok-research",
        "TikTok, Research API",
        tiktok.convert_research,
        "tiktok",
        (NO_PROFILES, "Authors are known by name alone."),
        _columns("video_description", "create_time", "hashtag_names"),
    ),
    TableFormat(
        "minet-x",
        "X, table of minet or twitwi",
        x_tables.convert_minet,
        "x",
        (),
        _columns("user_timestamp_utc", "match_query", "user_screen_name", "text", "id"),
        # Scraping from a table adds its columns to that table, which mostly has an `id` too.
        start=("id", "timestamp_utc"),
    ),
    TableFormat(
        "minet-bluesky",
        "Bluesky, table of minet",
        x_tables.convert_minet_bluesky,
        "bluesky",
        (NO_PROFILES,),
        _columns("indexed_at_utc", "user_did", "uri", "text"),
    ),
    TableFormat(
        "coortweet-wide",
        "Shared objects, CooRTweet with a column for each kind",
        shared_objects.convert_wide,
        "",
        (NO_TEXTS, NO_PROFILES, NO_METRICS),
        _columns("account_id", "post_id", "timestamp", "url_id", "domain_id"),
    ),
    TableFormat(
        "coortweet",
        "Shared objects, CooRTweet",
        shared_objects.convert_coortweet,
        "",
        (NO_TEXTS, NO_PROFILES, NO_METRICS),
        _columns("object_id", "account_id", "content_id", "timestamp_share"),
    ),
    TableFormat(
        "qut",
        "Posts for QUT's coordination network toolkit",
        shared_objects.convert_qut,
        "",
        (NO_PROFILES, NO_METRICS),
        _columns("message_id", "user_id", "repost_id", "reply_id", "message", "timestamp"),
    ),
    TableFormat(
        "youtube-videos",
        "YouTube, videos of YouTube Data Tools",
        shared_objects.convert_videos,
        "youtube",
        (NO_PROFILES,),
        _columns("videoId", "channelId", "publishedAt", "videoDescription"),
    ),
    TableFormat(
        "youtube-comments",
        "YouTube, comments of YouTube Data Tools",
        shared_objects.convert_comments,
        "youtube",
        (NO_PROFILES,),
        _columns("id", "isReplyTo", "authorName", "text", "publishedAt"),
    ),
)


def _platform(item: dict, *names: str) -> bool:
    return item.get("source_platform") in names and isinstance(item.get("data"), dict)


def _is_old_capture(data: dict) -> bool:
    return isinstance(data.get("user"), dict) and "legacy" not in data


def _is_classic(item: dict) -> bool:
    return isinstance(item.get("user"), dict) and ("full_text" in item or "text" in item) and "created_at" in item


JSONS: tuple[JsonFormat, ...] = (
    JsonFormat(
        "zeeschuimer-x-old",
        "X, older capture of Zeeschuimer",
        x_api1.convert_capture,
        "x",
        fits=lambda item: _platform(item, "twitter.com", "x.com") and _is_old_capture(item["data"]),
    ),
    JsonFormat(
        "zeeschuimer-x",
        "X, capture of Zeeschuimer",
        x_graphql.convert,
        "x",
        fits=lambda item: _platform(item, "twitter.com", "x.com") and not _is_old_capture(item["data"]),
    ),
    JsonFormat(
        "zeeschuimer-tiktok",
        "TikTok, capture of Zeeschuimer",
        tiktok.convert,
        "tiktok",
        fits=lambda item: _platform(item, "tiktok.com") or ("createTime" in item and "desc" in item),
    ),
    JsonFormat(
        "zeeschuimer-truth",
        "Truth Social or Gab, capture of Zeeschuimer",
        mastodon.convert_capture,
        "other",
        (),
        lambda item: _platform(item, "truthsocial.com", "gab.com") and isinstance(dig(item, "data", "account"), dict),
    ),
    JsonFormat(
        "x-api2",
        "X, API v2 (twarc)",
        x_api2.convert,
        "x",
        fits=lambda item: "author_id" in item and "text" in item and "id" in item,
    ),
    JsonFormat("x-api1", "X, API v1.1", x_api1.convert, "x", fits=_is_classic),
    JsonFormat(
        "minet-x-json",
        "X, Gazouilloire or twitwi",
        x_tables.convert_minet,
        "x",
        fits=lambda item: "user_timestamp_utc" in item and "user_screen_name" in item,
    ),
    JsonFormat(
        "bluesky-view",
        "Bluesky, posts of its API",
        bluesky.convert_view,
        "bluesky",
        fits=lambda item: (
            isinstance(dig(item.get("post") or item, "record"), dict)
            and bool(digs(item.get("post") or item, "author", "did"))
        ),
    ),
    JsonFormat(
        "bluesky-jetstream",
        "Bluesky, Jetstream",
        bluesky.convert_stream,
        "bluesky",
        (NO_PROFILES, NO_METRICS),
        lambda item: item.get("kind") == "commit" and isinstance(item.get("commit"), dict) and "did" in item,
    ),
    JsonFormat(
        "bluesky-tap",
        "Bluesky, tap",
        bluesky.convert_tap,
        "bluesky",
        (NO_PROFILES, NO_METRICS, "It has no clock but the author's."),
        lambda item: item.get("type") == "record" and isinstance(dig(item, "record", "record"), dict),
    ),
    JsonFormat(
        "mastodon",
        "Mastodon, statuses of its API",
        mastodon.convert,
        "mastodon",
        fits=lambda item: isinstance(item.get("account"), dict) and "acct" in item["account"] and "content" in item,
    ),
    JsonFormat(
        "telegram",
        "Telegram, export of the desktop application",
        telegram.convert,
        "telegram",
        (NO_PROFILES, "Names are those that the exporter's own application showed."),
        lambda item: ("date_unixtime" in item or "date" in item) and "type" in item and "id" in item and "text" in item,
    ),
)

FORMATS: dict[str, Format] = {one.name: one for one in (*TABLES, *JSONS)}
