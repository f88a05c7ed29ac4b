"""What each platform calls a handle, an id and a host, and a handle that obeys these rules."""

import re
import unicodedata
from dataclasses import dataclass, field

from cases.enums import Platform
from cases.exceptions import InvalidInput
from cases.lookalikes import code_of, marks, skeleton

MAX_HANDLE = 100
MAX_ID = 100


@dataclass(frozen=True)
class Rule:
    """One platform's rules, each with the sentence that a refusal gives.

    `hosts` are registrable names; `subdomains` are stripped before the comparison. `reserved` are first path segments
    that are pages of the platform itself, lower-case.
    """

    handle: re.Pattern
    handle_sentence: str
    user_id: re.Pattern
    user_id_sentence: str
    hosts: frozenset[str] = frozenset()
    reserved: frozenset[str] = frozenset()
    ignored_in_key: str = ""
    keeps_case: bool = False


SUBDOMAINS = frozenset({"www", "m", "mobile", "old", "web", "touch", "mbasic", "free", "lite", "en", "music", "gaming"})
SHORTENERS = frozenset({"t.co", "fb.me", "fb.watch", "vm.tiktok.com", "vt.tiktok.com", "bit.ly", "youtu.be", "vk.cc"})

_DIGITS = re.compile(r"[1-9][0-9]{0,19}")
_NETWORK_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,28}[A-Za-z0-9_])?")
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
DOMAIN = re.compile(_DOMAIN)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RULES: dict[str, Rule] = {
    Platform.X: Rule(
        handle=re.compile(r"[A-Za-z0-9_]{1,15}"),
        handle_sentence="An X handle has 1 to 15 letters (a to z), digits or underscores.",
        user_id=_DIGITS,
        user_id_sentence="An X user id is a whole number such as 783214; a name belongs into the handle.",
        hosts=_words("x.com twitter.com"),
        reserved=_words(
            "home i search explore hashtag settings messages notifications login logout signup tos privacy intent share"
            " compose download jobs about account oauth who_to_follow bookmarks lists communities premium help session"
            " sessions widgets following followers"
        ),
    ),
    Platform.FACEBOOK: Rule(
        handle=re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.]{3,48})[A-Za-z0-9]"),
        handle_sentence="A Facebook username has 5 to 50 letters (a to z), digits or full stops.",
        user_id=_DIGITS,
        user_id_sentence="A Facebook id is a whole number such as 100064860875397.",
        hosts=_words("facebook.com fb.com"),
        reserved=_words(
            "home home.php watch marketplace events groups gaming login login.php help privacy policies sharer"
            " sharer.php share share.php hashtag search media settings messages notifications friends business ads"
            " photo photo.php stories reel dialog plugins about recover legal terms tr"
        ),
        ignored_in_key=".",
    ),
    Platform.INSTAGRAM: Rule(
        handle=re.compile(r"(?!.*\.\.)[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?"),
        handle_sentence="An Instagram handle has 1 to 30 letters (a to z), digits, underscores or single full stops"
        " that neither begin nor end it.",
        user_id=_DIGITS,
        user_id_sentence="An Instagram id is a whole number such as 25025320.",
        hosts=_words("instagram.com instagr.am"),
        reserved=_words("p reel reels explore accounts tv direct about developer legal web api graphql ar challenge"),
    ),
    Platform.TIKTOK: Rule(
        handle=re.compile(r"[A-Za-z0-9_.]{1,23}[A-Za-z0-9_]"),
        handle_sentence="A TikTok handle has 2 to 24 letters (a to z), digits, underscores or full stops and does not"
        " end in one.",
        user_id=_DIGITS,
        user_id_sentence="A TikTok id is a whole number such as 107955.",
        hosts=_words("tiktok.com"),
    ),
    Platform.TELEGRAM: Rule(
        handle=re.compile(r"[A-Za-z][A-Za-z0-9_]{2,30}[A-Za-z0-9]"),
        handle_sentence="A Telegram username has 4 to 32 letters (a to z), digits or underscores, begins with a letter"
        " and does not end in an underscore.",
        user_id=re.compile(r"-?[1-9][0-9]{0,19}"),
        user_id_sentence="A Telegram id is a whole number such as 777000, with a minus for a group or channel.",
        hosts=_words("t.me telegram.me telegram.dog"),
        reserved=_words(
            "joinchat addstickers addemoji addtheme addlist share proxy socks login iv bg setlanguage confirmphone"
            " invoice boost contact giftcode msg"
        ),
    ),
    Platform.YOUTUBE: Rule(
        handle=re.compile(r"(?:c/|user/)?\w(?:[\w.·-]{1,28})\w"),
        handle_sentence="A YouTube handle has 3 to 30 letters, digits, underscores, hyphens or full stops.",
        user_id=re.compile(r"UC[A-Za-z0-9_-]{22}"),
        user_id_sentence="A YouTube channel id begins with UC and has 24 characters; capitals count.",
        hosts=_words("youtube.com"),
    ),
    Platform.VK: Rule(
        handle=re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,30}[A-Za-z0-9_]"),
        handle_sentence="A VK short name has 2 to 32 letters (a to z), digits, underscores or full stops and"
        " begins with a letter.",
        user_id=re.compile(r"-?[1-9][0-9]{0,19}"),
        user_id_sentence="A VK id is a whole number such as 1, with a minus for a community.",
        hosts=_words("vk.com vk.ru vkontakte.ru"),
        reserved=_words(
            "feed im friends groups photos video videos music apps market login settings search audio docs away.php"
            " share.php join restore about terms privacy dev support bugs jobs fave al_feed.php"
        ),
    ),
    Platform.MASTODON: Rule(
        handle=re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?"),
        handle_sentence="A Mastodon name has 1 to 64 letters (a to z), digits, underscores, full stops or hyphens;"
        " write it with its server, as in @name@mastodon.social.",
        user_id=re.compile(r"[A-Za-z0-9_-]{1,100}"),
        user_id_sentence="A Mastodon id is the number that its own server gives the account, such as 13179.",
    ),
    Platform.BLUESKY: Rule(
        handle=DOMAIN,
        handle_sentence="A Bluesky handle is a domain name such as name.bsky.social.",
        user_id=re.compile(rf"did:plc:[a-z2-7]{{24}}|did:web:{_DOMAIN}"),
        user_id_sentence="A Bluesky id is a DID such as did:plc:z72i7hdynmk6r22z27h6tvur.",
        hosts=_words("bsky.app"),
    ),
    Platform.THREADS: Rule(
        handle=re.compile(r"(?!.*\.\.)[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?"),
        handle_sentence="A Threads handle has 1 to 30 letters (a to z), digits, underscores or single full stops that"
        " neither begin nor end it.",
        user_id=_DIGITS,
        user_id_sentence="A Threads id is a whole number such as 63055343223.",
        hosts=_words("threads.net threads.com"),
    ),
    # Truth Social and Gab are built from Mastodon's code and are one server each, which alone counts its ids.
    Platform.TRUTH_SOCIAL: Rule(
        handle=_NETWORK_NAME,
        handle_sentence="A Truth Social name has 1 to 30 letters (a to z), digits, underscores, full stops or hyphens.",
        user_id=_DIGITS,
        user_id_sentence="A Truth Social id is a whole number such as 107780257626128497.",
        hosts=_words("truthsocial.com"),
        reserved=_words("auth api about explore home search settings notifications messages groups login tags tv"),
    ),
    Platform.GAB: Rule(
        handle=_NETWORK_NAME,
        handle_sentence="A Gab name has 1 to 30 letters (a to z), digits, underscores, full stops or hyphens.",
        user_id=_DIGITS,
        user_id_sentence="A Gab id is a whole number such as 1234567.",
        hosts=_words("gab.com"),
        reserved=_words(
            "auth api about explore home search settings notifications messages groups login lists compose timeline"
            " tags trends news shop pro"
        ),
    ),
    Platform.OTHER: Rule(
        handle=re.compile(r"[^\s/@\\?#](?:[^\x00-\x1f\x7f/\\?#]{0,98}[^\s/@\\?#])?"),
        handle_sentence="A handle has 1 to 100 characters, without slashes and without a space at either end.",
        user_id=re.compile(r"[^\s\x00-\x1f\x7f]{1,100}"),
        user_id_sentence="A platform's id has 1 to 100 characters without spaces.",
        keeps_case=True,
    ),
}

# Where an id means nothing without the server that gave it. Of other services their domain is that server.
WITH_SERVERS = frozenset({Platform.MASTODON, Platform.OTHER})
# Addresses there are written as on a server of Mastodon.
FORKS = frozenset({Platform.TRUTH_SOCIAL, Platform.GAB})
_VK_NUMBER = re.compile(r"(id|club|public|event)([1-9][0-9]{0,18})", re.I)
PLATFORM_OF_HOST = {host: platform for platform, rule in RULES.items() for host in rule.hosts}


@dataclass(frozen=True)
class Handle:
    """What an address or a handle names: an account by handle, by the platform's own id, or by both.

    `name` is a display name that the address happens to carry; it identifies nobody and takes no part in comparisons.
    """

    platform: str
    handle: str = ""
    instance: str = ""
    platform_user_id: str = ""
    post_id: str = ""
    name: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """What all spellings of this handle on this platform share."""
        return handle_key(self.platform, self.handle)

    @property
    def skeleton(self) -> str:
        """What the eye takes the handle for; for warnings only."""
        return skeleton(self.handle)

    @property
    def marks(self):
        """The odd characters in the handle."""
        return marks(self.handle)

    def __str__(self) -> str:
        if not self.handle:
            return f"id {self.platform_user_id}"
        return f"@{self.handle}@{self.instance}" if self.instance else f"@{self.handle}"


def label(platform: str) -> str:
    """Return the platform's name as people read it."""
    return Platform(platform).label


def refusal(sentence: str, *, field: str = "handle") -> InvalidInput:
    """Return the exception for an address or handle that breaks a rule."""
    return InvalidInput(sentence, field=field)


def handle_key(platform: str, handle: str) -> str:
    """Return the form of `handle` that the platform itself does not tell apart; "" stays ""."""
    rule = RULES[platform]
    key = unicodedata.normalize("NFC", handle)
    if not rule.keeps_case:
        key = unicodedata.normalize("NFC", key.casefold())
    if platform == Platform.VK:
        key = re.sub(r"^public(?=[0-9]+$)", "club", key)
    return key.translate({ord(c): None for c in rule.ignored_in_key})


def check_handle(platform: str, handle: str) -> str:
    """Return `handle` when the platform's rule allows it; else raise InvalidInput with the rule in one sentence."""
    rule = RULES[platform]
    if len(handle) <= MAX_HANDLE and rule.handle.fullmatch(handle):
        return handle
    strange = next((c for c in handle if not c.isascii() and not rule.handle.fullmatch(c * 3)), "")
    hint = f" {strange!r} is {code_of(strange)}." if strange else ""
    raise refusal(f"{rule.handle_sentence}{hint}")


def check_user_id(platform: str, value: str) -> str:
    """Return `value` when it can be an id of the platform's own; else raise InvalidInput with the rule."""
    if len(value) > MAX_ID or not RULES[platform].user_id.fullmatch(value):
        raise refusal(RULES[platform].user_id_sentence, field="platform_user_id")
    return value


def check_instance(platform: str, value: str) -> str:
    """Return the server's name in lower case: required for Mastodon, allowed for other platforms, else refused."""
    host = value.strip().lower().rstrip(".")
    if not host and platform == Platform.MASTODON:
        raise refusal("A Mastodon account needs its server, as in @name@mastodon.social.", field="instance")
    if host and platform not in WITH_SERVERS:
        raise refusal(f"{label(platform)} has no servers of its own; leave the server empty.", field="instance")
    if host and (len(host) > 100 or not DOMAIN.fullmatch(host)):
        raise refusal("A server is a domain name such as mastodon.social.", field="instance")
    return host


def named(platform: str, handle: str, **more: str) -> Handle:
    """Return the handle of that name; one that is or carries the platform's id gives the id too."""
    if handle.lower() in RULES[platform].reserved:
        raise refusal(f"{handle} is a page of {label(platform)} itself, not an account.")
    if platform == Platform.FACEBOOK and RULES[platform].user_id.fullmatch(handle):
        return Handle(platform, platform_user_id=handle, **more)
    check_handle(platform, handle)
    if platform == Platform.VK and (numbered := _VK_NUMBER.fullmatch(handle)):
        more["platform_user_id"] = ("" if numbered[1].lower() == "id" else "-") + numbered[2]
    return Handle(platform, handle=handle, **more)


def federated(user: str, server: str, **more: str) -> Handle:
    """Return the handle of a user on a Mastodon server; the large platforms' own hosts are no such servers.

    What was built from Mastodon and is a platform of its own is named as one.
    """
    instance = check_instance(Platform.MASTODON, server)
    if PLATFORM_OF_HOST.get(instance) in FORKS:
        return named(PLATFORM_OF_HOST[instance], user, **more)
    if instance in PLATFORM_OF_HOST:
        raise refusal(f"{instance} belongs to {label(PLATFORM_OF_HOST[instance])} and is not a Mastodon server.")
    return Handle(Platform.MASTODON, handle=check_handle(Platform.MASTODON, user), instance=instance, **more)
