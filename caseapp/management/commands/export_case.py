"""`manage.py export_case CASE FILE`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from audit.exceptions import AuditError
from audit.sealing import sealing
from caseapp.archive.layout import ArchiveError
from caseapp.archive.writing import export_case
from cases.exceptions import CaseworkError
from cases.queries import find_case, find_user, get_case


class Command(BaseCommand):
    help = (
        "Write a whole case with its originals, its log and its proofs to a zip file that `import_case` reads. Ends "
        "with 0 when done, 2 when nothing was written."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case")
        parser.add_argument("file", type=Path, help="a new file")
        parser.add_argument("--as", dest="user", help="who exports; the case's lead by default")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the outcome for a program")

    def handle(self, *args, case, file: Path, user, as_json, **options):
        try:
            actor = find_user(user) if user else find_case(case).lead
            with sealing():
                manifest = export_case(actor=actor, case=get_case(actor, case), path=file)
        except (ArchiveError, CaseworkError, AuditError) as error:
            raise CommandError(str(error) or f"there is no case {case} for this person", returncode=2) from error
        originals = sum(name.startswith("originals/") for name in manifest["files"])
        if as_json:
            self.stdout.write(json.dumps({"file": str(file), "content": manifest["content"], "originals": originals}))
        else:
            self.stdout.write(f"{manifest['case']['ref']} with {originals} originals in {file} ({manifest['content']})")
