"""`manage.py check_claim ID_OR_CASE/C-n`."""

import json
import re
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from claims.gate.evaluation import NOT_APPLICABLE, Report
from claims.models import ClaimVersion
from claims.queries import ENDS, VERSION_PARTS, gate_report

_NUMBERED = re.compile(r"(?P<ref>[A-Za-z0-9-]{2,40})/C-(?P<number>\d{1,9})")
_MARKS = {"passed": "ok     ", "failed": "MISSING", "excepted": "except."}


class Command(BaseCommand):
    help = "Say what the gate misses in a claim: ends with 0 when nothing, 1 when something, 2 for a bad address."

    def add_arguments(self, parser):
        parser.add_argument("claim", help="CASE/C-7, or the id of a claim or of one of its versions")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report for a program")

    def handle(self, *args, claim: str, as_json: bool, **options):
        report = gate_report(_version(claim))
        if as_json:
            answer = {"label": report.facts.label, "passed": report.passed, "results": report.as_dicts()}
            self.stdout.write(json.dumps(answer, indent=2))
        else:
            self._print(report)
        if not report.passed:
            raise SystemExit(1)

    def _print(self, report: Report) -> None:
        self.stdout.write(f"{report.facts.label} ({report.facts.state})")
        for entry in report.entries:
            if entry.verdict == NOT_APPLICABLE:
                continue
            mark = "warns  " if entry.problems and not entry.blocks else _MARKS[entry.verdict]
            self.stdout.write(f"{mark} {entry.rule.id} {entry.rule.title}")
            for problem in entry.problems:
                self.stdout.write(f"             {problem.text}")
        count = len(report.missing)
        self.stdout.write("The gate lets it pass." if report.passed else f"{count} rules are not met.")


def _version(address: str) -> ClaimVersion:
    rows = ClaimVersion.objects.select_related(*VERSION_PARTS).prefetch_related(*ENDS).order_by("-number")
    if match := _NUMBERED.fullmatch(address):
        rows = rows.filter(claim__case__ref=match["ref"], claim__number=int(match["number"]))
    else:
        rows = rows.filter(pk=_uuid(address)) | rows.filter(claim=_uuid(address))
    found = rows.first()
    if found is None:
        raise CommandError(f"there is no claim {address}", returncode=2)
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is neither CASE/C-7 nor the id of a claim", returncode=2) from error
