"""Bluesky: posts as its API shows them, and records as its streams (Jetstream, tap) send them.

`createdAt` is whatever the author's client claims; the network's own clock stands beside it.
"""

from datetime import datetime

from posts.enums import Kind, Relation
from posts.formats.building import Context, instant, post, reference, seconds, utc
from posts.formats.refusals import Refused
from posts.formats.times import NO_TIME
from posts.formats.values import dig, digs, metrics, objects
from posts.records import AuthorSnapshot, Media, PostRecord, Reference, automatic_id

_COLLECTION = "app.bsky.feed.post"
_METRICS = (
    ("likes", "likeCount"),
    ("reposts", "repostCount"),
    ("replies", "replyCount"),
    ("quotes", "quoteCount"),
    ("bookmarks", "bookmarkCount"),
)


def convert_view(view: dict, context: Context) -> PostRecord:
    """Return the post of getPosts, searchPosts or a feed; a feed's repost is a post of whoever reposted."""
    shown = view.get("post")
    if not isinstance(shown, dict):
        return _shown(view, context)
    by = dig(view, "reason", "by")
    return _repost(view, shown, by, context) if isinstance(by, dict) else _shown(shown, context)


def convert_stream(event: dict, context: Context) -> PostRecord:
    """Return the post of a Jetstream event, whose time is that of the network."""
    _check_new_post(event, "commit", "operation")
    commit = dig(event, "commit")
    stream = {name: dig(commit, name) for name in ("collection", "rkey", "record", "cid")}
    return _streamed(stream, digs(event, "did"), seconds(event.get("time_us"), 10**6), context)


def convert_tap(event: dict, context: Context) -> PostRecord:
    """Return the post of a tap event, which has no time but the claimed one."""
    _check_new_post(event, "record", "action")
    record = dig(event, "record")
    stream = {name: dig(record, name) for name in ("collection", "rkey", "record", "cid")}
    return _streamed(stream, digs(record, "did"), None, context)


def _check_new_post(event: dict, part: str, verb: str) -> None:
    collection, operation = digs(event, part, "collection"), digs(event, part, verb)
    if collection != _COLLECTION or operation != "create":
        raise Refused(
            "no_post", f"tells of {operation or 'something'} in {collection or 'no collection'}, not of a new post"
        )


def profile(author: object) -> AuthorSnapshot:
    """Return the profile that a post shows of its author, keyed by DID: handles change."""
    return AuthorSnapshot(
        platform="bluesky",
        author_id=digs(author, "did"),
        handle=digs(author, "handle"),
        display_name=digs(author, "displayName"),
        bio=digs(author, "description"),
        created_at=instant(dig(author, "createdAt")),
        avatar=digs(author, "avatar"),
    )


def _shown(view: dict, context: Context) -> PostRecord:
    record = dig(view, "record")
    uri, author = digs(view, "uri"), profile(view.get("author"))
    return _post(
        context,
        record if isinstance(record, dict) else {},
        uri=uri,
        author=author,
        observed=instant(view.get("indexedAt")),
        metrics=metrics((ours, view.get(theirs)) for ours, theirs in _METRICS),
        media=_shown_media(view.get("embed")),
    )


def _repost(view: dict, shown: dict, by: dict, context: Context) -> PostRecord:
    author, uri = profile(by), digs(shown, "uri")
    own = digs(view, "reason", "uri") or automatic_id(author.author_id, uri)
    whose = profile(shown.get("author"))
    return post(
        context=context,
        author=author,
        native_id=own,
        claimed=NO_TIME,
        observed=instant(dig(view, "reason", "indexedAt")),
        text=digs(shown, "record", "text"),
        refs=[reference(Relation.REPOSTED, uri, whose.author_id, whose.handle)],
        tags=_tags(dig(shown, "record")),
        urls=_links(dig(shown, "record")),
        lang=_language(dig(shown, "record")),
        url=address(uri),
        kind=Kind.REPOST,
    )


def _streamed(stream: dict, did: str, observed: datetime | None, context: Context) -> PostRecord:
    record = stream["record"] if isinstance(stream["record"], dict) else {}
    uri = f"at://{did}/{stream['collection']}/{stream['rkey']}"
    return _post(
        context,
        record,
        uri=uri,
        author=AuthorSnapshot("bluesky", did),
        observed=observed,
        metrics={},
        media=_embedded(record.get("embed")),
    )


def _post(
    context: Context,
    record: dict,
    *,
    uri: str,
    author: AuthorSnapshot,
    observed: datetime | None,
    metrics: dict[str, int],
    media: list[Media],
) -> PostRecord:
    return post(
        context=context,
        author=author,
        native_id=uri,
        claimed=utc(record.get("createdAt")),
        observed=observed,
        text=digs(record, "text"),
        refs=_references(record),
        tags=_tags(record),
        urls=_links(record),
        mentions=_features(record, "did"),
        media=media,
        metrics=metrics,
        lang=_language(record),
        url=address(uri),
    )


def address(uri: str) -> str:
    """Return the page of a post, from its at:// address."""
    parts = uri.removeprefix("at://").split("/")
    return f"https://bsky.app/profile/{parts[0]}/post/{parts[2]}" if len(parts) == 3 else ""


def _references(record: dict) -> list[Reference | None]:
    embed = record.get("embed")
    quoted = digs(embed, "record", "record", "uri") or digs(embed, "record", "uri")
    answered = digs(record, "reply", "parent", "uri")
    pairs = ((Relation.QUOTED, quoted), (Relation.REPLIED_TO, answered))
    return [reference(relation, uri, _owner(uri)) for relation, uri in pairs if "/app.bsky.feed.post/" in uri]


def _owner(uri: str) -> str:
    return uri.removeprefix("at://").partition("/")[0]


def _features(record: object, name: str) -> list[str]:
    return [
        digs(feature, name)
        for facet in objects(record, "facets")
        for feature in objects(facet, "features")
        if digs(feature, name)
    ]


def _tags(record: object) -> list[str]:
    """Return the tags that the record marks, in its text and in its own list."""
    hidden = dig(record, "tags")
    listed = [tag for tag in hidden if isinstance(tag, str)] if isinstance(hidden, list) else []
    return _features(record, "tag") + listed


def _links(record: object) -> list[str]:
    embed = dig(record, "embed")
    card = digs(embed, "external", "uri") or digs(embed, "media", "external", "uri")
    return [*_features(record, "uri"), card]


def _language(record: object) -> str:
    found = dig(record, "langs")
    return found[0] if isinstance(found, list) and found and isinstance(found[0], str) else ""


def _shown_media(embed: object) -> list[Media]:
    inner = dig(embed, "media") or embed
    pictures = [Media("photo", digs(one, "fullsize"), digs(one, "alt")) for one in objects(inner, "images")]
    playlist = digs(inner, "playlist")
    return pictures + ([Media("video", playlist, digs(inner, "alt"))] if playlist else [])


def _embedded(embed: object) -> list[Media]:
    """A stream names pictures by their content's hash only."""
    inner = dig(embed, "media") or embed
    pictures = [(digs(one, "image", "ref", "$link"), digs(one, "alt")) for one in objects(inner, "images")]
    video = digs(inner, "video", "ref", "$link")
    found = [Media("photo", link, alt) for link, alt in pictures if link]
    return found + ([Media("video", video, digs(inner, "alt"))] if video else [])
