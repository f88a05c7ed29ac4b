"""Statuses of Mastodon and of what is built from it (Truth Social, Gab), as their API and Zeeschuimer give them."""

from dataclasses import replace

from cases.enums import Platform
from cases.platforms import FORKS, PLATFORM_OF_HOST
from posts.enums import Relation
from posts.formats.building import Context, instant, post, reference, seconds, utc
from posts.formats.values import count, dig, digs, flag, html_text, identifier, metrics, objects, text
from posts.names import host_of, name_of, named_by_address
from posts.records import AuthorSnapshot, Media, PostRecord, Reference

_METRICS = (
    ("reposts", "reblogs_count"),
    ("likes", "favourites_count"),
    ("replies", "replies_count"),
    ("quotes", "quotes_count"),
)


def convert(status: dict, context: Context) -> PostRecord:
    """Return the post; its text is that of the HTML.

    Ids and names are whole (`posts.names`): an id in a status is that of the server that was asked, which is the
    author's own where the author is named without a server, and else the one that was said.
    """
    reposted = status.get("reblog")
    whole = reposted if isinstance(reposted, dict) else status
    author = profile(status.get("account"), digs(status, "url") or digs(status, "uri"), context.server)
    asked = _own_server(status) or context.server
    return post(
        context=context,
        author=author,
        native_id=_name(status, context.server),
        claimed=utc(status.get("created_at")),
        collected=seconds(status.get("timestamp_collected"), 1000),
        text=html_text(digs(whole, "content")),
        refs=[
            _to(Relation.REPOSTED, reposted, asked),
            _quoted(status.get("quote"), author.platform, asked),
            _answered(status, author.platform, asked),
        ],
        tags=[digs(tag, "name") for tag in objects(whole, "tags")] if isinstance(whole.get("tags"), list) else None,
        urls=[digs(whole, "card", "url")] if whole.get("card") else None,
        mentions=[
            name_of(author.platform, digs(one, "acct"), host_of(digs(one, "url")) or asked)
            for one in objects(status, "mentions")
        ],
        media=[
            Media(digs(one, "type"), digs(one, "url"), digs(one, "description"))
            for one in objects(whole, "media_attachments")
        ],
        metrics=metrics((ours, status.get(theirs)) for ours, theirs in _METRICS),
        lang=digs(whole, "language"),
        url=digs(status, "url"),
    )


def convert_capture(item: dict, context: Context) -> PostRecord:
    """Return the post in an envelope of Zeeschuimer, which names the service."""
    data = item.get("data")
    status = data if isinstance(data, dict) else {}
    around = replace(context, server=digs(item, "source_platform").removeprefix("www."))
    return convert(status | {"timestamp_collected": item.get("timestamp_collected")}, around)


def profile(account: object, near: str = "", asked: str = "") -> AuthorSnapshot:
    """Return the profile of an account; `near` is an address on the same server, `asked` the server that shows it."""
    url = digs(account, "url") or near
    server = host_of(url) or host_of(near) or asked
    platform = _platform(account, server)
    return AuthorSnapshot(
        platform=platform,
        author_id=_author_id(account, platform, server),
        handle=name_of(platform, digs(account, "acct") or digs(account, "username"), server),
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


def _platform(account: object, server: str) -> str:
    """Truth Social or Gab where that was asked itself; what a server of Mastodon shows of them has no id of theirs."""
    known = PLATFORM_OF_HOST.get(server, "")
    return known if known in FORKS and not _is_remote(account) else Platform.MASTODON


def _author_id(account: object, platform: str, server: str) -> str:
    """Return an id that holds beyond one server: each counts its accounts from 1.

    The number of a remote account is that of the server that was asked, and its address is known everywhere.
    """
    number = identifier(dig(account, "id"), "the author's id")
    if _is_remote(account):
        return digs(account, "url")
    return name_of(platform, number, server)


def _is_remote(account: object) -> bool:
    return "@" in digs(account, "acct")


def _own_server(status: object) -> str:
    """The server of the author where it is the one that was asked; "" for an author from elsewhere."""
    account = dig(status, "account")
    return "" if _is_remote(account) else _server(status)


def _server(status: object) -> str:
    addresses = (digs(status, "account", "url"), digs(status, "url"), digs(status, "uri"))
    return next((host for host in map(host_of, addresses) if host), "")


def _name(status: object, asked: str) -> str:
    """Return the name of a status: its id where its author is at home, wherever it was asked for.

    That of an author from elsewhere stands in its address, which is the name where its form is not known.
    """
    own_id = identifier(dig(status, "id"), "the post's id")
    server = _server(status) or asked
    if _is_remote(dig(status, "account")):
        uri, url = digs(status, "uri"), digs(status, "url")
        return named_by_address(uri) or named_by_address(url) or (uri if host_of(uri) else "")
    return name_of(_platform(dig(status, "account"), server), own_id, server)


def _to(relation: Relation, status: object, asked: str) -> Reference | None:
    if not isinstance(status, dict):
        return None
    author = profile(status.get("account"), digs(status, "url") or digs(status, "uri"), asked)
    return reference(relation, _name(status, asked), author.author_id, author.handle)


def _quoted(quote: object, platform: str, asked: str) -> Reference | None:
    """Return the quoted post: a status itself, or from Mastodon 4.4 on one in an envelope, whole or by its id alone."""
    if isinstance(quote, dict) and "state" in quote and not isinstance(quote.get("quoted_status"), dict):
        own_id = identifier(quote.get("quoted_status_id"), "the quoted post's id")
        return reference(Relation.QUOTED, name_of(platform, own_id, asked))
    return _to(Relation.QUOTED, dig(quote, "quoted_status") or quote, asked)


def _answered(status: dict, platform: str, asked: str) -> Reference | None:
    """Return the answered post by the ids of the server that was asked, which say nothing where that is unknown."""
    own_id = identifier(status.get("in_reply_to_id"), "the answered post's id")
    author_id = identifier(status.get("in_reply_to_account_id"), "the answered author's id")
    if not own_id and not author_id:
        return None
    if platform == Platform.MASTODON and not asked:
        return Reference(Relation.REPLIED_TO)
    return Reference(Relation.REPLIED_TO, name_of(platform, own_id, asked), name_of(platform, author_id, asked))
