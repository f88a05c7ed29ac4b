"""`manage.py import_follows CASE FILE`: a list of followers or followed, into a case as evidence of its day."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.enums import Platform
from cases.exceptions import CaseworkError
from evidence.actions.items import log_file
from evidence.details import Details
from evidence.enums import ItemKind
from evidence.exceptions import VaultError
from posts.actions.following import Said, record_list
from posts.enums import Direction
from posts.management.given import case_and_actor, one_file
from posts.models import FollowList


class Command(BaseCommand):
    help = (
        "Preserve a file of followers or followed as an exhibit and keep it as a follow list. What the file says of "
        "itself may be left out. Ends with 0, or with 2 where it is no such list; the exhibit then stays."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case, e.g. NC-2024")
        parser.add_argument("file")
        parser.add_argument("--platform", default="", choices=["", *Platform.values])
        parser.add_argument("--account", default="", help="id of the account whose list it is; 13179@mastodon.social")
        parser.add_argument("--direction", default="", choices=["", *Direction])
        parser.add_argument("--as-of", default="", dest="observed_at", help="2024-05-16, or a moment with its zone")
        parser.add_argument("--complete", action="store_true", dest="is_complete", help="nobody is missing")
        parser.add_argument("--note", dest="source_note", default="", help="which tool, whose account, which access")
        parser.add_argument("--gaps", default="", help="what is known to be missing")
        parser.add_argument("--as", dest="user", default="", help="username or e-mail of who records; the lead if none")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the counts for a program")

    def handle(self, *args, **options):
        try:
            kept = _recorded(options)
        except (CaseworkError, VaultError) as error:
            raise CommandError(" ".join(str(error).split()), returncode=2) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(report(kept), ensure_ascii=False))
        else:
            self.stdout.write(f"{kept.label} (E-{kept.item.exhibit}): account {kept.account} {kept.words}.")


def _recorded(options: dict[str, Any]) -> FollowList:
    case, actor = case_and_actor(options)
    path = one_file(options)
    said = Said(**{name: options[name] for name in Said.__dataclass_fields__})
    with path.open("rb") as stream:
        item = log_file(
            actor=actor,
            case=case,
            stream=stream,
            file_name=path.name,
            details=Details(kind=ItemKind.DATASET),
            method="command",
        )
    return record_list(actor=actor, item=item, said=said)


def report(kept: FollowList) -> dict[str, Any]:
    """What became of a file: read = members + duplicates + rejected."""
    return {
        "list": kept.label,
        "exhibit": f"E-{kept.item.exhibit}",
        "platform": kept.platform,
        "account": kept.account,
        "direction": kept.direction,
        "as_of": kept.observed_at.isoformat(),
        "is_complete": kept.is_complete,
        "read": kept.read,
        "members": kept.members,
        "duplicates": kept.duplicates,
        "rejected": kept.rejected,
    }
