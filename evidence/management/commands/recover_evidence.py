"""`manage.py recover_evidence CASE`: exhibits made again from the store, after the database lost their rows."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.exceptions import CaseworkError
from cases.queries import find_case, find_user
from evidence.actions.recovery import lost_originals, recover_original
from evidence.exceptions import VaultError


class Command(BaseCommand):
    help = (
        "Enter originals that arrived in a case, by the receipts in the store, and of which it has no exhibit. Ends "
        "with 0 when all of them are entered, 1 when one is damaged, 2 when it cannot begin."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case, e.g. NC-2024")
        parser.add_argument("--as", dest="user", default="", help="username or e-mail; the lead if none")
        parser.add_argument("--dry-run", action="store_true", help="only list them")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report for a program")

    def handle(self, *args, **options):
        try:
            case = find_case(options["case"])
            actor = find_user(options["user"]) if options["user"] else case.lead
            rows = [self._row(actor, case, lost, options["dry_run"]) for lost in lost_originals(case)]
        except CaseworkError as error:
            raise CommandError(" ".join(str(error).split()), returncode=2) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))
        else:
            for row in rows:
                number = f"E-{row['exhibit']}" if row["exhibit"] else "-"
                self.stdout.write(f"{number}  {row['sha256'][:16]}  {row['name']}  {row['problem']}".rstrip())
            self.stdout.write(f"{len(rows)} originals without an exhibit in {case.ref}")
        if any(row["problem"] for row in rows):
            raise SystemExit(1)

    def _row(self, actor, case, lost, dry_run: bool) -> dict[str, Any]:
        row = {"sha256": lost.sha256, "name": lost.receipt.get("name", ""), "exhibit": None, "problem": ""}
        if not dry_run:
            try:
                row["exhibit"] = recover_original(actor=actor, case=case, lost=lost).exhibit
            except VaultError as damage:
                row["problem"] = str(damage)
        return row
