"""Lists of whom an account follows, as evidence of one day: dated, and complete or partial."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class FollowList:
    """Whom `account` followed when it was looked at; a partial list proves who is on it and not who is not."""

    account: str
    follows: tuple[str, ...]
    observed_at: datetime
    is_complete: bool

    def told(self) -> dict:
        """Return the list as results write it; `number` is a number of all only where the list is complete."""
        return {
            "account": self.account,
            "number": len(set(self.follows)),
            "is_complete": self.is_complete,
            "observed_at": self.observed_at.isoformat(),
            "follows": sorted(set(self.follows)),
        }


def in_common(lists: Iterable[FollowList], limit: int | None = 100) -> list[dict]:
    """Return whom most of the accounts follow, and of how many lists; each account's latest list counts."""
    latest: dict[str, FollowList] = {}
    for one in sorted(lists, key=lambda one: one.observed_at):
        latest[one.account] = one
    counts = Counter(name for one in latest.values() for name in set(one.follows))
    order = sorted(counts, key=lambda name: (-counts[name], name))[:limit]
    return [{"account": name, "followed_by": counts[name], "of": len(latest)} for name in order]
