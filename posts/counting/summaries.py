"""What a collection holds: posts by kind, accounts, its time span, and its earliest post with all ties."""

import numpy as np

from posts.columns import Columns, written
from posts.enums import KINDS

_PLURALS = {"original": "originals", "repost": "reposts", "quote": "quotes", "reply": "replies"}


def summary(columns: Columns) -> dict:
    """Return the counts and the earliest and the last post."""
    kinds = np.bincount(columns.kind, minlength=len(KINDS))
    return {
        "posts": len(columns),
        "accounts": len(np.unique(columns.account)),
        **{_PLURALS[kind]: int(count) for kind, count in zip(KINDS, kinds, strict=True)},
        "undated": int(len(columns) - columns.dated.sum()),
        "flagged": int(columns.flagged.sum()),
        "first": earliest(columns),
        "last": _last(columns),
    }


def earliest(columns: Columns) -> dict | None:
    """Return the earliest post in this collection; `ties` are the others of the same time."""
    dated = np.flatnonzero(columns.dated)
    if not len(dated):
        return None
    place = int(dated[0])
    ties = [int(other) for other in dated[1:][columns.at[dated[1:]] == columns.at[place]]]
    found = told(columns, place) | {"flagged": bool(columns.flagged[place])}
    return found | {"ties": [{"id": columns.ids[i], "author": columns.accounts[columns.account[i]]} for i in ties]}


def told(columns: Columns, place: int) -> dict:
    """Return one post as results name it."""
    author = columns.accounts[columns.account[place]]
    return {"id": columns.ids[place], "author": author, "at": written(columns.at[place])}


def _last(columns: Columns) -> dict | None:
    return told(columns, len(columns) - 1) if len(columns) and columns.dated[-1] else None
