"""What the follow lists of a case say of one account: its own, who stands in them, and in which it stands itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from cases.models import Account, Case, User
from posts.enums import Direction
from posts.models import FollowEntry, FollowList
from posts.names import name_of, user_of
from posts.queries import follow_lists_of

SHOWN = 50


@dataclass(frozen=True)
class InLists:
    """An account of the case, and the lists that it was found in or by."""

    account: Account
    lists: list[FollowList]


@dataclass(frozen=True)
class Overlap:
    """How many accounts the latest list of this account shares with that of another one."""

    own: FollowList
    other: FollowList
    in_both: int


@dataclass
class Following:
    """One account's part in the follow lists; `ids` are its names in them and those of accounts merged into it."""

    ids: list[str]
    own: list[FollowList] = field(default_factory=list)
    stands_in: list[FollowList] = field(default_factory=list)
    known: list[InLists] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)


def following_of(actor: User, account: Account) -> Following:
    """What the lists that `actor` may read say of an account; matched by platform ids, never by handles."""
    found = Following([name for name in map(_name, (account, *account.merged_from.all())) if name])
    lists = follow_lists_of(actor, account.case).in_use().filter(platform=account.platform)
    if not found.ids:
        return found
    newest_first = ("-observed_at", "-number")
    found.own = list(lists.filter(account__in=found.ids).order_by(*newest_first)[:SHOWN])
    found.stands_in = list(lists.filter(entries__account__in=found.ids).distinct().order_by(*newest_first)[:SHOWN])
    found.known = list(_known(account, found.own))
    found.overlaps = _overlaps(found.own, lists)
    return found


def accounts_named(case: Case, platform: str, names: Iterable[str]) -> dict[str, Account]:
    """The tracked accounts that lists of this platform call so, by these names."""
    wanted = set(names)
    ids = {user_of(platform, name)[0] for name in wanted} - {""}
    rows = Account.objects.filter(case=case, platform=platform, platform_user_id__in=ids, merged_into=None)
    return {name: one for one in rows if (name := _name(one)) in wanted}


def _name(account: Account) -> str:
    return name_of(account.platform, account.platform_user_id, account.instance)


def _known(account: Account, own: list[FollowList]) -> Iterable[InLists]:
    """The other accounts of the case that stand in these lists."""
    tracked = Account.objects.filter(case=account.case, platform=account.platform, merged_into=None)
    by_id = {_name(one): one for one in tracked.exclude(platform_user_id="").exclude(pk=account.pk)}
    rows = FollowEntry.objects.filter(list__in=own, account__in=list(by_id)).values_list("account", "list_id")
    lists = {one.pk: one for one in own}
    found: dict[str, list[FollowList]] = {}
    for name, pk in rows:
        found.setdefault(name, []).append(lists[pk])
    for name in sorted(found)[:SHOWN]:
        yield InLists(by_id[name], sorted(found[name], key=lambda one: one.number))


def _overlaps(own: list[FollowList], lists: QuerySet[FollowList]) -> list[Overlap]:
    """The latest list of each direction beside the latest of each other account in that direction."""
    found = []
    for direction in Direction:
        mine = next((one for one in own if one.direction == direction), None)
        if mine is None:
            continue
        others = lists.filter(direction=direction).exclude(account__in={one.account for one in own})
        newest = list(others.order_by("account", "-observed_at", "-number").distinct("account"))
        members = FollowEntry.objects.filter(list=mine).exclude(author_id="").values("account")
        shared = FollowEntry.objects.filter(list__in=newest, account__in=members)
        counts = dict(shared.values_list("list_id").annotate(Count("pk")))
        found += [Overlap(mine, one, counts[one.pk]) for one in newest if one.pk in counts]
    return sorted(found, key=lambda one: (-one.in_both, one.other.number))[:SHOWN]
