"""`manage.py rebuild_index`: everything that can be found is read anew, and the index built beside the one in use."""

import json
from time import perf_counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.actions.rebuilding import build_index, read_everything
from search.verifying import verify


class Command(BaseCommand):
    help = (
        "Reads all that can be found again, builds the index beside the one in use, lets it answer, and verifies it. "
        "Interrupted, it goes on where it was. Ends with 0; with 1 when the index does not have what there is."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--index-only", action="store_true", help="build the index from the documents that there are"
        )
        parser.add_argument("--afresh", action="store_true", help="do not go on with what was interrupted")
        parser.add_argument("--verify", action="store_true", help="build nothing, only compare")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print everything for a program")

    def handle(self, *args, **options):
        began = perf_counter()
        facts: dict[str, object] = {"engine": settings.SEARCH_ENGINE}
        try:
            if not (options["verify"] or options["index_only"]):
                facts["rows_read"] = read_everything(afresh=options["afresh"])
            if not options["verify"]:
                facts["documents_indexed"] = build_index(afresh=options["afresh"])
        except OSError as error:
            raise CommandError(f"The index cannot be written: {error.strerror}.", returncode=2) from error
        found = verify()
        facts |= {
            "documents": found.documents,
            "differing": found.differing,
            "waiting": found.waiting,
            "waiting_seconds": found.waiting_seconds,
            "unreadable": found.unreadable,
            "seconds": round(perf_counter() - began, 1),
        }
        self._print(facts, options["as_json"])
        if found.differing:
            raise CommandError(f"{found.differing} documents are not in the index as they should be.", returncode=1)

    def _print(self, facts, as_json):
        if as_json:
            self.stdout.write(json.dumps(facts))
            return
        for name, value in facts.items():
            self.stdout.write(f"{name.replace('_', ' ').capitalize():<20} {value}")
