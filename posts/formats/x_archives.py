"""X in archives of influence operations: Twitter's own releases, and FiveThirtyEight's of the Russian trolls."""

from posts.enums import Kind, Relation
from posts.formats.building import Context, instant, post, reference, utc
from posts.formats.values import bracketed, count, flag, identifier, metrics
from posts.records import AuthorSnapshot, PostRecord, Reference

_METRICS = (
    ("quotes", "quote_count"),
    ("replies", "reply_count"),
    ("likes", "like_count"),
    ("reposts", "retweet_count"),
)


def convert_release(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of Twitter's archive, whose times have minutes and whose small accounts have hashed names.

    `user_reported_location` is what the account says of itself, and a profile is that of the day of the release.
    """
    native_id = identifier(row["tweetid"], "the post's id")
    reposts = flag(row.get("is_retweet"))
    return post(
        context=context,
        author=AuthorSnapshot(
            platform="x",
            author_id=identifier(row["userid"], "the author's id"),
            handle=row.get("user_screen_name") or "",
            display_name=row.get("user_display_name") or "",
            bio=row.get("user_profile_description") or "",
            location=row.get("user_reported_location") or "",
            followers=count(row.get("follower_count")),
            following=count(row.get("following_count")),
            created_at=instant(row.get("account_creation_date")),
            url=row.get("user_profile_url") or "",
        ),
        native_id=native_id,
        kind=Kind.REPOST if reposts else None,
        claimed=utc(row.get("tweet_time")),
        text=row.get("tweet_text") or "",
        refs=[
            _to(row, Relation.REPOSTED, "retweet_tweetid", "retweet_userid"),
            None if reposts else _to(row, Relation.QUOTED, "quoted_tweet_tweetid"),
            _to(row, Relation.REPLIED_TO, "in_reply_to_tweetid", "in_reply_to_userid"),
        ],
        tags=bracketed(row["hashtags"]) if row.get("hashtags") else None,
        urls=bracketed(row["urls"]) if row.get("urls") else None,
        mentions=bracketed(row.get("user_mentions") or ""),
        metrics=metrics((ours, row.get(theirs)) for ours, theirs in _METRICS),
        lang=row.get("tweet_language") or "",
        url=f"https://x.com/i/status/{native_id}",
    )


def _to(row: dict[str, str], relation: Relation, post_id: str, author_id: str = "") -> Reference | None:
    author = identifier(row.get(author_id), "an author's id") if author_id else ""
    return reference(relation, identifier(row.get(post_id), "a post's id"), author)


def convert_trolls(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of FiveThirtyEight's table, by post or by author; the latter has neither ids nor profiles.

    `region` is Social Studio's inference and no base; an author's id that a spreadsheet rounded is left out where the
    other one, `alt_external_id`, has it, and the row is refused where none has.
    """
    reposts = flag(row.get("retweet"))
    kinds = {"RETWEET": Kind.REPOST, "QUOTE_TWEET": Kind.QUOTE}
    collected = instant(row.get("harvested_date"))
    return post(
        context=context,
        author=AuthorSnapshot(
            platform="x",
            author_id=_author_id(row),
            handle=row.get("author") or "",
            location=row.get("region") or "",
            location_source="vendor:Social Studio",
            followers=count(row.get("followers")),
            following=count(row.get("following")),
            posts=count(row.get("updates")),
        ),
        native_id=identifier(row.get("tweet_id"), "the post's id"),
        claimed=utc(row.get("publish_date")),
        collected=collected,
        text=row.get("content") or "",
        kind=kinds.get((row.get("post_type") or "").strip().upper()) or (Kind.REPOST if reposts else None),
        urls=_addresses(row),
        lang=row.get("language") or "",
        url=row.get("article_url") or "",
    )


def _author_id(row: dict[str, str]) -> str:
    first, second = row.get("external_author_id") or "", row.get("alt_external_id") or ""
    if "e+" in first.lower() and second.isdigit():
        first = second
    return identifier(first, "the author's id")


def _addresses(row: dict[str, str]) -> list[str] | None:
    columns = ("tco1_step1", "tco2_step1", "tco3_step1")
    return [row.get(column) or "" for column in columns] if columns[0] in row else None
