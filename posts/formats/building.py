"""What all readers share: from the pieces that a format finds to one post record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from cases.enums import Platform
from cases.platforms import WITH_SERVERS
from posts.enums import ClockFlag, Kind, Relation, TagSource
from posts.formats.refusals import Refused
from posts.formats.times import MONTH_FIRST, NO_TIME, Clock, compared, is_in_numbers, read_time
from posts.names import name_of, own_server, post_name, server_of
from posts.records import AuthorSnapshot, Media, PostRecord, Reference, SharedObject, automatic_id
from posts.texts import hashtags, links

_UTC = ZoneInfo("UTC")
_IMPOSSIBLE = frozenset({ClockFlag.IMPLAUSIBLE, ClockFlag.FUTURE})
_KIND_OF = ((Relation.REPOSTED, Kind.REPOST), (Relation.QUOTED, Kind.QUOTE), (Relation.REPLIED_TO, Kind.REPLY))


@dataclass(slots=True)
class Context:
    """What a record does not say itself: the zone of times without one, which of two numbers is the day, the platform
    and the server whose ids these are (`posts.names`), when the file is read.

    `includes` are the objects that a page carries beside its posts, by kind and id; `head` what stands before a list.
    """

    zone: ZoneInfo = _UTC
    day_order: str = MONTH_FIRST
    platform: str = ""
    server: str = ""
    read_at: datetime | None = None
    includes: dict[str, dict[str, dict]] = field(default_factory=dict)
    head: dict[str, object] = field(default_factory=dict)

    def clock(self, value: object) -> Clock:
        """Read a time that may be in the chosen zone."""
        return read_time(value, self.zone, self.day_order)


def utc(value: object) -> Clock:
    """Read a time that the format defines to be in UTC, whether it says so or not."""
    clock = read_time(value, _UTC)
    return _zoned(clock) if clock.flags else clock


@lru_cache(maxsize=50_000)
def _zoned(clock: Clock) -> Clock:
    return clock._replace(flags=tuple(flag for flag in clock.flags if flag != ClockFlag.NO_ZONE))


def instant(value: object) -> datetime | None:
    """Read a time in UTC for its moment alone."""
    return read_time(value, _UTC).moment if value not in (None, "") else None


def post(
    *,
    context: Context,
    author: AuthorSnapshot,
    native_id: str,
    claimed: Clock,
    text: str,
    observed: datetime | None = None,
    collected: datetime | None = None,
    refs: Iterable[Reference | None] = (),
    tags: Sequence[str] | None = None,
    urls: Sequence[str] | None = None,
    mentions: Sequence[str] = (),
    media: Iterable[Media] = (),
    metrics: dict[str, int] | None = None,
    lang: str = "",
    url: str = "",
    objects: tuple[SharedObject, ...] = (),
    notes: tuple[str, ...] = (),
    kind: Kind | None = None,
) -> PostRecord:
    """Return the record; `tags` and `urls` are the platform's own lists, None where it gives none.

    Raises Refused without author or time, or for an id that may be any server's. A date at which nobody can have
    posted (year 0, 1900, 2999) stays as it is written, and the post is undated.
    """
    if not author.author_id and not author.handle:
        raise Refused("no_author", "names no author")
    if author.platform in WITH_SERVERS:
        whose = context.server or own_server(author.platform, native_id, url)
        native_id, refs, mentions = _whole(author, native_id, refs, mentions, whose)
    claimed = compared(claimed, observed, collected, context.read_at, author.platform)
    if claimed.moment is None and observed is None and not _IMPOSSIBLE.intersection(claimed.flags):
        raise _no_time(claimed)
    author.observed_at, related = author.observed_at or collected, tuple([ref for ref in refs if ref])
    return PostRecord(
        platform=author.platform,
        native_id=native_id or automatic_id(author.account, claimed.written, text),
        author_id=author.author_id,
        handle=author.handle,
        text=text,
        kind=kind or kind_of(related),
        claimed_at=claimed.moment,
        observed_at=observed,
        collected_at=collected,
        clock_flags=claimed.flags,
        claimed_text=claimed.written if claimed.flags else "",
        lang=lang,
        url=url,
        refs=related,
        hashtags=tuple(hashtags.tags(text) if tags is None else hashtags.folded(tags)),
        tag_source=TagSource.TEXT if tags is None else TagSource.PLATFORM,
        urls=tuple(links.found_in(text) if urls is None else dict.fromkeys([found for found in urls if found])),
        mentions=tuple(dict.fromkeys([name.lstrip("@") for name in mentions if name])) if mentions else (),
        media=tuple([one for one in media if one.url or one.kind]) if media else (),
        metrics=metrics or {},
        objects=objects,
        author=author,
        notes=notes,
    )


def _whole(
    author: AuthorSnapshot, native_id: str, refs: Iterable[Reference | None], mentions: Sequence[str], server: str
) -> tuple[str, Iterable[Reference | None], Sequence[str]]:
    """Whatever a post names with the server that counts it, `server` where a name has none; the author in place.

    Raises Refused for a number of Mastodon without a server, by which nobody could tell it from that of another one.
    """
    platform = author.platform
    if not server and platform != Platform.MASTODON:
        return native_id, refs, mentions
    author.author_id = name_of(platform, author.author_id, server)
    author.handle = name_of(platform, author.handle, server)
    native_id = post_name(platform, native_id, server)
    names = filter(None, (native_id, author.account))
    if platform == Platform.MASTODON and not all(server_of(platform, name) for name in names):
        raise Refused("no_server", "an id of Mastodon without the server that counts it: say which server it is")
    named = [
        ref
        and ref._replace(
            native_id=post_name(platform, ref.native_id, server),
            author_id=name_of(platform, ref.author_id, server),
            handle=name_of(platform, ref.handle, server),
        )
        for ref in refs
    ]
    return native_id, named, [name_of(platform, one, server) for one in mentions]


def kind_of(refs: Sequence[Reference]) -> Kind:
    """Return what a post with these references is: repost before quote before reply."""
    if not refs:
        return Kind.ORIGINAL
    relations = {ref.relation for ref in refs}
    return next((kind for relation, kind in _KIND_OF if relation in relations), Kind.ORIGINAL)


def reference(relation: Relation, native_id: str = "", author_id: str = "", handle: str = "") -> Reference | None:
    """Return a reference, None when nothing of it is known."""
    return Reference(relation, native_id, author_id, handle) if native_id or author_id or handle else None


def seconds(value: object, per_second: int = 1) -> datetime | None:
    """Return the moment so many parts of a second after 1970; None for what is no such number."""
    try:
        return datetime.fromtimestamp(int(str(value)) / per_second, UTC) if value not in (None, "") else None
    except (ValueError, OverflowError, OSError):
        return None


def _no_time(claimed: Clock) -> Refused:
    if claimed is NO_TIME or not claimed.written:
        return Refused("no_time", "has no time")
    said = ", with the day and the month in the order that was said" if is_in_numbers(claimed.written) else ""
    return Refused("bad_time", f"its time cannot be read{said}: {claimed.written!r:.60}")
