"""`manage.py log_evidence CASE PATH_OR_URL...`: files, folders and web addresses into the vault."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.exceptions import CaseworkError, InvalidInput
from cases.models import Case, User
from cases.queries import find_case, find_user
from evidence import quotas
from evidence.actions import items, sources
from evidence.actions.derivatives import keep_findings, read_item
from evidence.actions.pictures import keep_frames, look_at
from evidence.ahead import PARSERS, ahead
from evidence.collecting import Found, collect
from evidence.enums import ItemKind, Reliability, SourceKind
from evidence.exceptions import VaultError
from evidence.filenames import kept
from evidence.intake import details_from
from evidence.models import Item, Source
from evidence.parsers import sandbox
from evidence.permissions import check_log_evidence
from evidence.workflow import check_case_open

METHOD = "command"
BATCH = 20

DETAILS = (
    "title",
    "author",
    "publisher",
    "original_url",
    "published_at",
    "language",
    "relevance_note",
    "no_date_reason",
    "kind",
    "sensitivity",
)


class Command(BaseCommand):
    help = (
        "Log files, folders (all files in them) and web addresses as evidence of a case. An address is noted as a "
        "link with what you say of it; nothing is fetched. Ends with 0 when all is logged, 2 when nothing is."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case, e.g. NC-2024")
        parser.add_argument("given", nargs="+", metavar="PATH_OR_URL")
        parser.add_argument(
            "--as", dest="user", default="", help="username or e-mail of the collector; the lead if none"
        )
        parser.add_argument("--source", default="", help="who speaks; named anew where the case does not know them")
        parser.add_argument("--source-kind", choices=SourceKind.values, default=SourceKind.NEWS.value)
        parser.add_argument("--reliability", choices=Reliability.values, default="", help="letter of the source")
        parser.add_argument("--rationale", default="", help="why this letter")
        parser.add_argument("--title", default="", help="of the one file; several take their file names")
        parser.add_argument("--author", default="")
        parser.add_argument("--publisher", default="")
        parser.add_argument("--url", dest="original_url", default="", help="where the file was found")
        parser.add_argument("--published-at", default="", help="2024, 2024-05, 2024-05-16 or a time with its zone")
        parser.add_argument("--no-date-reason", default="", help="why no date is known")
        parser.add_argument("--language", default="", help="such as fr or az")
        parser.add_argument("--note", dest="relevance_note", default="", help="why it matters")
        parser.add_argument("--kind", choices=[k for k in ItemKind.values if k != ItemKind.LINK], default="")
        parser.add_argument("--sensitivity", choices=["normal", "sensitive"], default="normal")
        parser.add_argument("--graphic", action="store_true", help="blurred until a person clicks")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the exhibits for a program")

    def handle(self, *args, **options):
        try:
            logged = self._log(options)
        except (CaseworkError, VaultError) as error:
            raise CommandError(" ".join(str(error).split()), returncode=2) from error
        for item in logged:
            item.refresh_from_db()
        if options["as_json"]:
            self.stdout.write(json.dumps([_row(item) for item in logged], indent=2, ensure_ascii=False))
            return
        for item in logged:
            about = item.blob_id[:16] if item.blob_id else "link, no copy"
            problem = f"  ({item.parse_problem})" if item.parse_problem else ""
            self.stdout.write(f"E-{item.exhibit}  {about:16}  {item.title}{problem}")

    def _log(self, options: dict[str, Any]) -> list[Item]:
        case = find_case(options["case"])
        actor = find_user(options["user"]) if options["user"] else case.lead
        if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
            raise InvalidInput(f"There is no case {case.ref} for {actor.username}.")
        found = collect(options["given"], limit=settings.MAX_EVIDENCE_BYTES)
        if options["title"] and len(found) > 1:
            raise InvalidInput("A title is for one file; these are several.")
        if bool(options["reliability"]) != bool(options["rationale"]):
            raise InvalidInput("A grade needs both --reliability and --rationale.")
        if options["reliability"] and not options["source"]:
            raise InvalidInput("A grade is for a source: name it with --source.")
        check_log_evidence(actor, case)
        check_case_open(case)
        quotas.check_room(actor, case, sum(one.path.stat().st_size for one in found if one.path))
        fields = {name: options[name] for name in DETAILS} | {"graphic": options["graphic"]}
        # The files go into the store first, outside of any transaction, which may not wait for gigabytes. Then all of
        # them are entered, or none: what a refusal leaves in the store is an orphan, not an exhibit.
        ready = [kept for _, kept in ahead(partial(_preserve, actor, case, fields), found)]
        with transaction.atomic():
            source = _source(actor, case, options) if options["source"] else None
            arrivals = [replace(one, details=replace(one.details, source=source)) for one in ready]
            logged = items.log_all(actor=actor, case=case, arrivals=arrivals, method=METHOD)
        _read(actor, [item for item in logged if item.blob_id])
        return logged


def _read(actor: User, items: list[Item]) -> None:
    """Make texts, renditions and the fingerprints of pictures; the queue compares them later.

    Copies of one file are read once: whoever gave them can tell nothing by the time that they did not know.
    """
    copies: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        copies[item.blob_id].append(item)
    firsts = [same[0] for same in copies.values()]
    with sandbox.nurseries(PARSERS):
        for batch in _batches(ahead(partial(read_item, actor), firsts)):
            with transaction.atomic():
                for first, findings in batch:
                    for item in copies[first.blob_id]:
                        keep_findings(actor=actor, item=item, findings=findings)
        for batch in _batches(ahead(look_at, [first.blob for first in firsts])):
            with transaction.atomic():
                for blob, (frames, problem) in batch:
                    keep_frames(blob, frames, problem)


def _batches(made: Iterator) -> Iterator[list]:
    """A few at a time, because a commit waits for the disk; what a crash undoes is made again by the queue."""
    while batch := list(islice(made, BATCH)):
        yield batch


def _preserve(actor: User, case: Case, fields: dict[str, Any], one: Found) -> items.Arrival:
    if one.path is None:
        return items.Arrival(details_from(actor, case, {**fields, "original_url": one.url, "kind": ""}))
    name = kept(one.path.name)
    details = items.describe_file(case, details_from(actor, case, fields), name)
    about = {"actor": actor, "case": case, "file_name": name, "details": details, "method": METHOD}
    with one.path.open("rb") as stream:
        return items.Arrival(details, name, items.preserve(stream=stream, **about))


def _source(actor: User, case: Case, options: dict[str, Any]) -> Source:
    name = options["source"].strip()
    source = Source.objects.filter(case=case, name=name).first() or sources.create_source(
        actor=actor, case=case, name=name, kind=options["source_kind"]
    )
    if options["reliability"]:
        grade = {"reliability": options["reliability"], "rationale": options["rationale"]}
        sources.grade_source(actor=actor, source=source, **grade)
    return source


def _row(item: Item) -> dict[str, Any]:
    return {
        "exhibit": item.exhibit,
        "id": str(item.pk),
        "case": item.case.ref,
        "kind": item.kind,
        "title": item.title,
        "file_name": item.file_name,
        "sha256": item.blob_id,
        "bytes": item.blob.size if item.blob else None,
        "media_type": item.blob.media_type if item.blob else None,
        "parse_problem": item.parse_problem,
    }
