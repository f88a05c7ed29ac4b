"""`manage.py import_posts CASE FILE`: a file of posts, in any known export or by a mapping, into a case."""

import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.exceptions import CaseworkError, InvalidInput
from cases.models import Case, User
from evidence.details import Details
from evidence.exceptions import VaultError
from posts.actions.importing import About, How, Unwatched, import_file
from posts.actions.rereading import reread
from posts.formats.mapping import Mapping
from posts.formats.registry import FORMATS
from posts.management.given import case_and_actor, one_file
from posts.models import Dataset
from posts.queries import get_dataset

LONGEST_MAPPING = 100_000


class Command(BaseCommand):
    help = (
        "Preserve an export of posts as an exhibit and read it. Refused rows are told by line on standard error and "
        "kept with the dataset. Ends with 0 when the file was read, 2 when it holds no posts or cannot be read; then "
        "nothing of it is kept."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case, e.g. NC-2024")
        parser.add_argument("file", nargs="?", default="")
        parser.add_argument("--again", metavar="D-1", default="", help="read the file of this dataset anew")
        parser.add_argument("--format", default="auto", help=f"auto, mapping, or one of: {', '.join(FORMATS)}")
        parser.add_argument("--tz", dest="zone", help="zone of times that carry none, e.g. Asia/Baku; UTC if none")
        parser.add_argument("--mapping", default="", help="JSON file that says which column holds what")
        parser.add_argument("--platform", help="of posts whose file names none; other if none")
        parser.add_argument(
            "--server", help="of ids that name none: a server of Mastodon, or the domain of another service"
        )
        parser.add_argument("--encoding", default="", help="of a text file that is not UTF-8 and has no mark")
        parser.add_argument("--as", dest="user", default="", help="username or e-mail of who imports; the lead if none")
        parser.add_argument("--title", default="", help="the file's name if none")
        parser.add_argument("--note", dest="source_note", default="", help="which tool, whose account, which access")
        parser.add_argument("--query", default="", help="what was asked of the platform")
        parser.add_argument("--gaps", default="", help="what is known to be missing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the counts for a program")

    def handle(self, *args, **options):
        try:
            dataset, reasons = self._import(options)
        except (CaseworkError, VaultError) as error:
            raise CommandError(" ".join(str(error).split()), returncode=2) from error
        for reason in reasons:
            self.stderr.write(reason)
        if len(reasons) < dataset.rejected:
            self.stderr.write(f"... and {dataset.rejected - len(reasons):,} more, kept with {dataset.label}")
        if options["as_json"]:
            self.stdout.write(json.dumps(report(dataset), ensure_ascii=False))
        else:
            self.stdout.write(_sentences(dataset))

    def _import(self, options: dict[str, Any]) -> tuple[Dataset, list[str]]:
        case, actor = case_and_actor(options)
        if options["again"]:
            return _again(case, actor, options)
        path = one_file(options)
        mapping = _mapping(options["mapping"])
        how = How(
            format="mapping" if mapping and options["format"] == "auto" else options["format"],
            encoding=options["encoding"],
            mapping=mapping,
            **_said(options, mapping),
        )
        about = About(**{name: options[name] for name in ("title", "source_note", "query", "gaps")})
        return import_file(
            actor=actor,
            case=case,
            path=path,
            how=how,
            about=about,
            details=Details(title=options["title"]),
            watcher=Unwatched(),
        )


def _again(case: Case, actor: User, options: dict[str, Any]) -> tuple[Dataset, list[str]]:
    """Another reading of a dataset's preserved file; raises InvalidInput where the command says anything else of it."""
    if beside := [name for name in ("file", "zone", "mapping", "platform", "encoding") if options[name]]:
        raise InvalidInput(f"It is read as it was: leave out {', '.join(beside)}.", field=beside[0])
    found = re.fullmatch(r"D-([0-9]{1,9})", options["again"])
    if not found:
        raise InvalidInput(f"{options['again']!r:.40} is no dataset: they are called D-1, D-2 ...", field="again")
    dataset = get_dataset(actor, case, int(found[1]))
    return reread(actor=actor, dataset=dataset, server=options["server"] or "", watcher=Unwatched())


def _said(options: dict[str, Any], mapping: Mapping | None) -> dict[str, str]:
    """Zone, platform and server of the command line; raises InvalidInput where the mapping says another."""
    said = {name: options[name] for name in ("zone", "platform", "server") if options[name] is not None}
    for name, value in said.items():
        own = getattr(mapping, name) if mapping else ""
        if own and own != value:
            raise InvalidInput(f"The mapping says that the {name} is {own}, the command {value!r:.60}.", field=name)
    return said


def _mapping(name: str) -> Mapping | None:
    if not name:
        return None
    try:
        with Path(name).open("rb") as file:
            return Mapping.from_json(json.loads(file.read(LONGEST_MAPPING)))
    except OSError as error:
        raise InvalidInput(f"{name}: it cannot be read.", field="mapping") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{name}: this is not JSON.", field="mapping") from error


def report(dataset: Dataset) -> dict[str, Any]:
    """What became of a file, as docs/import-posts.schema.json describes it."""
    return {
        "format": dataset.format,
        "read": dataset.read,
        "accepted": dataset.accepted,
        "duplicate": dataset.duplicate,
        "rejected": dataset.rejected,
        "posts": dataset.posts,
        "accounts": dataset.accounts,
        "reposts": dataset.kinds["repost"],
        "quotes": dataset.kinds["quote"],
        "replies": dataset.kinds["reply"],
        "reasons": dataset.reasons,
        "known": dataset.known,
        "dataset": dataset.label,
        "exhibit": f"E-{dataset.item.exhibit}",
    }


def _sentences(dataset: Dataset) -> str:
    counts = report(dataset)
    kinds = ", ".join(f"{counts[name]:,} {name}" for name in ("reposts", "quotes", "replies"))
    return (
        f"{dataset.label} ({counts['exhibit']}), read as {dataset.format}: {dataset.read:,} records = "
        f"{dataset.accepted:,} accepted + {dataset.duplicate:,} duplicate ({dataset.known:,} known to the case before) "
        f"+ {dataset.rejected:,} rejected.\n{dataset.posts:,} posts of {dataset.accounts:,} accounts: {kinds}."
    )
