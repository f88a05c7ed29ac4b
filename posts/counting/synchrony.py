"""Posts of different accounts within seconds of each other, whatever they say."""

import numpy as np

from posts.columns import Columns, written
from posts.coshare.pairs import reach
from posts.counting.zones import SECOND
from posts.exceptions import InvalidSettings

LONGEST = 3600


def synchrony(columns: Columns, seconds: int, limit: int = 20) -> dict:
    """Return how many pairs of posts of different accounts lie within `seconds`, and the densest such moments.

    Moments do not overlap and are ordered by accounts, then posts, then time. On a busy subject many posts lie close
    together by chance: the number says nothing without the rate of posting, which stands beside it.
    """
    if not 0 <= seconds <= LONGEST:
        raise InvalidSettings(f"The span is 0 to {LONGEST} seconds.", field="seconds")
    places = np.flatnonzero(columns.dated)
    at, account = columns.at[places], columns.account[places]
    window = seconds * SECOND
    every = reach(np.zeros(len(at), np.int64), at, window)
    order = np.lexsort((at, account))
    same = int(reach(account[order], at[order], window).sum())
    span = (int(at[-1]) - int(at[0])) / SECOND if len(at) else 0.0
    return {
        "seconds": seconds,
        "posts": len(at),
        "pairs": int(every.sum()) - same,
        "posts_per_hour": round(len(at) / span * 3600, 3) if span else None,
        "moments": _moments(columns, places, every, limit),
    }


def _moments(columns: Columns, places: np.ndarray, reached: np.ndarray, limit: int) -> list[dict]:
    """Take the fullest windows first, none of which shares a post with one that is taken."""
    taken = np.zeros(len(places), np.bool_)
    found = []
    for start in np.lexsort((np.arange(len(reached)), -reached))[: 50 * limit]:
        inside = slice(int(start), int(start + reached[start]) + 1)
        if taken[inside].any():
            continue
        members = places[inside]
        accounts = len(np.unique(columns.account[members]))
        if accounts >= 2:
            taken[inside] = True
            found.append(_moment(columns, members, accounts))
    found.sort(key=lambda one: (-one["accounts"], -one["posts"], one["from"]))
    return found[:limit]


def _moment(columns: Columns, members: np.ndarray, accounts: int) -> dict:
    return {
        "from": written(columns.at[members[0]]),
        "to": written(columns.at[members[-1]]),
        "posts": len(members),
        "accounts": accounts,
        "ids": [columns.ids[place] for place in members],
    }
