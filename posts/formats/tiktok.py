"""TikTok: captures of Zeeschuimer, and tables of the Research API."""

from posts.formats.building import Context, post, seconds, utc
from posts.formats.values import bracketed, count, dig, digs, flag, identifier, metrics, objects, text
from posts.records import AuthorSnapshot, Media, PostRecord

_METRICS = (
    ("likes", "diggCount"),
    ("replies", "commentCount"),
    ("reposts", "shareCount"),
    ("views", "playCount"),
    ("bookmarks", "collectCount"),
)
_COLUMNS = (
    ("likes", "like_count"),
    ("replies", "comment_count"),
    ("reposts", "share_count"),
    ("views", "view_count"),
    ("bookmarks", "favorites_count"),
)


def convert(item: dict, context: Context) -> PostRecord:
    """Return the video of one capture; `author` is an object or only the name."""
    data = item.get("data")
    video = data if isinstance(data, dict) else item
    author = _author(video)
    native_id = identifier(video.get("id"), "the video's id")
    tags = [digs(one, "hashtagName") for one in objects(video, "textExtra")]
    tags += [digs(one, "title") for one in objects(video, "challenges")]
    stats = dig(video, "stats") or dig(video, "statsV2")
    return post(
        context=context,
        author=author,
        native_id=native_id,
        claimed=utc(video.get("createTime")),
        collected=seconds(item.get("timestamp_collected"), 1000),
        text=digs(video, "desc"),
        tags=tags if "textExtra" in video or "challenges" in video else None,
        mentions=[digs(one, "userUniqueId") for one in objects(video, "textExtra")],
        media=[Media("video", digs(video, "video", "downloadAddr") or digs(video, "video", "playAddr"))],
        metrics=metrics((ours, dig(stats, theirs)) for ours, theirs in _METRICS),
        lang=digs(video, "textLanguage"),
        url=f"https://www.tiktok.com/@{author.handle}/video/{native_id}" if author.handle else "",
    )


def _author(video: dict) -> AuthorSnapshot:
    author = video.get("author")
    stats = video.get("authorStats")
    name = author if isinstance(author, str) else digs(author, "uniqueId") or digs(author, "unique_id")
    return AuthorSnapshot(
        platform="tiktok",
        author_id=identifier(dig(author, "id") or video.get("authorId"), "the author's id"),
        handle=name,
        display_name=digs(author, "nickname") or digs(video, "nickname"),
        bio=digs(author, "signature"),
        followers=count(dig(stats, "followerCount")),
        following=count(dig(stats, "followingCount")),
        posts=count(dig(stats, "videoCount")),
        verified=flag(dig(author, "verified")),
        avatar=digs(author, "avatarThumb"),
    )


def convert_research(row: dict[str, str], context: Context) -> PostRecord:
    """Return a row of the Research API, which knows its authors by name alone."""
    handle = row.get("author_name") or row.get("username") or ""
    native_id = identifier(row.get("video_id") or row.get("id"), "the video's id")
    return post(
        context=context,
        author=AuthorSnapshot("tiktok", handle=handle, display_name=text(row.get("display_name"))),
        native_id=native_id,
        claimed=utc(row.get("create_time")),
        text=row.get("video_description") or "",
        tags=bracketed(row.get("hashtag_names") or ""),
        metrics=metrics((ours, row.get(theirs)) for ours, theirs in _COLUMNS),
        url=f"https://www.tiktok.com/@{handle}/video/{native_id}",
    )
