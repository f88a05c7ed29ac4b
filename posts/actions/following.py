"""A follow list into a case: its file is an exhibit, read in the shut-in child, and kept as a list of one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from cases.enums import Platform, Precision
from cases.exceptions import InvalidInput
from cases.history import record
from cases.models import Case, User
from cases.moments import parse_moment
from cases.platforms import RULES, check_instance
from evidence import custody
from evidence.actions.fixity import open_or_report
from evidence.enums import CustodyAction
from evidence.models import Item
from evidence.parsers import sandbox
from evidence.parsers.sandbox import ParserFailed
from evidence.workflow import check_case_open
from posts.enums import Direction
from posts.models import FollowList
from posts.names import name_of, on_server, user_of
from posts.permissions import check_import_posts

PARSER = "posts.parsers.listing"
LONGEST = 20_000
_ENTER = """
INSERT INTO posts_followentry (case_id, list_id, account, author_id, handle, display_name, line, place)
SELECT %s, %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int[])"""


@dataclass(frozen=True)
class Said:
    """What a person says of a list. What the file says itself may be left out, and must not be contradicted."""

    is_complete: bool
    platform: str = ""
    account: str = ""
    direction: str = ""
    observed_at: str = ""
    source_note: str = ""
    gaps: str = ""


def read_list(actor: User, item: Item) -> dict[str, Any]:
    """An exhibit's file as `posts.parsers.listing` gives it; raises InvalidInput where it is no list of accounts."""
    if item.blob_id is None:
        raise InvalidInput("A link has no preserved file to read.", field="exhibit")
    with open_or_report(actor, item) as stream:
        try:
            with sandbox.run(PARSER, stream) as parsed:
                return parsed.facts
        except ParserFailed as failure:
            raise InvalidInput(failure.reason, field="exhibit") from failure


def record_list(*, actor: User, item: Item, said: Said) -> FollowList:
    """Keep an exhibit as a follow list; raises InvalidInput that names what is missing, wrong or contradicted.

    A list is complete only by somebody's word, and neither where its file breaks off nor where a record was refused.
    """
    check_import_posts(actor, item.case)
    check_case_open(item.case)
    found = read_list(actor, item)
    told = found["told"]
    values = _identity(said, told) | _moment(said.observed_at, told["observed_at"])
    _check_complete(said, found)
    for name in ("source_note", "gaps"):
        values[name] = getattr(said, name).strip()
        if len(values[name]) > LONGEST:
            raise InvalidInput(f"At most {LONGEST:,} characters.", field=name)
    return _keep(actor, item, values | {"is_complete": said.is_complete}, found)


def _identity(said: Said, told: dict[str, str]) -> dict[str, str]:
    """Platform, account and direction; the file's word where it has one."""
    values = {}
    for name, words in (("platform", Platform.values), ("account", None), ("direction", list(Direction))):
        given, own = getattr(said, name).strip(), told[name]
        if given and own and given != own:
            raise InvalidInput(f"The file itself says {own}.", field=name)
        values[name] = own or given
        if not values[name] or (words and values[name] not in words):
            raise InvalidInput(_ASKED[name], field=name)
    values["account"] = _whole_name(values["platform"], values["account"])
    return values


def _whole_name(platform: str, account: str) -> str:
    """The account as posts name it: its id, on Mastodon with the server that counts it."""
    user_id, server = user_of(platform, account)
    if not RULES[platform].user_id.fullmatch(user_id):
        raise InvalidInput(RULES[platform].user_id_sentence, field="account")
    if platform == Platform.MASTODON and not server:
        raise InvalidInput("Give the id with its server, as in 13179@mastodon.social.", field="account")
    try:
        return name_of(platform, user_id, check_instance(platform, server))
    except InvalidInput as error:
        raise InvalidInput(str(error), field="account") from error


_ASKED = {
    "platform": "Name the platform: the file does not.",
    "account": "Give the platform's own id of the account whose list this is: the file does not say.",
    "direction": "Say whether these follow the account or are followed by it: the file does not.",
}


def _moment(given: str, told: str) -> dict[str, Any]:
    if told:
        at, precision = datetime.fromisoformat(told), Precision.SECOND
        if given.strip() and parse_moment(given)[0].date() != at.date():
            raise InvalidInput(f"The file itself says {at:%Y-%m-%d %H:%M} UTC.", field="observed_at")
    elif given.strip():
        at, precision = parse_moment(given)
    else:
        raise InvalidInput("Say when the platform showed this list: the file does not.", field="observed_at")
    if at > timezone.now():
        raise InvalidInput("This lies in the future.", field="observed_at")
    return {"observed_at": at, "observed_precision": precision}


def _check_complete(said: Said, found: dict[str, Any]) -> None:
    if said.is_complete and found["told"]["goes_on"]:
        raise InvalidInput(
            "The file breaks off: it names a page that is not in it. The list is partial.", field="is_complete"
        )
    if said.is_complete and found["rejected"]:
        raise InvalidInput(
            f"{found['rejected']:,} of its records cannot be read, the first: {found['rejections'][0]}. "
            "The list is partial.",
            field="is_complete",
        )


@transaction.atomic
def _keep(actor: User, item: Item, values: dict[str, Any], found: dict[str, Any]) -> FollowList:
    # One counter for all of the case, locked as the number of an exhibit is.
    Case.objects.select_for_update().get(pk=item.case_id)
    last = FollowList.objects.filter(case=item.case_id).aggregate(last=Max("number"))["last"] or 0
    platform, account = values["platform"], values["account"]
    entries = _named(found["entries"], platform, user_of(platform, account)[1])
    counts = {
        "members": len(entries),
        "by_handle_only": sum(entry[0].startswith("@") for entry in entries),
        "duplicates": found["duplicates"] + len(found["entries"]) - len(entries),
        "rejected": found["rejected"],
    }
    counts["read"] = counts["members"] + counts["duplicates"] + counts["rejected"]
    kept = FollowList.objects.create(case=item.case, number=last + 1, item=item, created_by=actor, **values, **counts)
    _enter(kept, entries)
    custody.note(item, CustodyAction.DERIVE, actor, purpose=f"Read as a follow list: {kept.label}")
    after = values | counts | {"exhibit": item.exhibit, "observed_at": kept.observed_at.isoformat()}
    record(actor, "follow_list_recorded", kept, after=after, evidence=[item.blob_id])
    return kept


def _named(entries: Sequence[list[Any]], platform: str, server: str) -> list[list[Any]]:
    """The entries by their whole names, each once: a list of a server names its own accounts without it."""
    if not server:
        return list(entries)
    named: dict[str, list[Any]] = {}
    for account, author_id, *rest in entries:
        name, handle = on_server(platform, account, rest[0], server)
        known = name if author_id and not name.startswith("@") else ""
        named.setdefault(name, [name, known, handle, *rest[1:]])
    return list(named.values())


def _enter(kept: FollowList, entries: Sequence[list[Any]]) -> None:
    columns = [list(column) for column in zip(*entries, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_ENTER, [kept.case_id, kept.pk, *columns])
