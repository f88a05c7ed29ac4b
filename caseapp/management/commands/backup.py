"""`manage.py backup DIR`: a whole copy of the installation while people work."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from caseapp.backups import BackupError, back_up


class Command(BaseCommand):
    help = (
        "Copy database, originals, dossiers and signed checkpoints into a new folder. Ends with 0 when the copy is "
        "whole, 2 when none was made."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder, best on another disk")
        parser.add_argument("--with-keys", action="store_true", help="the secret keys too: whoever has them can sign")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the manifest for a program")

    def handle(self, *args, folder: Path, with_keys: bool, as_json: bool, **options):
        try:
            manifest = back_up(folder.absolute(), with_keys=with_keys)
        except BackupError as error:
            raise CommandError(str(error), returncode=2) from error
        if with_keys:
            self.stderr.write("This copy holds the secret keys: keep it where nobody else can read it.")
        else:
            self.stderr.write("Without the secret keys (DATA_DIR/keys) a restored copy verifies and cannot publish.")
        if as_json:
            self.stdout.write(json.dumps(manifest, indent=2, sort_keys=True))
        else:
            self.stdout.write(f"{manifest['originals']} originals and the database {manifest['database']} in {folder}")
