"""`manage.py compare_names FILE.csv`: whether the two names of each row may be one, and why."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from search.names import compare
from search.names.files import BadPairs, NamePair, read_pairs


class Command(BaseCommand):
    help = (
        'Compare names row by row: a CSV file with the columns "left" and "right", a name or an @handle in each. Says '
        "match, possible or different with a score of 0 to 1 and why; a lead for a person to check, never a decision. "
        "Ends with 0 when all rows were compared, 2 on bad input; then nothing is printed."
    )
    # It asks nothing of the database.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.csv")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object per row")

    def handle(self, *args, **options):
        path = Path(options["file"])
        try:
            # To the end before the first line is printed: a bad row leaves nothing half done. Once: it may be a pipe.
            pairs = list(read_pairs(path))
        except BadPairs as error:
            raise CommandError(str(error), returncode=2) from None
        for pair in pairs:
            self.stdout.write(_as_json(pair) if options["as_json"] else _as_text(pair))


def _as_json(pair: NamePair) -> str:
    found = compare(pair.left, pair.right)
    row = {"row": pair.line, "left": pair.left, "right": pair.right}
    return json.dumps(row | {"score": found.score, "verdict": found.verdict, "why": found.why}, ensure_ascii=False)


def _as_text(pair: NamePair) -> str:
    found = compare(pair.left, pair.right)
    return f"{found.score:.2f}  {found.verdict:<9}  {pair.left} | {pair.right}  ({found.why})"
