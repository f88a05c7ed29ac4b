"""X as Zeeschuimer captures it: the GraphQL result that the site itself showed, one a line."""

from posts.enums import Relation
from posts.formats import x_users
from posts.formats.building import Context, post, reference, seconds, utc
from posts.formats.refusals import Refused
from posts.formats.values import dig, digs, identifier, metrics, objects
from posts.records import AuthorSnapshot, Media, PostRecord, Reference

_METRICS = ("retweet_count", "reply_count", "favorite_count", "quote_count", "bookmark_count")
_NAMES = ("reposts", "replies", "likes", "quotes", "bookmarks")


def convert(item: dict, context: Context) -> PostRecord:
    """Return the post of one captured line.

    Never reads `id`, which is rounded for replies, and takes any missing list for an unknown one.
    """
    tweet = dig(item, "data")
    tweet = tweet.get("tweet", tweet) if isinstance(tweet, dict) else {}
    legacy = dig(tweet, "legacy")
    if not isinstance(legacy, dict):
        raise Refused("unmapped", "has no `legacy` part: a shape of X that is not known yet; the raw line is kept")
    collected = seconds(item.get("timestamp_collected"), 1000)
    author, notes = _author(tweet, legacy)
    reposted = _inner(dig(legacy, "retweeted_status_result", "result"))
    text = _text(tweet, legacy)
    if reposted:
        text = f"RT @{_author(reposted, reposted['legacy'])[0].handle}: {_text(reposted, reposted['legacy'])}"
    listed = _entities(reposted or tweet)
    return post(
        context=context,
        author=author,
        native_id=identifier(_id(tweet, legacy), "the post's id"),
        claimed=utc(legacy.get("created_at")),
        collected=collected,
        text=text,
        refs=_references(tweet, legacy, reposted),
        tags=_names(listed, "hashtags", "text"),
        urls=_names(listed, "urls", "expanded_url"),
        mentions=_names(_entities(tweet), "user_mentions", "screen_name") or (),
        media=_media(legacy),
        metrics=_metrics(tweet, legacy),
        lang=digs(legacy, "lang"),
        url=f"https://x.com/{author.handle or 'i'}/status/{_id(tweet, legacy)}",
        notes=notes + (("promoted",) if dig(item, "data", "promoted") else ()),
    )


def _id(tweet: object, legacy: dict) -> object:
    return dig(tweet, "rest_id") or legacy.get("id_str")


def _inner(result: object) -> dict | None:
    """Return the post inside a result, which may be wrapped once more when its visibility is limited."""
    found = dig(result, "tweet") or result
    return found if isinstance(found, dict) and isinstance(found.get("legacy"), dict) else None


def _author(tweet: object, legacy: dict) -> tuple[AuthorSnapshot, tuple[str, ...]]:
    result = dig(tweet, "core", "user_results", "result")
    author = x_users.of_graphql(result) if result else x_users.of_classic(dig(tweet, "user"))
    author.author_id = author.author_id or identifier(legacy.get("user_id_str"), "the author's id")
    notes: tuple[str, ...] = ()
    if not author.handle:
        author.handle = x_users.handle_in_media(_listed_media(legacy))
        notes = ("the capture has no profile of the author",)
    return author, notes


def _text(tweet: object, legacy: dict) -> str:
    """Return the whole text: a long one stands in a note beside its beginning."""
    return digs(tweet, "note_tweet", "note_tweet_results", "result", "text") or digs(legacy, "full_text")


def _entities(tweet: object) -> dict:
    found = dig(tweet, "note_tweet", "note_tweet_results", "result", "entity_set") or dig(tweet, "legacy", "entities")
    return found if isinstance(found, dict) else {}


def _names(entities: dict, kind: str, name: str) -> list[str] | None:
    """Return what the platform lists, None where the capture has no such list."""
    return [digs(one, name) for one in objects(entities, kind)] if isinstance(entities.get(kind), list) else None


def _listed_media(legacy: dict) -> list[dict]:
    return objects(legacy, "extended_entities", "media") or objects(legacy, "entities", "media")


def _media(legacy: dict) -> list[Media]:
    return [
        Media(digs(one, "type"), digs(one, "media_url_https"), digs(one, "ext_alt_text"))
        for one in _listed_media(legacy)
    ]


def _metrics(tweet: object, legacy: dict) -> dict[str, int]:
    found = [(ours, legacy.get(theirs)) for ours, theirs in zip(_NAMES, _METRICS, strict=True)]
    return metrics([*found, ("views", dig(tweet, "views", "count"))])


def _references(tweet: object, legacy: dict, reposted: dict | None) -> list[Reference | None]:
    refs: list[Reference | None] = []
    if reposted:
        whose, _ = _author(reposted, reposted["legacy"])
        native_id = identifier(_id(reposted, reposted["legacy"]), "the reposted post's id")
        refs.append(reference(Relation.REPOSTED, native_id, whose.author_id, whose.handle))
    quoted = _inner(dig(tweet, "quoted_status_result", "result"))
    whose = _author(quoted, quoted["legacy"])[0] if quoted else AuthorSnapshot("x")
    quoted_id = identifier(legacy.get("quoted_status_id_str") or dig(quoted, "rest_id"), "the quoted post's id")
    if not reposted:
        refs.append(reference(Relation.QUOTED, quoted_id, whose.author_id, whose.handle))
    refs.append(
        reference(
            Relation.REPLIED_TO,
            identifier(legacy.get("in_reply_to_status_id_str"), "the answered post's id"),
            identifier(legacy.get("in_reply_to_user_id_str"), "the answered author's id"),
            digs(legacy, "in_reply_to_screen_name"),
        )
    )
    return refs
