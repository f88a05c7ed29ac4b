"""`manage.py verify_publications [CASE]`: hold what was published against what the log says was published."""

import json
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError

from cases.exceptions import InvalidInput
from cases.queries import find_case
from claims.dossier.vouched import compared
from claims.models import Publication


class Command(BaseCommand):
    help = (
        "Compare the publications of one case or of all with the entries that the log holds of them; run verify_audit "
        "beside it, which proves the log. Ends with 0 when all agree, 1 when one does not, 2 when it cannot look."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", nargs="?", default="", help="reference of one case; all publications if none")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report for a program")

    def handle(self, *args, case: str, as_json: bool, **options):
        checked = list(_checked(case))
        wrong = [row for row in checked if row["differences"]]
        if as_json:
            report = {"ok": not wrong, "case": case or None, "checked": len(checked), "wrong": wrong}
            self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(f"publications compared with the log: {len(checked)}, different: {len(wrong)}")
            for row in wrong:
                self.stdout.write(f"{row['case']} publication {row['publication']}: {'; '.join(row['differences'])}")
        if wrong:
            raise SystemExit(1)


def _checked(ref: str) -> Iterator[dict]:
    rows = Publication.objects.all()
    if ref:
        try:
            rows = rows.filter(case=find_case(ref))
        except InvalidInput as error:
            raise CommandError(str(error), returncode=2) from error
    for row, differences in compared(rows):
        yield {"case": row.case.ref, "publication": row.number, "differences": differences}
