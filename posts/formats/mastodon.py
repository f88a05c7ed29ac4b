"""Statuses of Mastodon and of what is built from it (Truth Social, Gab), as their API and Zeeschuimer give them."""

from urllib.parse import urlsplit

from posts.enums import Relation
from posts.formats.building import Context, instant, post, reference, seconds, utc
from posts.formats.values import count, dig, digs, flag, html_text, identifier, metrics, objects, text
from posts.records import AuthorSnapshot, Media, PostRecord, Reference

_METRICS = (
    ("reposts", "reblogs_count"),
    ("likes", "favourites_count"),
    ("replies", "replies_count"),
    ("quotes", "quotes_count"),
)
_OTHERS = frozenset({"truthsocial.com", "gab.com"})


def convert(status: dict, context: Context) -> PostRecord:
    """Return the post; its text is that of the HTML."""
    reposted = status.get("reblog")
    whole = reposted if isinstance(reposted, dict) else status
    author = profile(status.get("account"), digs(status, "url") or digs(status, "uri"))
    answered = identifier(status.get("in_reply_to_id"), "the answered post's id")
    answered_author = identifier(status.get("in_reply_to_account_id"), "the answered author's id")
    return post(
        context=context,
        author=author,
        native_id=identifier(status.get("id"), "the post's id"),
        claimed=utc(status.get("created_at")),
        collected=seconds(status.get("timestamp_collected"), 1000),
        text=html_text(digs(whole, "content")),
        refs=[
            _to(Relation.REPOSTED, reposted),
            _to(Relation.QUOTED, status.get("quote")),
            reference(Relation.REPLIED_TO, answered, answered_author),
        ],
        tags=[digs(tag, "name") for tag in objects(whole, "tags")] if isinstance(whole.get("tags"), list) else None,
        urls=[digs(whole, "card", "url")] if whole.get("card") else None,
        mentions=[digs(one, "acct") for one in objects(status, "mentions")],
        media=[
            Media(digs(one, "type"), digs(one, "url"), digs(one, "description"))
            for one in objects(whole, "media_attachments")
        ],
        metrics=metrics((ours, status.get(theirs)) for ours, theirs in _METRICS),
        lang=digs(whole, "language"),
        url=digs(status, "url"),
    )


def convert_capture(item: dict, context: Context) -> PostRecord:
    """Return the post in an envelope of Zeeschuimer."""
    data = item.get("data")
    status = data if isinstance(data, dict) else {}
    return convert(status | {"timestamp_collected": item.get("timestamp_collected")}, context)


def profile(account: object, near: str = "") -> AuthorSnapshot:
    """Return the profile of an account; `near` is an address on the same server."""
    url = digs(account, "url") or near
    server = _server(url)
    handle = digs(account, "acct") or digs(account, "username")
    if server and "@" not in handle and handle and server not in _OTHERS:
        handle = f"{handle}@{server}"
    return AuthorSnapshot(
        platform="other" if server in _OTHERS else "mastodon",
        author_id=_author_id(account, server),
        handle=handle,
        display_name=digs(account, "display_name"),
        bio=html_text(digs(account, "note")),
        location=text(dig(account, "location")),
        followers=count(dig(account, "followers_count")),
        following=count(dig(account, "following_count")),
        posts=count(dig(account, "statuses_count")),
        created_at=instant(dig(account, "created_at")),
        verified=flag(dig(account, "verified")),
        protected=flag(dig(account, "locked")),
        url=url,
        avatar=digs(account, "avatar"),
    )


def _author_id(account: object, server: str) -> str:
    """Return an id that holds beyond one server: each counts its accounts from 1.

    The number of a remote account is that of the server that was asked, which a status does not name.
    """
    number = identifier(dig(account, "id"), "the author's id")
    if not server or server in _OTHERS:
        return number
    return digs(account, "url") if "@" in digs(account, "acct") else number and f"{number}@{server}"


def _to(relation: Relation, status: object) -> Reference | None:
    native_id = identifier(dig(status, "id"), "a post's id")
    account = dig(status, "account")
    return reference(relation, native_id, profile(account).author_id, digs(account, "acct"))


def _server(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
