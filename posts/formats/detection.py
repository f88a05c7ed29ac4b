"""Says what a file is: by its header or its keys, from its beginning, never by its name."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from posts.exceptions import NotPosts
from posts.formats.registry import JSONS, TABLES, JsonFormat, TableFormat
from posts.formats.values import dig

_TEXTS = frozenset({"text", "body", "content", "message", "tweet_text", "full_text", "Message"})


class Refusal(NamedTuple):
    """What a file without posts is recognised by, and what to say of it."""

    fits: Callable[[dict], bool]
    sentence: str


def _has(*names: str) -> Callable[[dict], bool]:
    return lambda item: all(name in item for name in names)


_NO_POSTS = (
    Refusal(
        lambda item: _has("tweet_count", "start", "end")(item) and "text" not in item,
        "This file holds counts of posts per period, and no posts. Export the posts themselves.",
    ),
    Refusal(
        lambda item: _has("member_count")(item) or _has("owner_id", "follower_count")(item),
        "This file holds lists of accounts, and no posts. Export the posts of the accounts.",
    ),
    Refusal(
        lambda item: _has("action", "id")(item) and "text" not in item and "record" not in item,
        "This is a compliance file: it tells which posts or accounts are gone, and holds no posts.",
    ),
    Refusal(
        lambda item: _has("username", "name")(item) and "text" not in item and "content" not in item,
        "This file holds profiles of accounts, and no posts. Export the accounts' posts.",
    ),
    Refusal(
        lambda item: _has("did", "handle")(item) and "record" not in item and "text" not in item,
        "This file holds profiles of Bluesky accounts, and no posts. Export the accounts' posts.",
    ),
    Refusal(
        lambda item: _has("screen_name", "followers_count")(item) and "text" not in item and "full_text" not in item,
        "This file holds profiles of accounts, and no posts. Export the accounts' posts.",
    ),
)


def table_format(header: Iterable[str]) -> TableFormat | None:
    """Return the known table with these columns; raises NotPosts for a table of accounts."""
    columns = frozenset(header)
    for known in TABLES:
        if known.fits(columns):
            return known
    if "tweetid" not in columns and {"userid", "user_screen_name", "account_creation_date"} <= columns:
        raise NotPosts("This is the list of accounts of Twitter's archive. Choose its file of posts.", field="file")
    if not columns & _TEXTS and {"screen_name", "followers"} <= columns:
        raise NotPosts("This table holds profiles of accounts, and no posts. Export the accounts' posts.", field="file")
    return None


def json_format(items: list[dict]) -> JsonFormat | None:
    """Return the known export that most of these records are of; raises NotPosts where they are no posts."""
    for item in items:
        if found := fitting(item):
            return found
    for item in items:
        for refusal in _NO_POSTS:
            if refusal.fits(item):
                raise NotPosts(refusal.sentence, field="file")
    return None


def fitting(item: dict, first: JsonFormat | None = None) -> JsonFormat | None:
    """Return the export that one record is of, trying `first` first."""
    if first is not None and first.fits(item):
        return first
    return next((known for known in JSONS if known.fits(item)), None)


def keys_of(item: object) -> list[str]:
    """Return the paths of a record's values, for a mapping: `author.name`."""
    paths: list[str] = []
    _walk(item, "", paths)
    return paths


def _walk(item: object, prefix: str, paths: list[str]) -> None:
    if not isinstance(item, dict) or len(paths) > 500:
        return
    for name, value in item.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and value and prefix.count(".") < 6:
            _walk(value, f"{path}.", paths)
        else:
            paths.append(path)


def at_path(item: object, path: str) -> object:
    """Return the value at a path of `keys_of`; a key may itself contain dots."""
    if isinstance(item, dict) and path in item:
        return item[path]
    return dig(item, *path.split("."))
