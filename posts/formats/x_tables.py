"""X in tables: 4CAT's, twarc-csv's, and those of minet and twitwi."""

from posts.enums import Kind, Relation
from posts.formats.building import Context, instant, post, reference, utc
from posts.formats.values import count, flag, identifier, json_list, metrics, parts, text
from posts.records import AuthorSnapshot, Media, PostRecord

_COUNTS_4CAT = (
    ("reposts", "retweet_count"),
    ("replies", "reply_count"),
    ("likes", "like_count"),
    ("quotes", "quote_count"),
    ("views", "impression_count"),
)
_COUNTS_TWARC = (*_COUNTS_4CAT, ("bookmarks", "bookmark_count"))


def convert_4cat(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of 4CAT's X table, which leaves out bio, location and followers: its NDJSON has them."""
    native_id = identifier(row["id"], "the post's id")
    thread = identifier(row.get("thread_id"), "the thread's id")
    return post(
        context=context,
        author=AuthorSnapshot(
            platform="x",
            author_id=identifier(row.get("author_id"), "the author's id"),
            handle=row.get("author") or "",
            display_name=row.get("author_fullname") or "",
            verified=flag(row.get("verified")),
            avatar=row.get("author_avatar_url") or "",
        ),
        native_id=native_id,
        claimed=utc(row.get("unix_timestamp") or row.get("timestamp")),
        text=row.get("body") or "",
        kind=_kind_4cat(row),
        refs=[
            reference(Relation.REPOSTED, handle=row.get("retweeted_user") or ""),
            reference(Relation.QUOTED, identifier(row.get("quote_tweet_id"), "a post's id"), "", row["quote_author"]),
            # The thread is the conversation's first post, which need not be the one that is answered.
            reference(Relation.REPLIED_TO, handle=row.get("replied_author") or ""),
        ],
        tags=parts(row["hashtags"], ",") if "hashtags" in row else None,
        urls=parts(row["urls"], ",") if "urls" in row else None,
        mentions=parts(row.get("mentions") or "", ","),
        media=[Media("photo", url) for url in parts(row.get("images") or "", ",")]
        + [Media("video", url) for url in parts(row.get("videos") or "", ",")],
        metrics=metrics((ours, row.get(theirs)) for ours, theirs in _COUNTS_4CAT),
        lang=row.get("language_guess") or "",
        url=row.get("link") or "",
        notes=(f"in the thread of {thread}",) if thread and thread != native_id else (),
    )


def _kind_4cat(row: dict[str, str]) -> Kind:
    columns = (("is_retweet", Kind.REPOST), ("is_quote_tweet", Kind.QUOTE), ("is_reply", Kind.REPLY))
    return next((kind for column, kind in columns if flag(row.get(column))), Kind.ORIGINAL)


def convert_twarc(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of twarc-csv; entities stand in it as JSON lists."""
    native_id = identifier(row["id"], "the post's id")
    handle = row.get("author.username") or ""
    mentions = json_list(row.get("entities.mentions") or "")
    return post(
        context=context,
        author=_twarc_author(row, handle),
        native_id=native_id,
        claimed=utc(row.get("created_at")),
        collected=instant(row.get("__twarc.retrieved_at")),
        text=row.get("text") or "",
        refs=[
            _twarc_reference(row, Relation.REPOSTED, "retweeted"),
            None if row.get("referenced_tweets.retweeted.id") else _twarc_reference(row, Relation.QUOTED, "quoted"),
            _twarc_reference(row, Relation.REPLIED_TO, "in_reply_to"),
        ],
        tags=_listed(row, "entities.hashtags", "tag"),
        urls=_listed(row, "entities.urls", "expanded_url"),
        mentions=[text(one.get("username")) for one in mentions],
        media=[
            Media(text(one.get("type")), text(one.get("url") or one.get("preview_image_url")))
            for one in json_list(row.get("attachments.media") or "")
        ],
        metrics=metrics((ours, row.get(f"public_metrics.{theirs}")) for ours, theirs in _COUNTS_TWARC),
        lang=row.get("lang") or "",
        url=f"https://x.com/{handle or 'i'}/status/{native_id}",
    )


def _twarc_author(row: dict[str, str], handle: str) -> AuthorSnapshot:
    return AuthorSnapshot(
        platform="x",
        author_id=identifier(row.get("author_id") or row.get("author.id"), "the author's id"),
        handle=handle,
        display_name=row.get("author.name") or "",
        bio=row.get("author.description") or "",
        location=row.get("author.location") or "",
        followers=count(row.get("author.public_metrics.followers_count")),
        following=count(row.get("author.public_metrics.following_count")),
        posts=count(row.get("author.public_metrics.tweet_count")),
        created_at=instant(row.get("author.created_at")),
        verified=flag(row.get("author.verified")),
        protected=flag(row.get("author.protected")),
        url=row.get("author.url") or "",
        avatar=row.get("author.profile_image_url") or "",
    )


def _twarc_reference(row: dict[str, str], relation: Relation, name: str):
    other = {"in_reply_to": "replied_to"}.get(name, name)
    return reference(
        relation,
        identifier(row.get(f"referenced_tweets.{other}.id"), "a post's id"),
        identifier(row.get(f"{name}_user_id"), "an author's id"),
        row.get(f"{name}_username") or "",
    )


def _listed(row: dict[str, str], column: str, name: str) -> list[str] | None:
    """Return the platform's list; the column is there even for posts without entities, and then empty."""
    cell = row.get(column)
    return None if cell is None else [text(one.get(name)) for one in json_list(cell)]


def convert_minet(row: dict, context: Context) -> PostRecord:
    """Return a row of minet or twitwi, or the same fields in Gazouilloire's JSON with lists instead of `|`."""
    native_id = identifier(row.get("id"), "the post's id")
    return post(
        context=context,
        author=AuthorSnapshot(
            platform="x",
            author_id=identifier(row.get("user_id"), "the author's id"),
            handle=text(row.get("user_screen_name")),
            display_name=text(row.get("user_name")),
            bio=text(row.get("user_description")),
            location=text(row.get("user_location")),
            followers=count(row.get("user_followers")),
            following=count(row.get("user_friends")),
            posts=count(row.get("user_tweets")),
            created_at=instant(row.get("user_timestamp_utc") or row.get("user_created_at")),
            verified=flag(row.get("user_verified")),
            url=text(row.get("user_url")),
            avatar=text(row.get("user_image")),
        ),
        native_id=native_id,
        claimed=utc(row.get("timestamp_utc")),
        # Written on the collector's wall clock, without its zone.
        collected=context.clock(row.get("collection_time")).moment,
        text=text(row.get("text")),
        refs=[
            _minet_reference(row, Relation.REPOSTED, ("retweeted_id", "retweeted_user_id", "retweeted_user")),
            None
            if row.get("retweeted_id")
            else _minet_reference(row, Relation.QUOTED, ("quoted_id", "quoted_user_id", "quoted_user")),
            _minet_reference(row, Relation.REPLIED_TO, ("to_tweetid", "to_userid", "to_username")),
        ],
        tags=piped(row.get("hashtags")),
        urls=piped(row.get("links")),
        mentions=piped(row.get("mentioned_names")),
        media=minet_media(row),
        metrics=metrics((ours, row.get(theirs)) for ours, theirs in _COUNTS_4CAT),
        lang=text(row.get("lang")),
        url=text(row.get("url")),
    )


def _minet_reference(row: dict, relation: Relation, columns: tuple[str, str, str]):
    post_id, author_id, handle = columns
    return reference(
        relation,
        identifier(row.get(post_id), "a post's id"),
        identifier(row.get(author_id), "an author's id"),
        text(row.get(handle)),
    )


def piped(value: object) -> list[str]:
    """Return a list, or the parts of a text joined by `|`."""
    if isinstance(value, list):
        return [one for one in value if isinstance(one, str) and one]
    return parts(text(value), "|")


def minet_media(row: dict) -> list[Media]:
    """Return the media of a row of minet: three lists side by side."""
    kinds, alts = piped(row.get("media_types")), piped(row.get("media_alt_texts"))
    return [
        Media(kinds[place] if place < len(kinds) else "", url, alts[place] if place < len(alts) else "")
        for place, url in enumerate(piped(row.get("media_urls")))
    ]


def convert_minet_bluesky(row: dict, context: Context) -> PostRecord:
    """Return a row of minet's Bluesky table; a repost has its own line, by whoever reposted."""
    by = text(row.get("repost_by_user_did"))
    whose = AuthorSnapshot(
        platform="bluesky",
        author_id=text(row.get("user_did")),
        handle=text(row.get("user_handle")),
        display_name=text(row.get("user_display_name")),
        created_at=instant(row.get("user_timestamp_utc") or row.get("user_created_at")),
        avatar=text(row.get("user_avatar")),
    )
    uri = text(row.get("uri"))
    return post(
        context=context,
        author=AuthorSnapshot("bluesky", by, text(row.get("repost_by_user_handle"))) if by else whose,
        native_id=f"repost:{by}:{uri}" if by else uri,
        claimed=utc(row.get("repost_timestamp_utc") if by else row.get("timestamp_utc")),
        observed=None if by else instant(row.get("indexed_at_utc")),
        collected=context.clock(row.get("collection_time")).moment,
        text=text(row.get("original_text") or row.get("text")),
        refs=[
            reference(Relation.REPOSTED, uri, whose.author_id, whose.handle) if by else None,
            reference(Relation.QUOTED, text(row.get("quoted_uri")), text(row.get("quoted_user_did"))),
            reference(Relation.REPLIED_TO, text(row.get("to_post_uri")), text(row.get("to_user_did"))),
        ],
        tags=piped(row.get("hashtags")),
        urls=piped(row.get("links")),
        mentions=piped(row.get("mentioned_user_dids")),
        media=minet_media(row),
        metrics=metrics((ours, row.get(theirs)) for ours, theirs in _COUNTS_TWARC if theirs != "retweet_count")
        | metrics([("reposts", row.get("repost_count"))]),
        lang=(piped(row.get("user_langs")) or [""])[0],
        url=text(row.get("url")),
    )
