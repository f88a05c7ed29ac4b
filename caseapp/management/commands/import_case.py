"""`manage.py import_case FILE`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from audit.exceptions import AuditError
from caseapp.archive.layout import VKEY, ArchiveError
from caseapp.archive.loading import import_case
from caseapp.archive.reading import opened
from cases.exceptions import CaseworkError


class Command(BaseCommand):
    help = (
        "Check an archive of `export_case` (hashes, rows, signatures of its log) and put its case into an installation "
        "without cases. Ends with 0 when done, 1 when the archive is damaged, and then nothing was imported."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what `export_case` wrote")
        parser.add_argument("--check", action="store_true", help="check only, import nothing")
        origin = parser.add_mutually_exclusive_group()
        origin.add_argument("--vkey", help="the key of the log it must come from, as that house publishes it")
        origin.add_argument(
            "--any-log",
            action="store_true",
            help="take the word of whatever log signed it: past the gate of this house",
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the outcome for a program")

    def handle(self, *args, file: Path, check, vkey, any_log, as_json, **options):
        if not file.is_file():
            raise CommandError(f"there is no file {file}", returncode=2)
        try:
            manifest = _checked(file, vkey, must_be_known=not check and not any_log)
            if not check:
                import_case(path=file)
        except ArchiveError as error:
            raise CommandError(str(error), returncode=1) from error
        except (CaseworkError, AuditError) as error:
            raise CommandError(str(error), returncode=2) from error
        done = {"case": manifest["case"]["ref"], "content": manifest["content"], "imported": not check}
        if as_json:
            self.stdout.write(json.dumps(done))
        else:
            said = "is whole" if check else "was imported: give its people accounts, and run `rebuild_index`"
            self.stdout.write(f"{done['case']} {said} ({done['content']})")


def _checked(file: Path, vkey: str | None, *, must_be_known: bool) -> dict:
    """The manifest of an archive that was read to its last byte; with `vkey`, of a log that has that key.

    What comes in is not judged by the gate again: the log that signed it is the only witness of that.
    """
    with opened(file) as archive:
        keys = archive.vkeys()
        if must_be_known and not vkey:
            raise CommandError(
                f"its log has the key {keys[0]}. If that is what the house it comes from publishes, say so: "
                f"--vkey {keys[0]}",
                returncode=2,
            )
        if vkey and vkey not in keys:
            raise ArchiveError(f"the log is not that of {vkey}", name=VKEY)
        return archive.check().manifest
