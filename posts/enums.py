"""The words that posts, analyses and exports share."""

from enum import StrEnum


class Kind(StrEnum):
    """What a post is; one that is several of these is the first of repost, quote, reply."""

    ORIGINAL = "original"
    REPOST = "repost"
    QUOTE = "quote"
    REPLY = "reply"


KINDS = tuple(Kind)


class Relation(StrEnum):
    """How a post refers to another one."""

    REPOSTED = "reposted"
    QUOTED = "quoted"
    REPLIED_TO = "replied_to"


class TagSource(StrEnum):
    """Where a post's hashtags are from: the platform's own list, or the rule of `posts.texts.hashtags`."""

    PLATFORM = "platform"
    TEXT = "text"


class Level(StrEnum):
    """How alike two texts must be to count as the same: raw, normalised, without hashtags, near-duplicate."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"


class ObjectKind(StrEnum):
    """What accounts can share; OBJECT is one that the file names without saying what it is."""

    TEXT = "text"
    URL = "url"
    DOMAIN = "domain"
    HASHTAG = "hashtag"
    MENTION = "mention"
    REPLY = "reply"
    REPOST = "repost"
    IMAGE = "image"
    OBJECT = "object"


class Part(StrEnum):
    """What files tell of posts beside the posts: reposts that the platform counts, named objects, profiles."""

    COUNTS = "counts"
    OBJECTS = "objects"
    PROFILES = "profiles"


class ClockFlag(StrEnum):
    """Why a post's claimed time is not simply believed."""

    UNREADABLE = "claimed_unreadable"
    DIFFERS = "claimed_differs"
    FUTURE = "claimed_future"
    IMPLAUSIBLE = "claimed_implausible"
    NO_ZONE = "no_zone"
    LEAP_SECOND = "leap_second"


# A time without a zone was given one by whoever imported it: nothing is wrong with such a clock.
SUSPECT = (ClockFlag.UNREADABLE, ClockFlag.DIFFERS, ClockFlag.FUTURE, ClockFlag.IMPLAUSIBLE)


class Direction(StrEnum):
    """Which way a follow list goes: whom its account follows, or who follows it."""

    FOLLOWING = "following"
    FOLLOWERS = "followers"
