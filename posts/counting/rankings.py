"""Who posted most and how much of everything that is; what was shared most, by the platform and in the collection."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from posts.columns import REPOST, Columns

TOP = 10


def most_active(columns: Columns, limit: int = 50) -> list[dict]:
    """Return the accounts with the most posts; equal ones in the order of their names."""
    counts = np.bincount(columns.account, minlength=len(columns.accounts))
    reposts = np.bincount(columns.account[columns.kind == REPOST], minlength=len(columns.accounts))
    order = np.lexsort((np.arange(len(counts)), -counts))[:limit]
    return [
        {"author": columns.accounts[code], "posts": int(counts[code]), "reposts": int(reposts[code])}
        for code in order
        if counts[code]
    ]


def concentration(columns: Columns) -> dict:
    """Return how far few accounts make up the posts: the share of the top ten, and the Herfindahl index (0 to 1)."""
    return share_of(np.bincount(columns.account, minlength=1))


def share_of(counts: np.ndarray) -> dict:
    """The same of how many posts each account has."""
    counts = np.sort(counts)[::-1]
    total = int(counts.sum())
    if not total:
        return {"accounts": 0, "top": TOP, "top_posts": 0, "top_share": None, "herfindahl": None}
    top = int(counts[:TOP].sum())
    return {
        "accounts": int((counts > 0).sum()),
        "top": TOP,
        "top_posts": top,
        "top_share": round(top / total, 6),
        "herfindahl": round(float(((counts / total) ** 2).sum()), 6),
    }


class Shared(NamedTuple):
    """A post with its platform's own count of reposts at `stated_at`, as written; None where it states none."""

    id: str
    author: str
    reposts: int | None
    stated_at: str | None = None


def stated(posts: Iterable[Shared], reposted: Iterable[str]) -> dict:
    """Return how many posts the platform states its own count of, what these add up to, and their reposts here."""
    present = Counter(reposted)
    told = [post for post in posts if post.reposts is not None]
    return {
        "posts": len(told),
        "platform": sum(post.reposts or 0 for post in told),
        "here": sum(present[post.id] for post in told),
    }


def most_shared(posts: Iterable[Shared], reposted: Iterable[str], limit: int = 50) -> list[dict]:
    """Return the posts with the most reposts by the platform's own count, beside those present in the collection.

    `reposted` has the id of the reposted post for each repost in the collection. The two numbers measure different
    things and are never added.
    """
    present = Counter(reposted)
    rows = [(post, present.pop(post.id, 0)) for post in posts]
    rows += [(Shared(native_id, "", None), number) for native_id, number in present.items() if native_id]
    rows.sort(key=lambda row: (-(row[0].reposts or 0), -row[1], len(row[0].id), row[0].id))
    return [
        {
            "id": post.id,
            "author": post.author or None,
            "platform_reposts": post.reposts,
            "stated_at": post.stated_at,
            "reposts_here": number,
        }
        for post, number in rows[:limit]
        if post.reposts or number
    ]
