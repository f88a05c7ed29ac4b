"""Lists of whom an account follows or who follows it, as evidence of one day: dated, and complete or partial."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from cases.enums import Platform
from posts.enums import Direction
from posts.names import user_of

WORDING = (
    "Who stands in these lists, as of their dates. A partial list does not say who is not in it, and no list says why "
    "anybody follows anybody."
)


@dataclass(frozen=True)
class Listing:
    """One list: `members` are platform ids, or "@handle" where it has no id; `as_of` is the date as it is known."""

    label: str
    platform: str
    account: str
    direction: str
    members: tuple[str, ...]
    observed_at: datetime
    as_of: str
    is_complete: bool

    @property
    def known(self) -> frozenset[str]:
        """The members that can be told from others: those with an id that holds beyond one server."""
        return frozenset(one for one in self.members if _is_known(self.platform, one))

    def told(self, limit: int) -> dict:
        """The list as results write it, with up to `limit` of its members; "only" is for a complete one."""
        members = sorted(set(self.members))
        return {
            "list": self.label,
            "platform": self.platform,
            "account": self.account,
            "direction": self.direction,
            "as_of": self.as_of,
            "is_complete": self.is_complete,
            "in_this_list": len(members),
            "by_handle_only": sum(one.startswith("@") for one in members),
            "members": members[:limit],
        }


def _is_known(platform: str, member: str) -> bool:
    # Each server of Mastodon counts its accounts from 1: a number without its server is anybody's.
    return not member.startswith("@") and (platform != Platform.MASTODON or user_of(platform, member)[1] != "")


def report(lists: Sequence[Listing], limit: int) -> dict:
    """The figures of an analysis of follow lists; `in_common` and `overlap` are of each account's latest lists."""
    newest = latest(lists)
    return {
        "wording": WORDING,
        "lists": [one.told(limit) for one in lists],
        "in_common": {
            direction.value: in_common([one for one in newest if one.direction == direction], limit)
            for direction in Direction
        },
        "overlap": overlap(newest, limit),
    }


def latest(lists: Iterable[Listing]) -> list[Listing]:
    """The last list of each account in each direction; of lists of one moment the one that was recorded later."""
    found: dict[tuple[str, str, str], Listing] = {}
    for one in sorted(lists, key=lambda one: one.observed_at):
        found[one.platform, one.account, one.direction] = one
    return sorted(found.values(), key=lambda one: (one.platform, one.account, one.direction))


def in_common(lists: Sequence[Listing], limit: int) -> list[dict]:
    """Which accounts stand in most of the lists of one platform, in two at least, and of how many lists that is."""
    counts = Counter((one.platform, name) for one in lists for name in one.known)
    of = Counter(one.platform for one in lists)
    shared = [key for key, number in counts.items() if number > 1]
    order = sorted(shared, key=lambda key: (-counts[key], key))[:limit]
    return [
        {"platform": platform, "account": name, "lists": counts[platform, name], "of": of[platform]}
        for platform, name in order
    ]


def overlap(lists: Sequence[Listing], limit: int) -> list[dict]:
    """Pairs of lists of one platform and direction that share accounts, those that share most first."""
    pairs = []
    for one, other in combinations(lists, 2):
        if (one.platform, one.direction) == (other.platform, other.direction):
            both = one.known & other.known
            pairs.append((len(both), one.label, other.label, sorted(both)))
    pairs = sorted((pair for pair in pairs if pair[0]), key=lambda pair: (-pair[0], pair[1:3]))
    return [{"a": a, "b": b, "in_both": number, "members": names[:limit]} for number, a, b, names in pairs[:limit]]
