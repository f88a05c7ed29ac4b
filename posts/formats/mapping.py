"""Any other table: which column holds what, as a person chose it or as the column names suggest."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields

from posts.enums import Kind, ObjectKind, Relation
from posts.exceptions import BadMapping
from posts.formats.building import Context, post, reference
from posts.formats.detection import at_path
from posts.formats.refusals import Refused
from posts.formats.times import DAY_FIRST, MONTH_FIRST, UNSAID, is_in_numbers
from posts.formats.values import bracketed, count, flag, identifier, metrics, parts, text
from posts.records import AuthorSnapshot, PostRecord, SharedObject

# What column names mean what, in lower case without spaces and underscores; the first that is there is proposed.
_NAMES: dict[str, tuple[str, ...]] = {
    "post_id": ("postid", "tweetid", "statusid", "messageid", "contentid", "id", "idstr", "uri"),
    "author_id": ("authorid", "userid", "accountid", "channelid", "pageid", "fromid", "authoruserid"),
    "handle": (
        "username", "screenname", "userscreenname", "handle", "authorusername", "authorhandle", "author", "user",
        "account", "authorname",
    ),
    "display_name": ("displayname", "userdisplayname", "fullname", "authorfullname", "name", "pagename"),
    "text": ("text", "fulltext", "body", "content", "message", "tweettext", "tweet", "caption", "description", "title"),
    "time": (
        "createdat", "timestamp", "timestamputc", "time", "date", "datetime", "publishedat", "postedat", "tweettime",
        "publishdate", "creationtime", "unixtimestamp", "timestampshare", "created",
    ),
    "lang": ("lang", "language", "languageguess", "tweetlanguage"),
    "url": ("url", "link", "permalink", "posturl", "tweeturl"),
    "hashtags": ("hashtags", "tags"),
    "urls": ("urls", "links", "expandedurls"),
    "mentions": ("mentions", "usermentions", "mentionednames"),
    "repost_of": ("repostid", "retweetedid", "retweettweetid", "retweetedstatusid", "repostof", "sharedpostid"),
    "quote_of": ("quotedid", "quotetweetid", "quotedtweetid", "quotedtweettweetid", "quoteof"),
    "reply_to": ("replyid", "inreplytotweetid", "inreplytostatusid", "inreplytoid", "replyto", "totweetid"),
    "is_repost": ("isretweet", "isrepost", "retweet"),
    "bio": ("bio", "userdescription", "authordescription", "userprofiledescription"),
    "location": ("location", "userlocation", "authorlocation", "userreportedlocation"),
    "followers": ("followers", "followerscount", "followercount", "userfollowers"),
    "following": ("following", "followingcount", "friendscount", "userfriends"),
    "author_created": ("accountcreationdate", "usercreatedat", "authorcreatedat"),
    "likes": ("likes", "likecount", "favoritecount", "favouritescount", "favorites"),
    "reposts": ("reposts", "repostcount", "retweetcount", "shares", "sharecount", "retweets"),
    "replies": ("replies", "replycount", "comments", "commentcount"),
    "views": ("views", "viewcount", "impressioncount", "playcount"),
    "collected_at": ("collectedat", "retrievedat", "timestampcollected", "scrapedat", "crawledat", "harvesteddate"),
    "object_id": ("objectid",),
}  # fmt: skip
# Of a mapping what is no column.
NO_COLUMNS = frozenset({"platform", "server", "zone", "day_order"})
_METRICS = ("likes", "reposts", "replies", "views")
_RELATIONS = ((Relation.REPOSTED, "repost_of"), (Relation.QUOTED, "quote_of"), (Relation.REPLIED_TO, "reply_to"))


@dataclass(frozen=True)
class Mapping:
    """The column for each part of a post, "" for none; for JSON a path such as `author.name`.

    Required: `text` (or `object_id`), `time`, and `author_id` or `handle`. Without `post_id` each post gets an id made
    of its author, time and text. `platform`, `server` (whose ids these are) and `zone` (of times without one) are those
    said beside the mapping where it has none; `day_order` ("day" or "month" first) is for times such as 12/05/2024,
    which nobody may guess.
    """

    platform: str = ""
    server: str = ""
    zone: str = ""
    day_order: str = UNSAID
    post_id: str = ""
    author_id: str = ""
    handle: str = ""
    display_name: str = ""
    text: str = ""
    time: str = ""
    lang: str = ""
    url: str = ""
    hashtags: str = ""
    urls: str = ""
    mentions: str = ""
    repost_of: str = ""
    quote_of: str = ""
    reply_to: str = ""
    is_repost: str = ""
    bio: str = ""
    location: str = ""
    followers: str = ""
    following: str = ""
    author_created: str = ""
    likes: str = ""
    reposts: str = ""
    replies: str = ""
    views: str = ""
    collected_at: str = ""
    object_id: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the choices that were made."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, value: object) -> "Mapping":
        """Read what `as_json` wrote; raises BadMapping for anything else."""
        known = {one.name for one in fields(cls)}
        if not isinstance(value, dict) or not all(isinstance(choice, str) for choice in value.values()):
            raise BadMapping("A mapping is an object of part and column name.", field="mapping")
        if unknown := set(value) - known:
            raise BadMapping(f"{min(unknown)!r:.60} is no part of a post; there are {', '.join(sorted(known))}.")
        return cls(**value)

    def columns(self) -> dict[str, str]:
        """Return part and column, without the choices that name no column."""
        return {name: column for name, column in self.as_json().items() if name not in NO_COLUMNS}

    def check(self, available: Iterable[str]) -> None:
        """Raise BadMapping unless every column is there and the required parts have one."""
        there = frozenset(available)
        for part, column in self.columns().items():
            if column not in there:
                raise BadMapping(f"There is no column {column!r:.60} for {part}.", field=part)
        if not self.time:
            raise BadMapping("Say which column holds the time.", field="time")
        if not self.author_id and not self.handle:
            raise BadMapping("Say which column holds the author's id or handle.", field="author_id")
        if not self.text and not self.object_id:
            raise BadMapping("Say which column holds the text.", field="text")
        if self.day_order not in (UNSAID, DAY_FIRST, MONTH_FIRST):
            raise BadMapping(f"The order is {DAY_FIRST!r} or {MONTH_FIRST!r} first.", field="day_order")

    def dates(self, rows: Iterable[dict]) -> list[str]:
        """Of the first rows the different times of which only a person can say what is the day."""
        found = (at_path(row, self.time) for row in rows) if self.time else ()
        return list(dict.fromkeys(one.strip() for one in found if isinstance(one, str) and is_in_numbers(one)))

    def check_order(self, rows: Iterable[dict]) -> None:
        """Raise BadMapping where the first rows have such times and nobody has said their order."""
        if self.day_order == UNSAID and (dates := self.dates(rows)):
            raise BadMapping(
                f"Say whether the day or the month comes first in {dates[0]!r:.40}: day_order is {DAY_FIRST!r} or "
                f"{MONTH_FIRST!r}.",
                field="day_order",
            )

    def lost(self, available: Sequence[str]) -> list[str]:
        """Return the columns that this mapping leaves out; the raw record keeps them."""
        taken = set(self.columns().values())
        return [column for column in available if column not in taken]


def propose(columns: Sequence[str], platform: str = "", zone: str = "UTC") -> Mapping:
    """Return the mapping that the column names suggest; a person confirms it."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(_bare(column), column)
        by_name.setdefault(_bare(column.rpartition(".")[2]), column)
    chosen: dict[str, str] = {}
    for part, names in _NAMES.items():
        free = (by_name[name] for name in names if name in by_name and by_name[name] not in chosen.values())
        if column := next(free, ""):
            chosen[part] = column
    return Mapping(platform=platform or "other", zone=zone, **chosen)


def _bare(column: str) -> str:
    return "".join(c for c in column.casefold() if c.isalnum())


def convert(mapping: Mapping, row: dict, context: Context) -> PostRecord:
    """Return the post that `mapping` sees in a row or a JSON object."""
    found = {part: at_path(row, column) for part, column in mapping.columns().items()}
    if mapping.post_id and not identifier(found["post_id"], mapping.post_id):
        raise Refused("no_id", f"has nothing in {mapping.post_id}, the column of the id")
    shared = text(found.get("object_id"))
    return post(
        context=context,
        author=_author(mapping, found, context),
        native_id=identifier(found.get("post_id"), mapping.post_id),
        claimed=context.clock(found["time"]),
        collected=context.clock(found.get("collected_at")).moment,
        text=text(found.get("text")),
        kind=Kind.REPOST if flag(found.get("is_repost")) else None,
        refs=[
            reference(relation, identifier(found.get(part), part))
            for relation, part in _RELATIONS
            if found.get(part) not in (None, "")
        ],
        tags=_list(found["hashtags"]) if "hashtags" in found else None,
        urls=_list(found["urls"]) if "urls" in found else None,
        mentions=_list(found.get("mentions")),
        metrics=metrics((name, found.get(name)) for name in _METRICS),
        lang=text(found.get("lang")),
        url=text(found.get("url")),
        objects=(SharedObject(ObjectKind.OBJECT, shared),) if shared else (),
    )


def _author(mapping: Mapping, found: dict[str, object], context: Context) -> AuthorSnapshot:
    return AuthorSnapshot(
        platform=mapping.platform or context.platform,
        author_id=identifier(found.get("author_id"), mapping.author_id),
        handle=text(found.get("handle")).strip().removeprefix("@"),
        display_name=text(found.get("display_name")),
        bio=text(found.get("bio")),
        location=text(found.get("location")),
        followers=count(found.get("followers")),
        following=count(found.get("following")),
        created_at=context.clock(found.get("author_created")).moment,
    )


def _list(value: object) -> list[str]:
    """Return a list as JSON, or a cell's: in brackets, or with the separator that it uses."""
    if isinstance(value, list):
        return [text(one) for one in value if isinstance(one, str)]
    cell = text(value).strip()
    if cell.startswith("["):
        return bracketed(cell)
    separator = next((mark for mark in "|;," if mark in cell), " ")
    return parts(cell, separator)
