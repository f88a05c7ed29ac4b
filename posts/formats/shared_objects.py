"""Tables made for co-sharing analysis, and YouTube's: QUT's toolkit, CooRTweet, YouTube Data Tools."""

from posts.enums import ObjectKind, Relation
from posts.formats.building import Context, post, reference, utc
from posts.formats.refusals import Refused
from posts.formats.times import counted
from posts.formats.values import bracketed, count, identifier, metrics
from posts.records import AuthorSnapshot, PostRecord, SharedObject

# The columns of CooRTweet's sample of the German election, which names several objects in one row.
_WIDE = (
    ("url_id", ObjectKind.URL),
    ("hashtag_id", ObjectKind.HASHTAG),
    ("domain_id", ObjectKind.DOMAIN),
    ("phash_id", ObjectKind.IMAGE),
)
_PLATFORMS = {"fb": "facebook", "tw": "x", "ig": "instagram"}


def convert_coortweet(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row (object, account, content, time): one post that shares one object; other rows may add to it."""
    content = identifier(row["content_id"], "content_id")
    if not content:
        raise Refused("no_id", "names no content_id")
    shared = row["object_id"].strip()
    return post(
        context=context,
        author=AuthorSnapshot(context.platform, identifier(row["account_id"], "account_id")),
        native_id=content,
        claimed=counted(utc(row["timestamp_share"])),
        text="",
        objects=(SharedObject(ObjectKind.OBJECT, shared),) if shared else (),
    )


def convert_wide(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row with a column for each kind of object; the account's prefix tells the platform."""
    account, content = identifier(row["account_id"], "account_id"), identifier(row["post_id"], "post_id")
    if not content:
        raise Refused("no_id", "names no post_id")
    found = ((kind, identifier(row.get(column), column)) for column, kind in _WIDE)
    return post(
        context=context,
        author=AuthorSnapshot(_PLATFORMS.get(account.partition("_")[0], context.platform), account),
        native_id=content,
        claimed=counted(utc(row["timestamp"])),
        text="",
        objects=tuple(SharedObject(kind, value) for kind, value in found if value),
    )


def convert_qut(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of QUT's toolkit, whose times are seconds since 1970."""
    reposted, answered = identifier(row["repost_id"], "repost_id"), identifier(row["reply_id"], "reply_id")
    return post(
        context=context,
        author=AuthorSnapshot(
            context.platform, identifier(row["user_id"], "user_id"), handle=row.get("username") or ""
        ),
        native_id=identifier(row["message_id"], "message_id"),
        claimed=counted(utc(row["timestamp"])),
        text=row["message"],
        refs=[reference(Relation.REPOSTED, reposted), reference(Relation.REPLIED_TO, answered)],
        urls=bracketed(row.get("urls") or ""),
    )


def convert_videos(row: dict[str, str], context: Context) -> PostRecord:
    """Return a video of YouTube Data Tools; its text is title and description."""
    video = identifier(row["videoId"], "videoId")
    text = "\n".join(part for part in (row.get("videoTitle"), row.get("videoDescription")) if part)
    names = (("views", "viewCount"), ("likes", "likeCount"), ("replies", "commentCount"))
    return post(
        context=context,
        author=AuthorSnapshot(
            "youtube", identifier(row["channelId"], "channelId"), display_name=row.get("channelTitle") or ""
        ),
        native_id=video,
        claimed=utc(row["publishedAt"]),
        text=text,
        metrics=metrics((ours, row.get(theirs)) for ours, theirs in names),
        url=f"https://www.youtube.com/watch?v={video}",
    )


def convert_comments(row: dict[str, str], context: Context) -> PostRecord:
    """Return a comment of YouTube Data Tools; one that answers another names it."""
    channel = (row.get("authorChannelUrl") or "").rstrip("/").rpartition("/")[2]
    channel = identifier(row.get("authorChannelId") or channel, "the author's channel")
    return post(
        context=context,
        author=AuthorSnapshot(
            "youtube",
            channel if channel.startswith("UC") else "",
            handle=(row.get("authorName") or "").removeprefix("@"),
            display_name=row.get("authorName") or "",
        ),
        native_id=identifier(row["id"], "the comment's id"),
        claimed=utc(row["publishedAt"]),
        text=row["text"],
        refs=[reference(Relation.REPLIED_TO, identifier(row.get("isReplyTo"), "the answered comment's id"))],
        metrics=metrics([("likes", row.get("likeCount")), ("replies", count(row.get("replyCount")))]),
    )
