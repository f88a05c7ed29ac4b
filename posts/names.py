"""The whole names of posts and accounts: the platform's id and, where servers count for themselves, the server.

One rule for all of them: where a platform is many servers (`cases.platforms.WITH_SERVERS`), each of which numbers its
posts and accounts from 1, a name is `id@server`. A service that is no platform here is `other`, and its domain is the
server. Names are what keys, counts and matches are made of, so that nothing of two servers ever is one.
"""

import re
from urllib.parse import urlsplit

from cases.enums import Platform
from cases.platforms import DOMAIN, WITH_SERVERS

# Where servers that speak ActivityPub keep posts: Mastodon, GoToSocial; Misskey; Pleroma and Akkoma. A boost of
# Mastodon ends in /activity.
_POST = re.compile(
    r"/(?:(?:ap/)?users/[^/]+/statuses|@[^/]+(?:/statuses)?|notes|notice|objects|activities)"
    r"/([A-Za-z0-9_-]{1,100})(?:/activity)?/?"
)


def name_of(platform: str, own_id: str, server: str) -> str:
    """The whole name of the post or account that `server` calls `own_id`, an id or a handle; `user_of` undoes it.

    "" stays "", and so does everything on a platform that is one server, and what names its server itself.
    """
    return own_id if _is_whole(platform, own_id, server) else f"{own_id}@{server}"


def _is_whole(platform: str, name: str, server: str) -> bool:
    if not name or not server or platform not in WITH_SERVERS or name.endswith(f"@{server}"):
        return True
    # An id of a service that is not known may have an @ of its own.
    return platform == Platform.MASTODON and server_of(platform, name) != ""


def user_of(platform: str, account: str) -> tuple[str, str]:
    """The platform's id in the name of an account and the server that gave it; "" for what the name does not tell.

    "5@social.example" is a number with its server, "@ana@social.example" a handle, and "https://social.example/@ana" a
    name seen from another server, which has no number of its own for it.
    """
    if account.startswith("@"):
        return "", server_of(platform, account)
    if platform == Platform.MASTODON and "/" in account:
        return "", host_of(account)
    server = server_of(platform, account)
    return (account.removesuffix(f"@{server}") if server else account), server


def server_of(platform: str, name: str) -> str:
    """The server that a name carries: behind its last @, or of Mastodon where it is an address; else ""."""
    if platform not in WITH_SERVERS:
        return ""
    if platform == Platform.MASTODON and "/" in name:
        return host_of(name)
    before, _, server = name.rpartition("@")
    return server if before and DOMAIN.fullmatch(server) else ""


def on_server(platform: str, account: str, handle: str, server: str) -> tuple[str, str]:
    """The whole name and handle of an account that a list of `server` names without a server of its own.

    The id of an account of another server is the one by which `server` knows it, and names nobody elsewhere.
    """
    handle = name_of(platform, handle, server)
    if account.startswith("@"):
        return f"@{handle.casefold()}", handle
    if _is_whole(platform, account, server):
        return account, handle
    if handle and server_of(platform, handle).casefold() != server:
        return f"@{handle.casefold()}", handle
    return name_of(platform, account, server), handle


def post_name(platform: str, own_id: str, server: str) -> str:
    """What `name_of` gives; of Mastodon also for an id that is the post's address, as ActivityPub has it."""
    if platform == Platform.MASTODON and "/" in own_id:
        return named_by_address(own_id) or own_id
    return name_of(platform, own_id, server)


def own_server(platform: str, own_id: str, address: str) -> str:
    """The server of Mastodon at which a post's address shows it under this id; "" where it shows no such."""
    name = named_by_address(address) if platform == Platform.MASTODON else ""
    return name.removeprefix(f"{own_id}@") if own_id and name.startswith(f"{own_id}@") else ""


def named_by_address(address: str) -> str:
    """The whole name of a post of the fediverse by its address, which is the same whichever server was asked.

    "" for an address of a form that is not known.
    """
    host = host_of(address)
    found = _POST.fullmatch(urlsplit(address).path) if host else None
    return f"{found[1]}@{host}" if found else ""


def host_of(address: str) -> str:
    """The server of an address, without www and as its domain is registered; "" for what is no address."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".").removeprefix("www.")
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return ""
