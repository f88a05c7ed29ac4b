"""`manage.py verify_evidence [CASE]`: read every preserved original again and compare its hash."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.exceptions import InvalidInput
from cases.queries import find_case
from evidence import queries, stores
from evidence.actions.fixity import sweep
from evidence.models import Blob, Item

BATCH = 20


class Command(BaseCommand):
    help = (
        "Read preserved originals again, of one case or all of them, and record what is found. Ends with 0 when all "
        "are unchanged, 1 when one is changed or missing, 2 when it cannot look."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", nargs="?", default="", help="reference of one case; all originals if none")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report for a program")

    def handle(self, *args, **options):
        report = self._report(options["case"])
        if options["as_json"]:
            self.stdout.write(json.dumps(report, indent=2))
        else:
            self._print(report)
        if report["damaged"]:
            raise SystemExit(1)

    def _report(self, ref: str) -> dict[str, Any]:
        hashes = list(_hashes(ref))
        damaged = []
        for start in range(0, len(hashes), BATCH):
            checks = sweep(hashes=hashes[start : start + BATCH])
            damaged += [(check.blob_id, check.state) for check in checks if check.state != "ok"]
            self._tell(start + len(checks), len(hashes), len(damaged))
        rows = [_damage(sha256, state, ref) for sha256, state in damaged]
        report = {"ok": not rows, "case": ref or None, "checked": len(hashes), "damaged": rows}
        if not ref:
            report["orphans"] = list(stores.vault().orphans(queries.known_blobs))
        return report

    def _tell(self, done: int, total: int, damaged: int) -> None:
        """Where it is, on one line that is written over; for a person who waits, not for a file or a program."""
        if self.stderr.isatty():
            self.stderr.write(
                f"\r{done} of {total} originals read, {damaged} damaged", ending="\n" if done == total else ""
            )
            self.stderr.flush()

    def _print(self, report: dict[str, Any]) -> None:
        self.stdout.write(f"{report['checked']} originals read, {len(report['damaged'])} damaged")
        for row in report["damaged"]:
            self.stdout.write(f"{row['state'].upper()}  {row['sha256']}  {', '.join(row['exhibits'])}")
        if report.get("orphans"):
            count = len(report["orphans"])
            self.stdout.write(f"{count} originals belong to no exhibit (left by a crash): swept after a week")
        if report["ok"]:
            self.stdout.write("All of them are unchanged.")


def _hashes(ref: str) -> Iterator[str]:
    if not ref:
        return Blob.objects.order_by("pk").values_list("pk", flat=True).iterator()
    try:
        case = find_case(ref)
    except InvalidInput as error:
        raise CommandError(str(error), returncode=2) from error
    return Blob.objects.filter(items__case=case).order_by("pk").distinct().values_list("pk", flat=True).iterator()


def _damage(sha256: str, state: str, ref: str) -> dict[str, Any]:
    items = Item.objects.filter(blob=sha256).select_related("case").order_by("case__ref", "exhibit")
    items = items.filter(case__ref=ref) if ref else items
    return {"sha256": sha256, "state": state, "exhibits": [f"{item.case.ref} E-{item.exhibit}" for item in items]}
