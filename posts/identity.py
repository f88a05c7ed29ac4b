"""The one id of a post within a case, whichever file tells of it first, and which names of accounts are ids."""

import re
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from cases.enums import Platform
from cases.exceptions import InvalidInput
from cases.models import Account, Case, Observation
from cases.platforms import check_user_id
from posts.names import user_of

_UNDER = " under the id “"
_QUOTED = re.compile(f"{_UNDER}(.*?)”", re.DOTALL)
_BETWEEN = "\x1f"
_NAME = r"case_id::text || E'\x1f' || platform || E'\x1f' || native_id"
_HASHED = "encode(substring(sha256(convert_to({name}, 'UTF8')) FOR 16), 'hex')::uuid"
# `post_id` in SQL, of a row of posts; and of another telling of it, whose content has the hash `{telling}`.
ID_IN_SQL = _HASHED.format(name=_NAME)
ID_OF_TELLING = _HASHED.format(name=_NAME + r" || E'\x1f' || {telling}")


def post_id(case_id: UUID | str, platform: str, native_id: str) -> UUID:
    """Return the id of a post: the first 16 bytes of the SHA-256 of case, platform and native id.

    PostgreSQL checks it (`post_id_is_made_of_native_id`), so that the key alone keeps a post from being there twice.
    Of another telling of the same post the hash of its content is a part of the id too.
    """
    name = f"{case_id}{_BETWEEN}{platform}{_BETWEEN}{native_id}"
    return UUID(bytes=sha256(name.encode()).digest()[:16])


def id_of(platform: str, account: str) -> tuple[str, str]:
    """What `posts.names.user_of` tells, but no id where the platform has none of that form: exports hash ids."""
    user_id, server = user_of(platform, account)
    return ("" if user_id and not _is_id(platform, user_id) else user_id), server


def quoted_id(platform: str, account: str) -> str:
    """What an observation says of a name that stands for an id and is none of the platform; "" for any other."""
    user_id, _ = user_of(platform, account)
    return "" if not user_id or _is_id(platform, user_id) else f"{_UNDER}{account}”"


def tracked_under(case: Case, platform: str, accounts: Iterable[str]) -> dict[str, Account]:
    """The accounts of a case that were tracked by these names, which are no ids: those their observations quote.

    An observation never changes, while the reason and the note of an account may. One query.
    """
    wanted = set(accounts)
    if not wanted:
        return {}
    seen = Observation.objects.filter(case=case, account__platform=platform, note__contains=_UNDER)
    found = {}
    for one in seen.select_related("account", "account__merged_into"):
        for name in wanted.intersection(_QUOTED.findall(one.note)):
            found[name] = one.account.merged_into or one.account
    return found


def _is_id(platform: str, user_id: str) -> bool:
    try:
        check_user_id(platform if platform in Platform.values else Platform.OTHER, user_id)
    except InvalidInput:
        return False
    return True
