"""Reads lists of accounts that follow one account or are followed by it: pages of APIs, lines of profiles, tables."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cases.enums import Platform
from posts.enums import Direction
from posts.exceptions import NotAList
from posts.formats import mastodon
from posts.formats.building import Context, instant
from posts.formats.opening import Opened, open_file
from posts.formats.refusals import Refused
from posts.formats.values import dig, digs, identifier, objects, text
from posts.records import Place, Rejection, account_key

MOST_ENTRIES = 1_000_000
# twarc writes down which address of the API gave a page.
_API2 = re.compile(r"https://api\.(?:twitter|x)\.com/2/users/(\d{1,20})/(followers|following)\b")
_PLAIN_ID = re.compile(r"\d{1,20}|did:(?:plc|web):[A-Za-z0-9.:_-]{1,200}")
# Mastodon before 3.0 exports whom an account follows as addresses alone, one a line.
_ADDRESS = re.compile(r"@?[A-Za-z0-9_.-]{1,100}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# What stands beside `Account address` in the export of accounts that somebody does not want to read.
_MUTED = "Hide notifications"
# In tables that name both, these are the listed account and the others the one whose list it is (minet).
_MEMBER_IDS = ("follower_id", "friend_id", "following_id", "followed_id")
_IDS = ("id_str", "id", "did", "user_id", "userid", "account_id", "author_id", "platform_user_id")
_HANDLES = ("screen_name", "username", "handle", "acct", "user_screen_name", "author_username", "Account address")
_NAMES = ("display_name", "displayName", "user_display_name", "full_name", "name")
_OWNERS = (*_IDS, *_HANDLES, "name")
# Each record of X's own archive: {"following": {"accountId": "12", "userLink": ...}}.
_ARCHIVE = {"follower": Direction.FOLLOWERS, "following": Direction.FOLLOWING}
_BLUESKY = {"followers": Direction.FOLLOWERS, "follows": Direction.FOLLOWING}


class Entry(NamedTuple):
    """One listed account; `account` is the platform's id, or the handle with its sign where there is none."""

    account: str
    author_id: str
    handle: str
    display_name: str
    place: Place


@dataclass(frozen=True)
class Told:
    """What a file says of itself; "" and None where it does not. `goes_on` is True where it breaks off before the end.

    `goes_on` is False only where the platform itself said that nothing more comes.
    """

    platform: str = ""
    account: str = ""
    direction: str = ""
    observed_at: datetime | None = None
    goes_on: bool | None = None


@dataclass
class FollowFile:
    """A list as a file holds it: each account once, in the file's order, with what was refused."""

    entries: list[Entry] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    duplicates: int = 0
    told: Told = field(default_factory=Told)

    @property
    def read(self) -> int:
        return len(self.entries) + self.duplicates + len(self.rejections)


def read(path: Path) -> FollowFile:
    """Read a file to its end; raises NotAList where it holds no accounts or lists of several, UnreadableFile."""
    with closing(open_file(path)) as opened:
        found = FollowFile()
        seen: set[str] = set()
        for place, values, told in _values(opened):
            found.told = _joined(found.told, told)
            for number, value in enumerate(values, start=1):
                _take(found, seen, value, place if place.item or len(values) == 1 else Place(place.line, number))
    if not found.entries:
        first = f" The first refusal: {found.rejections[0].place}: {found.rejections[0].reason}." if found.read else ""
        raise NotAList(f"This file lists no accounts.{first}", field="file")
    return found


def _take(found: FollowFile, seen: set[str], value: object, place: Place) -> None:
    try:
        entry = _entry(value, place)
    except Refused as refused:
        found.rejections.append(Rejection(place, refused.code, str(refused)))
        return
    if entry.account in seen:
        found.duplicates += 1
        return
    if len(found.entries) >= MOST_ENTRIES:
        raise NotAList(f"A list may have {MOST_ENTRIES:,} accounts.", field="file")
    seen.add(entry.account)
    found.entries.append(entry)


def _entry(value: object, place: Place) -> Entry:
    """A profile, a row or a bare id as one entry; raises Refused."""
    if isinstance(value, Refused):
        raise value
    row = value if isinstance(value, dict) else {"acct" if _ADDRESS.fullmatch(str(value)) else "id": value}
    if any(name in row for name in ("text", "full_text", "tweet_text", "content", "record")):
        raise Refused("a_post", "this is a post and no account")
    if "action" in row or {"owner_id", "member_count"} <= set(row):
        raise Refused("no_account", "this is a line of a compliance file, or a list itself, and no account")
    if row.get("acct") and row.get("url"):
        return _of_mastodon(row, place)
    author_id = identifier(_first(row, (*_MEMBER_IDS, *_IDS)), "the account's id")
    is_member = any(row.get(name) for name in _MEMBER_IDS)
    handle = "" if is_member else text(_first(row, _HANDLES)).strip().removeprefix("@")
    return _made(author_id, handle, "" if is_member else text(_first(row, _NAMES)), place)


def _of_mastodon(row: dict, place: Place) -> Entry:
    """A profile of Mastodon's API, whose address tells which server counts its id."""
    found = mastodon.profile(row)
    return _made(found.author_id, found.handle, found.display_name, place)


def _made(author_id: str, handle: str, name: str, place: Place) -> Entry:
    handle, name = handle[:200].replace("\0", ""), name[:300].replace("\0", "")
    account = account_key(author_id, handle)
    if not account:
        raise Refused("no_account", "neither the id nor the handle of an account")
    return Entry(account, author_id, handle, name, place)


def _first(row: dict, names: tuple[str, ...]) -> object:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


# --- from records to values


def _values(opened: Opened) -> Iterator[tuple[Place, list[Any], Told]]:
    """Each record's accounts with what the record says of the list."""
    if _MUTED in opened.columns:
        raise NotAList("These are accounts that somebody muted, and nobody whom anybody follows.", field="file")
    if _has_no_header(opened.columns):
        # The first stands where a table has its header.
        yield Place(1), [opened.columns[0]], Told()
    owners: dict[str, object] = {}
    for piece in opened.pieces(Context()):
        if piece.refused or not isinstance(piece.value, dict):
            refused = piece.refused or Refused("unmapped", "no account")
            yield piece.place, [refused], Told()
            continue
        _check_one_owner(piece.value, owners)
        yield piece.place, *_unfolded(piece.value, piece.context, opened.columns)


def _has_no_header(columns: list[str]) -> bool:
    """Whether a table is of bare ids or addresses, one a line."""
    return len(columns) == 1 and bool(_PLAIN_ID.fullmatch(columns[0]) or _ADDRESS.fullmatch(columns[0]))


def _check_one_owner(row: dict, owners: dict[str, object]) -> None:
    """Raise NotAList for a table whose rows are of the lists of several accounts."""
    if not any(row.get(name) for name in _MEMBER_IDS):
        return
    for name in _OWNERS:
        if name in row and owners.setdefault(name, row[name]) != row[name]:
            raise NotAList(
                f"This table holds the lists of several accounts (column {name}); make a file of each.", field="file"
            )


def _unfolded(value: dict, context: Context, columns: list[str]) -> tuple[list[Any], Told]:
    if isinstance(value.get("subject"), dict) and (key := next((one for one in _BLUESKY if one in value), "")):
        subject = identifier(dig(value, "subject", "did"), "the subject's id")
        return objects(value, key), Told(Platform.BLUESKY, subject, _BLUESKY[key], None, bool(value.get("cursor")))
    for key, direction in _ARCHIVE.items():
        if member := digs(value, key, "accountId"):
            return [member], Told(Platform.X, direction=direction)
    for key in ("ids", "users"):
        if isinstance(value.get(key), list):
            cursor = str(value.get("next_cursor_str") or value.get("next_cursor") or "0")
            goes_on = cursor != "0" if {"next_cursor", "next_cursor_str"} & set(value) else None
            return value[key], Told(Platform.X, goes_on=goes_on)
    if _has_no_header(columns):
        return list(value.values()), Told()
    if value.get("acct") and value.get("url") and (platform := mastodon.profile(value).platform) != Platform.MASTODON:
        return [value], Told(platform)
    return [value], _told_by_page(context)


def _told_by_page(context: Context) -> Told:
    """What a page of API v2 as twarc keeps it says: whose list, when, and whether another page comes."""
    address = dig(context.head, "__twarc", "url")
    found = _API2.match(address) if isinstance(address, str) else None
    if not found:
        return Told()
    retrieved = instant(dig(context.head, "__twarc", "retrieved_at"))
    goes_on = bool(dig(context.head, "meta", "next_token"))
    direction = Direction.FOLLOWERS if found[2] == "followers" else Direction.FOLLOWING
    return Told(Platform.X, found[1], direction, retrieved, goes_on)


def _joined(so_far: Told, told: Told) -> Told:
    """What two records say together: the last page tells whether more comes, the first time is the list's.

    Raises NotAList where they are of the lists of different accounts or of both directions.
    """
    for name in ("platform", "account", "direction"):
        if getattr(so_far, name) and getattr(told, name) and getattr(so_far, name) != getattr(told, name):
            raise NotAList(f"This file holds several lists: their {name} differs. Make a file of each.", field="file")
    return replace(
        so_far,
        platform=so_far.platform or told.platform,
        account=so_far.account or told.account,
        direction=so_far.direction or told.direction,
        observed_at=so_far.observed_at or told.observed_at,
        goes_on=so_far.goes_on if told.goes_on is None else told.goes_on,
    )
