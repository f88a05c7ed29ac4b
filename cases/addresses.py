"""Read the addresses of profiles and posts, and write the canonical one. `cases.handles` is the way in."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from cases.enums import Platform
from cases.lookalikes import BIDI, ZERO_WIDTH
from cases.platforms import (
    PLATFORM_OF_HOST,
    SHORTENERS,
    SUBDOMAINS,
    Handle,
    check_user_id,
    federated,
    label,
    named,
    refusal,
)

_LOCALE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?")
_POST = re.compile(r"[A-Za-z0-9_-]{1,100}")
SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//")


@dataclass(frozen=True)
class _Address:
    host: str
    path: list[str]
    query: dict[str, list[str]]

    def segment(self, index: int) -> str:
        return self.path[index] if index < len(self.path) else ""

    def parameter(self, name: str) -> str:
        return (self.query.get(name) or [""])[0]


def read_address(text: str, platform: str) -> Handle:
    """Return what the address `text` names; an unknown host is taken for a Mastodon server when its path fits."""
    address = _split(text)
    known = _platform_of(address)
    if not known:
        return _federated_address(address, platform)
    if not address.path:
        raise refusal(f"This is {label(known)} itself; add the account's part of the address.")
    return _READERS[known](address)


def _split(text: str) -> _Address:
    if not SCHEME.match(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text, scheme="https")
        host, userinfo, port = parts.hostname or "", parts.username, parts.port
        path = [unquote(piece, errors="strict") for piece in parts.path.split("/") if piece]
        query = parse_qs(parts.query, max_num_fields=50, errors="strict")
    except ValueError as error:
        raise refusal("This is not a web address that can be read.") from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise refusal("Only addresses that begin with https:// or http:// are read.")
    if userinfo is not None or port not in {None, 80, 443}:
        raise refusal("An address with a user name or a port in it may lead elsewhere than it seems; it is refused.")
    for piece in path:
        if "/" in piece or any(c in ZERO_WIDTH or c in BIDI or unicodedata.category(c) in {"Cc", "Cs"} for c in piece):
            raise refusal("There is an invisible or unusable character hidden in this address.")
    return _Address(host=host.rstrip(".").lower(), path=path, query=query)


def _platform_of(address: _Address) -> str:
    """The platform of a host, also under a sub-domain that only changes the look; "" for a stranger."""
    host = address.host
    if host in SHORTENERS:
        raise refusal(f"{host} shortens addresses; open it and paste the address it leads to.")
    first, _, rest = host.partition(".")
    if rest in PLATFORM_OF_HOST and (first in SUBDOMAINS or _LOCALE.fullmatch(first)):
        return PLATFORM_OF_HOST[rest]
    return PLATFORM_OF_HOST.get(host, "")


def _federated_address(address: _Address, platform: str) -> Handle:
    """An address on a server of its own: /@user, /@user@elsewhere, /users/user, each with or without a post."""
    first, second = address.segment(0), address.segment(1)
    if platform not in {"", Platform.MASTODON} or not (first.startswith("@") or (first == "users" and second)):
        raise refusal(
            f"{address.host or 'This'} is not an address of a platform that is read;"
            " choose the platform and type the handle."
        )
    name = second if first == "users" else first.removeprefix("@")
    user, _, elsewhere = name.partition("@")
    tail = [piece for piece in address.path[2 if first == "users" else 1 :] if piece != "statuses"]
    post = tail[0] if tail and tail[0].isdigit() else ""
    return federated(user, elsewhere or address.host, post_id=_post(post))


def _post(value: str) -> str:
    return value if _POST.fullmatch(value) else ""


def _x(address: _Address) -> Handle:
    first, second = address.segment(0), address.segment(1)
    if first.lower() == "i":
        if second == "user" and len(address.path) == 3:
            return Handle(Platform.X, platform_user_id=check_user_id(Platform.X, address.segment(2)))
        raise refusal("x.com/i is a page of X (Twitter) itself, which does not name an account.")
    post = address.segment(2) if second in {"status", "statuses"} else ""
    return named(Platform.X, first.removeprefix("@"), post_id=_post(post))


def _facebook(address: _Address) -> Handle:
    first = address.segment(0)
    if first.lower() in {"profile.php", "story.php", "permalink.php"}:
        post = _post(address.parameter("story_fbid"))
        return Handle(Platform.FACEBOOK, platform_user_id=_facebook_id(address.parameter("id")), post_id=post)
    if first.lower() in {"people", "pages"}:
        return Handle(
            Platform.FACEBOOK, platform_user_id=_facebook_id(address.path[-1]), name=_name(address.segment(1))
        )
    if first.lower() == "p":
        name, _, number = address.segment(1).rpartition("-")
        return Handle(Platform.FACEBOOK, platform_user_id=_facebook_id(number), name=_name(name))
    path = address.path[1:] if first.lower() == "pg" else address.path
    handle = path[0] if path else ""
    post = path[2] if len(path) > 2 and path[1] in {"posts", "videos", "photos"} else ""
    return named(Platform.FACEBOOK, handle, post_id=_post(post))


def _facebook_id(value: str) -> str:
    if not value:
        raise refusal("This Facebook address names no account: its id is missing.")
    return check_user_id(Platform.FACEBOOK, value)


def _name(segment: str) -> str:
    return segment.replace("-", " ").strip()[:300]


def _instagram(address: _Address) -> Handle:
    first = address.segment(0)
    if first.lower() == "stories":
        first = address.segment(1)
    post = address.segment(2) if address.segment(1) in {"p", "reel"} else ""
    return named(Platform.INSTAGRAM, first.removeprefix("@"), post_id=_post(post))


def _at_sign(platform: str, post_words: set[str]) -> Callable[[_Address], Handle]:
    """A reader for platforms that write /@handle/<word>/<post>."""

    def read(address: _Address) -> Handle:
        first = address.segment(0)
        if not first.startswith("@"):
            raise refusal(f"A profile of {label(platform)} has an @ in its address; this names no account.")
        post = address.segment(2) if address.segment(1) in post_words else ""
        return named(platform, first[1:], post_id=_post(post))

    return read


def _telegram(address: _Address) -> Handle:
    first = address.segment(0)
    if first.startswith("+") or first.lower() == "joinchat":
        raise refusal("This is a Telegram invitation, which names no account; open it and give the channel's name.")
    if first == "c" and len(address.path) > 1:
        channel = check_user_id(Platform.TELEGRAM, address.segment(1))
        return Handle(Platform.TELEGRAM, platform_user_id=channel, post_id=_post(address.segment(2)))
    path = address.path[1:] if first == "s" else address.path
    if not path:
        raise refusal("This Telegram address names no account.")
    return named(Platform.TELEGRAM, path[0].removeprefix("@"), post_id=_post(path[1] if len(path) > 1 else ""))


def _youtube(address: _Address) -> Handle:
    first, second = address.segment(0), address.segment(1)
    if first.startswith("@"):
        return named(Platform.YOUTUBE, first[1:])
    if first == "channel":
        return Handle(Platform.YOUTUBE, platform_user_id=check_user_id(Platform.YOUTUBE, second))
    if first in {"c", "user"}:
        return named(Platform.YOUTUBE, f"{first}/{second}")
    raise refusal("This YouTube address names no channel; one has /@handle, /channel/UC…, /c/ or /user/ in it.")


def _vk(address: _Address) -> Handle:
    first = address.segment(0)
    if wall := re.fullmatch(r"wall(-?[1-9][0-9]{0,18})_([0-9]{1,19})", first):
        sign, number = ("club", wall[1][1:]) if wall[1].startswith("-") else ("id", wall[1])
        return named(Platform.VK, f"{sign}{number}", post_id=wall[2])
    return named(Platform.VK, first.removeprefix("@"))


def _bluesky(address: _Address) -> Handle:
    if address.segment(0) != "profile" or len(address.path) < 2:
        raise refusal("A Bluesky profile's address begins with bsky.app/profile/.")
    who = address.segment(1)
    post = _post(address.segment(3) if address.segment(2) == "post" else "")
    if who.startswith("did:"):
        return Handle(Platform.BLUESKY, platform_user_id=check_user_id(Platform.BLUESKY, who), post_id=post)
    return named(Platform.BLUESKY, who, post_id=post)


def _fork(platform: str) -> Callable[[_Address], Handle]:
    """A reader for what was built from Mastodon: /@handle or /handle, and the post behind it, after /posts or not."""

    def read(address: _Address) -> Handle:
        first, second = address.segment(0), address.segment(1)
        post = address.segment(2) if second in {"posts", "statuses"} else second
        return named(platform, first.removeprefix("@"), post_id=post if post.isdecimal() else "")

    return read


_READERS: dict[str, Callable[[_Address], Handle]] = {
    Platform.X: _x,
    Platform.FACEBOOK: _facebook,
    Platform.INSTAGRAM: _instagram,
    Platform.TIKTOK: _at_sign(Platform.TIKTOK, {"video", "photo"}),
    Platform.TELEGRAM: _telegram,
    Platform.YOUTUBE: _youtube,
    Platform.VK: _vk,
    Platform.BLUESKY: _bluesky,
    Platform.THREADS: _at_sign(Platform.THREADS, {"post"}),
    Platform.TRUTH_SOCIAL: _fork(Platform.TRUTH_SOCIAL),
    Platform.GAB: _fork(Platform.GAB),
}


# --- writing


def _write_x(h: Handle) -> str:
    if not h.handle:
        return f"https://x.com/i/user/{h.platform_user_id}"
    return f"https://x.com/{h.handle}" + (f"/status/{h.post_id}" if h.post_id else "")


def _write_facebook(h: Handle) -> str:
    if h.handle:
        return f"https://www.facebook.com/{h.handle}" + (f"/posts/{h.post_id}" if h.post_id else "")
    if h.post_id:
        return f"https://www.facebook.com/story.php?story_fbid={h.post_id}&id={h.platform_user_id}"
    return f"https://www.facebook.com/profile.php?id={h.platform_user_id}"


def _write_telegram(h: Handle) -> str:
    who = h.handle or f"c/{h.platform_user_id}"
    return f"https://t.me/{who}" + (f"/{h.post_id}" if h.post_id else "")


def _write_youtube(h: Handle) -> str:
    if not h.handle:
        return f"https://www.youtube.com/channel/{h.platform_user_id}"
    path = h.handle if h.handle.startswith(("c/", "user/")) else f"@{h.handle}"
    return f"https://www.youtube.com/{quote(path, safe='/@.·-_')}"


def _write_vk(h: Handle) -> str:
    if h.post_id:
        return f"https://vk.com/wall{h.platform_user_id}_{h.post_id}"
    return f"https://vk.com/{h.handle}"


def _write_mastodon(h: Handle) -> str:
    return f"https://{h.instance}/@{h.handle}" + (f"/{h.post_id}" if h.post_id else "")


def _write_bluesky(h: Handle) -> str:
    who = h.handle or h.platform_user_id
    return f"https://bsky.app/profile/{who}" + (f"/post/{h.post_id}" if h.post_id else "")


def _writer(base: str, word: str) -> Callable[[Handle], str]:
    return lambda h: f"{base}{h.handle}" + (f"/{word}/{h.post_id}" if h.post_id else "")


def write_address(handle: Handle) -> str:
    """Return the canonical address of `handle`."""
    return _WRITERS[handle.platform](handle)


_WRITERS: dict[str, Callable[[Handle], str]] = {
    Platform.X: _write_x,
    Platform.FACEBOOK: _write_facebook,
    Platform.INSTAGRAM: _writer("https://www.instagram.com/", "p"),
    Platform.TIKTOK: _writer("https://www.tiktok.com/@", "video"),
    Platform.TELEGRAM: _write_telegram,
    Platform.YOUTUBE: _write_youtube,
    Platform.VK: _write_vk,
    Platform.MASTODON: _write_mastodon,
    Platform.BLUESKY: _write_bluesky,
    Platform.THREADS: _writer("https://www.threads.com/@", "post"),
    Platform.TRUTH_SOCIAL: _writer("https://truthsocial.com/@", "posts"),
    Platform.GAB: _writer("https://gab.com/", "posts"),
    Platform.OTHER: lambda h: f"@{h.handle}",
}
