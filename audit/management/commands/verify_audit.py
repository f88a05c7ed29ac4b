import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from audit.exceptions import AuditError
from audit.offline import Refused, split_note
from audit.outside import read_checkpoints
from audit.verification import Report, verify_log


class Command(BaseCommand):
    help = (
        "Verify the audit log: ends with 0 when all holds, 1 when something does not or rows were changed past the "
        "application, 2 when it cannot look."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report for a program")
        parser.add_argument(
            "--against",
            type=Path,
            metavar="FILE",
            help="a checkpoint kept elsewhere, or a copy of checkpoints.log, that the log must still contain",
        )

    def handle(self, *args, as_json: bool, against: Path | None, **options):
        try:
            report = verify_log(_read_against(against) if against else [])
        except AuditError as error:
            raise CommandError(str(error), returncode=2) from error
        if as_json:
            values = {"ok": report.ok, "first_bad_index": report.first_bad_index} | asdict(report)
            self.stdout.write(json.dumps(values, indent=2))
        else:
            self._print(report)
        # Nobody has to have touched the log for something to be wrong: rows were changed past the application.
        if not report.ok or report.row_changed:
            raise SystemExit(1)

    def _print(self, report: Report) -> None:
        self.stdout.write(
            f"{report.sealed} entries under {report.checkpoints} checkpoints, {report.time_stamps} of them "
            f"time-stamped, {report.pending} waiting, {report.row_changed} changes made past the application\n"
            f"root {report.root}"
        )
        for problem in report.problems:
            place = "" if problem.index is None else f" at {problem.index}"
            self.stdout.write(f"WRONG{place} [{problem.check}] {problem.message}")
        if report.row_changed:
            self.stdout.write("LOOK: the audit pages show who changed what past the application, as row_changed.")
        elif report.ok:
            self.stdout.write("All of it holds.")
        if report.first_bad_index is not None:
            self.stdout.write(f"{report.problem_count} problems; first bad index: {report.first_bad_index}")
        elif report.problem_count:
            self.stdout.write(f"{report.problem_count} problems")


def _read_against(path: Path) -> list[str]:
    """The checkpoints in `path`: one signed note as it was published, or lines of checkpoints.log."""
    try:
        data = path.read_bytes()
        checkpoints = list(read_checkpoints(path))
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}", returncode=2) from error
    if not checkpoints:
        try:
            split_note(data)
        except Refused as error:
            raise CommandError(f"{path} holds no checkpoint: {error}", returncode=2) from error
        checkpoints = [data.decode()]
    return checkpoints
