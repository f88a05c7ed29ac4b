"""Check a published dossier with the same code that lies in it as verify.py; needs no database."""

import sys

from django.core.management.base import BaseCommand

from claims.dossier import command


class Command(BaseCommand):
    help = (
        "Check a published dossier (folder or zip): files, claims, quotes, log. Exit 0 whole, 1 damaged, 2 no dossier."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("path", help="the dossier's folder or zip file")
        parser.add_argument("--vkey", help="the log's public key, or a file with its keys, from elsewhere")
        parser.add_argument("--json", action="store_true", help="answer for programs")

    def handle(self, *args, **options):
        code = command.run(options["path"], options["vkey"], options["json"], self.stdout, self.stderr)
        if code:
            sys.exit(code)
