"""`manage.py export_claims CASE FORMAT FILE`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit.exceptions import AuditError
from cases.exceptions import CaseworkError
from cases.queries import find_case, find_user, get_case
from claims.actions.exports import export_claims
from claims.exports.formats import FORMATS, get_format
from claims.exports.material import Scope


class Command(BaseCommand):
    help = (
        "Write claims of a case to a file in a format of the field: ends with 0 when done, 2 when nothing was written."
    )

    def add_arguments(self, parser):
        parser.add_argument("case", help="reference of the case")
        parser.add_argument("format", help=", ".join(f"{found.name} ({found.label})" for found in FORMATS))
        parser.add_argument("file", type=Path, help="a new file")
        parser.add_argument("--claims", default=Scope.PUBLISHED, choices=Scope.values, help="published ones by default")
        parser.add_argument("--as", dest="user", help="who exports; the case's lead by default")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the outcome for a program")

    def handle(self, *args, case, format, file: Path, claims, user, as_json, **options):
        try:
            actor = find_user(user) if user else find_case(case).lead
            # An export that cannot be kept leaves no event either.
            with transaction.atomic():
                exported = export_claims(
                    actor=actor, case=get_case(actor, case), wanted=get_format(format), scope=claims
                )
                _write(file, exported.content)
        except (CaseworkError, AuditError) as error:
            raise CommandError(str(error) or f"there is no case {case} for this person", returncode=2) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        answer = {
            "file": str(file),
            "claims": exported.claims,
            "bytes": len(exported.content),
            "sha256": exported.sha256,
        }
        if as_json:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{exported.claims} claims in {file} ({exported.sha256})")


def _write(file: Path, content: bytes) -> None:
    """Write a file that was not there; whole or not at all."""
    with file.open("xb") as target:
        try:
            target.write(content)
        except OSError:
            file.unlink()
            raise
