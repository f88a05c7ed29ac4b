"""Twitter's API v1.1 as collectors kept it, and the older captures of Zeeschuimer, which have the same shape."""

from posts.enums import Relation
from posts.formats import x_users
from posts.formats.building import Context, post, reference, seconds, utc
from posts.formats.values import dig, digs, identifier, metrics, objects
from posts.records import Media, PostRecord, Reference

_METRICS = (
    ("reposts", "retweet_count"),
    ("likes", "favorite_count"),
    ("replies", "reply_count"),
    ("quotes", "quote_count"),
)


def convert(tweet: dict, context: Context) -> PostRecord:
    """Return the post; the text and lists of a repost are those of the whole reposted post, not the cut copy."""
    author = x_users.of_classic(tweet.get("user"))
    author.author_id = author.author_id or identifier(tweet.get("user_id_str"), "the author's id")
    reposted = tweet.get("retweeted_status")
    reposted = reposted if isinstance(reposted, dict) else None
    text = _text(tweet)
    if reposted:
        text = f"RT @{digs(reposted, 'user', 'screen_name')}: {_text(reposted)}"
    native_id = _id(tweet)
    entities = _entities(reposted or tweet)
    return post(
        context=context,
        author=author,
        native_id=native_id,
        claimed=utc(tweet.get("created_at")),
        collected=seconds(tweet.get("timestamp_collected"), 1000),
        text=text,
        refs=_references(tweet, reposted),
        tags=_names(entities, "hashtags", "text"),
        urls=_names(entities, "urls", "expanded_url"),
        mentions=_names(_entities(tweet), "user_mentions", "screen_name") or (),
        media=[Media(digs(one, "type"), digs(one, "media_url_https")) for one in _media(tweet)],
        metrics=metrics((ours, tweet.get(theirs)) for ours, theirs in _METRICS),
        lang=digs(tweet, "lang"),
        url=f"https://x.com/{author.handle or 'i'}/status/{native_id}",
    )


def convert_capture(item: dict, context: Context) -> PostRecord:
    """Return the post of an older capture of Zeeschuimer, whose envelope has the time of collection."""
    data = item.get("data")
    tweet = data if isinstance(data, dict) else {}
    return convert(tweet | {"timestamp_collected": item.get("timestamp_collected")}, context)


def _id(tweet: object) -> str:
    return identifier(dig(tweet, "id_str") or dig(tweet, "rest_id") or dig(tweet, "id"), "the post's id")


def _text(tweet: dict) -> str:
    return digs(tweet, "extended_tweet", "full_text") or digs(tweet, "full_text") or digs(tweet, "text")


def _entities(tweet: dict) -> dict:
    found = dig(tweet, "extended_tweet", "entities") or tweet.get("entities")
    return found if isinstance(found, dict) else {}


def _names(entities: dict, kind: str, name: str) -> list[str] | None:
    return [digs(one, name) for one in objects(entities, kind)] if isinstance(entities.get(kind), list) else None


def _media(tweet: dict) -> list[dict]:
    return (
        objects(tweet, "extended_tweet", "extended_entities", "media")
        or objects(tweet, "extended_entities", "media")
        or objects(tweet, "entities", "media")
    )


def _references(tweet: dict, reposted: dict | None) -> list[Reference | None]:
    quoted = tweet.get("quoted_status")
    quoted_id = identifier(tweet.get("quoted_status_id_str") or tweet.get("quoted_status_id"), "the quoted post's id")
    return [
        _to(Relation.REPOSTED, reposted) if reposted else None,
        None if reposted else _to(Relation.QUOTED, quoted, quoted_id),
        reference(
            Relation.REPLIED_TO,
            identifier(tweet.get("in_reply_to_status_id_str"), "the answered post's id"),
            identifier(tweet.get("in_reply_to_user_id_str"), "the answered author's id"),
            digs(tweet, "in_reply_to_screen_name"),
        ),
    ]


def _to(relation: Relation, tweet: object, native_id: str = "") -> Reference | None:
    author = identifier(dig(tweet, "user", "id_str") or dig(tweet, "user", "id"), "an author's id")
    return reference(relation, native_id or _id(tweet), author, digs(tweet, "user", "screen_name"))
