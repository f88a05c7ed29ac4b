"""`manage.py restore DIR`: a backup put into an installation that holds nothing yet, and verified."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from audit.exceptions import AuditError
from audit.outside import read_checkpoints
from caseapp.backups import BackupError, Restored, restore


class Command(BaseCommand):
    help = (
        "Load a backup into an empty DATA_DIR and database, read every original again and verify the log. Ends with 0 "
        "when all holds, 1 when something does not, 2 when nothing was restored."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DIR", help="what `backup` made")
        parser.add_argument(
            "--against", type=Path, metavar="FILE", help="a copy of checkpoints.log kept elsewhere, newer or not"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report for a program")

    def handle(self, *args, folder: Path, against: Path | None, as_json: bool, **options):
        try:
            kept_outside = _read(against) if against else []
            done = restore(folder, against=kept_outside, say=self.stderr.write)
        except (BackupError, AuditError) as error:
            raise CommandError(str(error), returncode=2) from error
        if as_json:
            log = {"ok": done.log.ok} | asdict(done.log)
            self.stdout.write(json.dumps({"ok": done.ok, **asdict(done), "log": log}, indent=2))
        else:
            self._print(done)
        if not done.ok:
            raise SystemExit(1)

    def _print(self, done: Restored) -> None:
        self.stdout.write(f"{done.originals} originals read again, {len(done.damaged)} of them damaged or missing")
        for sha256 in done.damaged:
            self.stdout.write(f"DAMAGED  {sha256}")
        self.stdout.write(f"{done.log.sealed} entries of the log under {done.log.checkpoints} checkpoints")
        for problem in done.log.problems:
            self.stdout.write(f"WRONG  [{problem.check}] {problem.message}")
        if done.ok:
            self.stdout.write("All of it holds. Start with `make run`.")


def _read(path: Path) -> list[str]:
    found = list(read_checkpoints(path)) if path.is_file() else []
    if not found:
        raise BackupError(f"{path} holds no checkpoint")
    return found
