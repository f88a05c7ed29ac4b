"""`manage.py match_media CASE PATH...`: where pictures, or parts of them, have been before; nothing is logged."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.exceptions import CaseworkError, InvalidInput
from cases.models import Case
from cases.queries import find_case, find_user
from evidence.actions.looking_up import Note, Queried, catch_up, query_file, searched
from evidence.ahead import PARSERS, ahead
from evidence.collecting import collect
from evidence.exceptions import VaultError
from evidence.parsers import sandbox
from evidence.permissions import check_match_media
from evidence.reuse_index import segments_of

KINDS = {"exact": "same file", "whole": "same picture", "panel": "same panel", "region": "same region"}


class Command(BaseCommand):
    help = (
        "Hold pictures, documents and videos (files, or folders of them) against all exhibits that the person may see, "
        "without logging them. Ends with 0 when all could be compared, 1 when some could not be read, 2 on bad input."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case, e.g. NC-2024")
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--as", dest="user", default="", help="username or e-mail of who asks; the lead if none")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object per picture")

    def handle(self, *args, **options):
        try:
            unread = self._match(options)
        except (CaseworkError, VaultError) as error:
            raise CommandError(" ".join(str(error).split()), returncode=2) from error
        if unread:
            raise CommandError(f"{unread} of the files could not be read as pictures.", returncode=1)

    def _match(self, options: dict[str, Any]) -> int:
        case = find_case(options["case"])
        actor = find_user(options["user"]) if options["user"] else case.lead
        if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
            raise InvalidInput(f"There is no case {case.ref} for {actor.username}.")
        check_match_media(actor, case)
        if any(text.startswith(("http://", "https://")) for text in options["paths"]):
            raise InvalidInput("Addresses are not fetched: give files or folders.")
        paths = [one.path for one in collect(options["paths"], limit=settings.MAX_EVIDENCE_BYTES)]
        visible = list(Case.objects.visible_to(actor).values_list("pk", flat=True))
        unread = 0
        with sandbox.nurseries(PARSERS):
            catch_up(visible)
            segments, note = segments_of(visible), Note(actor, case, visible)
            for path, query in ahead(query_file, paths):
                note.add(query)
                unread += not query.frames
                self._print(path, query, searched(query, case, visible, segments), options["as_json"])
        note.write()
        return unread

    def _print(self, path: Path, query: Queried, line: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"query": str(path), "sha256": query.sha256} | line, ensure_ascii=False))
            return
        self.stdout.write(f"{path}: {' '.join(filter(None, [line.get('problem'), self._words(line)]))}")
        for match in line["matches"]:
            turned = ", mirrored" if match["mirrored"] else ""
            at = _per_cent(match["query_region"])
            inside = f" of {match['part']}" if "part" in match else ""
            self.stdout.write(
                f"  {match['item']:<12} {KINDS[match['kind']]}{turned}, {match['score']:.2f}, at {at}{inside}"
            )

    def _words(self, line: dict[str, Any]) -> str:
        count = len(line["matches"])
        return f"{count} match{'' if count == 1 else 'es'}" if count else "found nowhere"


def _per_cent(region: list[float]) -> str:
    x, y, w, h = (round(100 * side) for side in region)
    return f"{x} %, {y} %, {w} × {h} %"
