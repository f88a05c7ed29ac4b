"""Telegram: what its desktop application exports, one chat or the whole account, and the tables of 4CAT."""

from posts.enums import Relation
from posts.formats.building import Context, post, reference, utc
from posts.formats.refusals import Refused
from posts.formats.times import Clock
from posts.formats.values import count, digs, flag, identifier, metrics, objects, parts, text
from posts.records import AuthorSnapshot, Media, PostRecord, Reference


def convert(message: dict, context: Context) -> PostRecord:
    """Return a message of result.json; `context.head` is the chat it stands in.

    Takes `date_unixtime`, since `date` is the clock on the exporter's wall. Services (joined, pinned) are no posts.
    """
    if message.get("type") != "message":
        raise Refused("no_post", f"a {digs(message, 'type')} message (joined, pinned, renamed), not a post")
    chat = identifier(context.head.get("id"), "the chat's id")
    number = identifier(message.get("id"), "the message's id")
    forwarded = digs(message, "forwarded_from")
    answered = identifier(message.get("reply_to_message_id"), "the answered message's id")
    return post(
        context=context,
        author=_author(message, context),
        native_id=f"{chat}-{number}" if chat and number else number,
        claimed=_clock(message, context),
        text=_text(message.get("text")),
        refs=[
            reference(Relation.REPOSTED, "", _bare(message.get("forwarded_from_id")), forwarded),
            reference(Relation.REPLIED_TO, f"{chat}-{answered}") if answered else None,
        ],
        tags=_entities(message, "hashtag"),
        urls=_entities(message, "link") + [digs(one, "href") for one in _pieces(message)],
        mentions=_entities(message, "mention"),
        media=_media(message),
        metrics=_metrics(message),
    )


def _author(message: dict, context: Context) -> AuthorSnapshot:
    """Return who wrote it: the sender, in a channel the channel itself. Names are what the exporter's app showed."""
    author_id = _bare(message.get("from_id"))
    name = digs(message, "from")
    if not author_id:
        author_id, name = identifier(context.head.get("id"), "the chat's id"), name or digs(context.head, "name")
    return AuthorSnapshot("telegram", author_id, display_name=name)


def _bare(from_id: object) -> str:
    return identifier(from_id, "the author's id").removeprefix("channel").removeprefix("user")


def _clock(message: dict, context: Context) -> Clock:
    if message.get("date_unixtime"):
        return utc(message["date_unixtime"])
    return context.clock(message.get("date"))


def _text(value: object) -> str:
    """Return a text that is one string, or a list of strings and of pieces with a format."""
    pieces = value if isinstance(value, list) else [value]
    return "".join(piece if isinstance(piece, str) else digs(piece, "text") for piece in pieces)


def _pieces(message: dict) -> list[dict]:
    return objects(message, "text_entities") or objects(message, "text")


def _entities(message: dict, kind: str) -> list[str]:
    return [digs(one, "text") for one in _pieces(message) if one.get("type") == kind]


def _media(message: dict) -> list[Media]:
    found = [("photo", digs(message, "photo")), (digs(message, "media_type") or "file", digs(message, "file"))]
    return [Media(kind, path) for kind, path in found if path]


def _metrics(message: dict) -> dict[str, int]:
    reactions = sum(count(one.get("count")) or 0 for one in objects(message, "reactions"))
    pairs = [("views", message.get("views")), ("reposts", message.get("forwards"))]
    return metrics([*pairs, ("likes", reactions or None)])


def convert_4cat(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of 4CAT's Telegram table; its ids are chat and message joined."""
    thread = row["thread_id"]
    chat = row.get("chat") or thread
    author_id = identifier(row.get("author"), "the author's id")
    return post(
        context=context,
        author=AuthorSnapshot(
            platform="telegram",
            author_id=author_id or chat,
            handle=row.get("author_username") or "",
            display_name=row.get("author_name") or "",
        ),
        native_id=identifier(row["id"], "the message's id"),
        claimed=utc(row.get("unix_timestamp") or row.get("timestamp")),
        text=row.get("body") or "",
        refs=_references_4cat(row, thread),
        urls=parts(row.get("entities_linked") or "", ",") or None,
        mentions=parts(row.get("entities_mentioned") or "", ","),
        media=[Media(row["attachment_type"], row.get("attachment_filename") or "")] if row["attachment_type"] else [],
        metrics=metrics([("views", row.get("views")), ("reposts", row.get("forwards"))]),
        notes=("written by a bot",) if flag(row.get("author_is_bot")) else (),
    )


def _references_4cat(row: dict[str, str], thread: str) -> list[Reference | None]:
    answered = row.get("reply_to") or ""
    return [
        reference(
            Relation.REPOSTED,
            "",
            text(row.get("author_forwarded_from_id")),
            row.get("author_forwarded_from_username") or row.get("author_forwarded_from_name") or "",
        ),
        reference(Relation.REPLIED_TO, f"{thread}-{answered}") if answered else None,
    ]
