"""What profiles say, and when: declared locations, phrases in bios, days on which accounts were made.

Nothing here is a property of an account: every figure is of dated snapshots.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from posts.counting.timelines import peak
from posts.exceptions import InvalidSettings
from posts.formats.times import zone_named
from posts.records import AuthorSnapshot
from posts.texts.normalisation import fold
from posts.texts.phrases import patterns, places

import numpy as np  # isort: skip

SAYS = "says"
MONTH = 31


def locations(snapshots: Iterable[AuthorSnapshot], limit: int | None = 50) -> dict:
    """Return the free texts that accounts give as their place, with how many accounts; never a place itself.

    `per` is "says" for a declared text, else the vendor whose inference it is. An account that changed counts in
    each group; `changed` says how many did.
    """
    spellings, accounts = _grouped(snapshots)
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for group, members in accounts.items():
        for account in members:
            seen[account].add(group)
    known = _ranked(accounts)
    told = {account for group in known for account in accounts[group]}
    return {
        "groups": [
            {"location": _usual(spellings[group]), "per": group[0], "accounts": len(accounts[group])}
            for group in known[:limit]
        ],
        "distinct": len(known),
        "unknown": len(seen.keys() - told),
        "changed": sum(len([group for group in groups if group[1]]) > 1 for groups in seen.values()),
        "accounts": len(seen),
    }


def located(snapshots: Iterable[AuthorSnapshot], limit: int | None = 50) -> list[set[str]]:
    """Return the accounts in each group of `locations`, in the same order."""
    _, accounts = _grouped(snapshots)
    return [accounts[group] for group in _ranked(accounts)[:limit]]


def standing(snapshots: Iterable[AuthorSnapshot]) -> dict[str, set[str]]:
    """Return the accounts behind the totals of `locations`: all, those that say nothing, those that changed."""
    _, accounts = _grouped(snapshots)
    said = [members for group, members in accounts.items() if group[1]]
    times = Counter(account for members in said for account in members)
    every = set().union(*accounts.values())
    return {
        "accounts": every,
        "unknown": every - times.keys(),
        "changed": {account for account, count in times.items() if count > 1},
    }


def _grouped(snapshots: Iterable[AuthorSnapshot]) -> tuple[dict, dict[tuple[str, str], set[str]]]:
    """The spellings of each place by how many accounts use them, and the accounts."""
    spelt: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    accounts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in snapshots:
        group = (_per(one.location_source), " ".join(fold(one.location).split()))
        spelt[group].add((one.location.strip(), one.account))
        accounts[group].add(one.account)
    return {group: Counter(spelling for spelling, _ in pairs) for group, pairs in spelt.items()}, accounts


def _ranked(accounts: dict[tuple[str, str], set[str]]) -> list[tuple[str, str]]:
    return sorted((group for group in accounts if group[1]), key=lambda group: (-len(accounts[group]), group))


def _per(source: str) -> str:
    return SAYS if source == "declared" else source.removeprefix("vendor:")


def _usual(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def mentions(snapshots: Iterable[AuthorSnapshot], phrase: str) -> list[dict]:
    """Return the bios that contain `phrase` as whole words, with the words as they stand there and the date.

    Case, width, the Turkic i, white space and what cannot be seen do not matter. Raises InvalidSettings for an empty
    phrase.
    """
    if not patterns(phrase):
        raise InvalidSettings("Give a phrase to look for.", field="phrase")
    found = {}
    for one in snapshots:
        for start, end in places(one.bio, phrase):
            observed = one.observed_at.isoformat() if one.observed_at else None
            key = (one.account, observed or "", one.bio, start)
            found[key] = {
                "account": one.account,
                "handle": one.handle,
                "observed_at": observed,
                "words": one.bio[start:end],
                "start": start,
                "bio": one.bio,
            }
    return [found[key] for key in sorted(found)]


def creations(snapshots: Iterable[AuthorSnapshot], zone: str = "UTC", days: int = MONTH) -> dict:
    """Return when the accounts were made, by month in a named zone, and the `days` in which most of them were."""
    place = zone_named(zone)
    if not 1 <= days <= 3660:
        raise InvalidSettings("The length of a burst is 1 to 3,660 days.", field="days")
    accounts, created = _created(snapshots)
    months = Counter(f"{moment.astimezone(place):%Y-%m}" for moment in created.values())
    names = sorted(months)
    return {
        "zone": zone,
        "accounts": len(accounts),
        "known": len(created),
        "unknown": len(accounts) - len(created),
        "months": [{"bucket": name, "accounts": months[name]} for name in names],
        "peak_month": peak(names, np.array([months[name] for name in names])),
        "burst": _burst(sorted((moment, account) for account, moment in created.items()), timedelta(days=days)),
    }


def created_in(snapshots: Iterable[AuthorSnapshot], zone: str) -> tuple[dict[str, set[str]], set[str]]:
    """Return the accounts of each month of `creations`, in order, and those of which nobody knows it."""
    accounts, created = _created(snapshots)
    months: dict[str, set[str]] = defaultdict(set)
    for account, moment in created.items():
        months[f"{moment.astimezone(zone_named(zone)):%Y-%m}"].add(account)
    return {name: months[name] for name in sorted(months)}, accounts - created.keys()


def _created(snapshots: Iterable[AuthorSnapshot]) -> tuple[set[str], dict[str, datetime]]:
    """The accounts, and when each was made by the earliest word of it."""
    accounts: set[str] = set()
    created: dict[str, datetime] = {}
    for one in snapshots:
        accounts.add(one.account)
        if one.created_at is not None:
            created[one.account] = min(created.get(one.account, one.created_at), one.created_at)
    return accounts, created


def _burst(created: Sequence[tuple[datetime, str]], length: timedelta) -> dict | None:
    """Return the earliest stretch of `length` with the most new accounts."""
    best, start = (0, 0), 0
    for end, (moment, _) in enumerate(created):
        while moment - created[start][0] >= length:
            start += 1
        if end + 1 - start > best[1] - best[0]:
            best = (start, end + 1)
    chosen = created[slice(*best)]
    if not chosen:
        return None
    return {
        "from": chosen[0][0].isoformat(),
        "to": chosen[-1][0].isoformat(),
        "days": length.days,
        "accounts": len(chosen),
        "of": len(created),
        "names": [account for _, account in chosen],
    }
