"""Follow lists out of the database as analyses look at them, and the hash of everything that they look at."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cases.moments import as_written
from posts.follows import Listing
from posts.models import FollowEntry, FollowList


def listings_of(lists: Sequence[FollowList]) -> list[Listing]:
    """These lists with their members, in the order of their files."""
    members: dict[Any, list[str]] = {one.pk: [] for one in lists}
    rows = FollowEntry.objects.filter(list__in=list(members)).order_by("pk")
    for pk, account in rows.values_list("list_id", "account").iterator():
        members[pk].append(account)
    return [
        Listing(
            one.label,
            one.platform,
            one.account,
            one.direction,
            tuple(members[one.pk]),
            one.observed_at,
            as_written(one.observed_at, one.observed_precision),
            one.is_complete,
        )
        for one in lists
    ]


def input_of(listings: Sequence[Listing]) -> dict[str, Any]:
    """How many lists there are, and the SHA-256 of what they say, members in order of their names."""
    digest = sha256()
    for one in listings:
        head = [one.label, one.platform, one.account, one.direction, one.as_of, one.is_complete]
        digest.update(json.dumps([*head, sorted(one.members)], ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return {"lists": len(listings), "sha256": digest.hexdigest()}
