"""Twitter's API v2: pages with what they include, streams, and posts that twarc has flattened."""

from posts.enums import Relation
from posts.formats import x_users
from posts.formats.building import Context, instant, post, reference, utc
from posts.formats.values import dig, digs, identifier, metrics, objects
from posts.records import AuthorSnapshot, Media, PostRecord, Reference

_RELATIONS = {"retweeted": Relation.REPOSTED, "quoted": Relation.QUOTED, "replied_to": Relation.REPLIED_TO}
_METRICS = {
    "reposts": "retweet_count",
    "replies": "reply_count",
    "likes": "like_count",
    "quotes": "quote_count",
    "views": "impression_count",
    "bookmarks": "bookmark_count",
}


def included(page: dict) -> dict[str, dict[str, dict]]:
    """Return the objects that a page carries beside its posts, by kind and id."""
    keys = (("users", "id"), ("tweets", "id"), ("media", "media_key"))
    return {kind: {digs(one, key): one for one in objects(page, "includes", kind)} for kind, key in keys}


def convert(tweet: dict, context: Context) -> PostRecord:
    """Return the post; one whose author the page leaves out (withheld, suspended) keeps the author's bare id."""
    author, notes = _author(tweet, context)
    native_id = identifier(tweet.get("id"), "the post's id")
    related = _related(tweet, context)
    reposted = next((whole for relation, whole in related if relation == Relation.REPOSTED), None)
    entities = reposted if digs(reposted, "text") else tweet
    collected = instant(dig(tweet, "__twarc", "retrieved_at"))
    return post(
        context=context,
        author=author,
        native_id=native_id,
        claimed=utc(tweet.get("created_at")),
        collected=collected or instant(context.head.get("retrieved_at")),
        text=_text(tweet, reposted, context),
        refs=[_reference(relation, whole, context) for relation, whole in related],
        tags=_names(entities, "hashtags", "tag"),
        urls=_names(entities, "urls", "expanded_url"),
        mentions=_names(tweet, "mentions", "username") or (),
        media=_media(tweet, context),
        metrics=metrics((ours, dig(tweet, "public_metrics", theirs)) for ours, theirs in _METRICS.items()),
        lang=digs(tweet, "lang"),
        url=f"https://x.com/{author.handle or 'i'}/status/{native_id}",
        notes=notes,
    )


def _author(tweet: dict, context: Context) -> tuple[AuthorSnapshot, tuple[str, ...]]:
    author_id = identifier(tweet.get("author_id") or dig(tweet, "author", "id"), "the author's id")
    user = tweet.get("author") or context.includes.get("users", {}).get(author_id)
    if isinstance(user, dict):
        author = x_users.of_api2(user)
        author.author_id = author.author_id or author_id
        return author, ()
    return AuthorSnapshot("x", author_id), ("the page does not include the author's profile",)


def _related(tweet: dict, context: Context) -> list[tuple[Relation, dict]]:
    """Return the posts referred to, as whole as the export has them; a repost quotes nothing itself."""
    found = []
    for one in objects(tweet, "referenced_tweets"):
        relation = _RELATIONS.get(digs(one, "type"))
        if relation:
            found.append((relation, context.includes.get("tweets", {}).get(digs(one, "id")) or one))
    if not found and tweet.get("in_reply_to_user_id"):
        answered = {"author_id": tweet["in_reply_to_user_id"], "author": tweet.get("in_reply_to_user")}
        found.append((Relation.REPLIED_TO, answered))
    reposts = [pair for pair in found if pair[0] == Relation.REPOSTED]
    return reposts or found


def _reference(relation: Relation, whole: dict, context: Context) -> Reference | None:
    author_id = identifier(whole.get("author_id"), "an author's id")
    return reference(relation, identifier(whole.get("id"), "a post's id"), author_id, _handle(whole, context))


def _handle(tweet: dict, context: Context) -> str:
    user = tweet.get("author") or context.includes.get("users", {}).get(digs(tweet, "author_id"))
    return digs(user, "username")


def _text(tweet: dict, reposted: dict | None, context: Context) -> str:
    """Return the text; that of a repost is cut, so it is put together from the whole one where the page has that."""
    own = digs(tweet, "note_tweet", "text") or digs(tweet, "text")
    whole = digs(reposted, "note_tweet", "text") or digs(reposted, "text")
    if not whole or reposted is None:
        return own
    handle = _handle(reposted, context) or own.removeprefix("RT @").partition(":")[0]
    return f"RT @{handle}: {whole}"


def _names(tweet: object, kind: str, name: str) -> list[str] | None:
    """Return the platform's list; the API leaves out an empty one, so only a post without `entities` says nothing.

    A post without any entity has no `entities` at all, and then the text's own rule finds none either.
    """
    entities = dig(tweet, "entities")
    return [digs(one, name) for one in objects(entities, kind)] if isinstance(entities, dict) else None


def _media(tweet: dict, context: Context) -> list[Media]:
    attached = dig(tweet, "attachments", "media") or [
        context.includes.get("media", {}).get(key) for key in _keys(tweet)
    ]
    return [
        Media(digs(one, "type"), digs(one, "url") or digs(one, "preview_image_url"), digs(one, "alt_text"))
        for one in objects(attached)
    ]


def _keys(tweet: dict) -> list[str]:
    keys = dig(tweet, "attachments", "media_keys")
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
