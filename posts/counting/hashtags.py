"""Hashtags of a collection, and what else the same accounts used before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from posts.columns import UNDATED, Columns, written


class TagUse(NamedTuple):
    """One account's use of one tag in one post; `at` in microseconds or UNDATED."""

    tag: str
    account: str
    post: str
    at: int = UNDATED


def uses(columns: Columns, tags: Iterable[Sequence[str]]) -> Iterable[TagUse]:
    """Yield every use; `tags` has those of each post in the order of the columns, each once."""
    for place, own in enumerate(tags):
        account, post = columns.accounts[columns.account[place]], columns.ids[place]
        for tag in own:
            yield TagUse(tag, account, post, int(columns.at[place]))


def ranking(found: Iterable[TagUse], limit: int | None = 100) -> list[dict]:
    """Return tags by posts, then by name: how many posts and accounts, first and last use in this collection."""
    posts: dict[str, set[str]] = defaultdict(set)
    accounts: dict[str, set[str]] = defaultdict(set)
    span: dict[str, tuple[int, int]] = {}
    for use in found:
        posts[use.tag].add(use.post)
        accounts[use.tag].add(use.account)
        if use.at != UNDATED:
            low, high = span.get(use.tag, (use.at, use.at))
            span[use.tag] = min(low, use.at), max(high, use.at)
    order = sorted(posts, key=lambda tag: (-len(posts[tag]), tag))[:limit]
    return [_row(tag, posts[tag], accounts[tag], span.get(tag, (UNDATED, UNDATED))) for tag in order]


def _row(tag: str, posts: set[str], accounts: set[str], span: tuple[int, int]) -> dict:
    return {
        "tag": tag,
        "posts": len(posts),
        "accounts": len(accounts),
        "first": written(span[0]),
        "last": written(span[1]),
    }


def earlier(found: Iterable[TagUse], before: int, accounts: Iterable[str], *, limit: int | None = 100) -> list[dict]:
    """Return the tags that these accounts used before a campaign's first post, by accounts, then posts, then name."""
    known = frozenset(accounts)
    rows = ranking((use for use in found if UNDATED < use.at < before and use.account in known), None)
    return sorted(rows, key=lambda row: (-row["accounts"], -row["posts"], row["tag"]))[:limit]
