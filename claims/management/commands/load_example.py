"""`manage.py load_example`: the case New Caledonia, May 2024, with a newsroom to work on it."""

import json

from django.core.management.base import BaseCommand, CommandError

from audit.sealing import sealing
from cases.exceptions import CaseworkError
from cases.models import Case
from claims.example.loader import NEWSROOM, load


class Command(BaseCommand):
    help = "Loads the example case and its newsroom, and prints a one-time password for each person."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the accounts for a program")

    def handle(self, *args, as_json: bool, **options):
        if Case.objects.filter(ref="NC-2024").exists():
            raise CommandError("The example case NC-2024 is here already; nothing was changed.", returncode=2)
        try:
            with sealing():
                example = load()
        except CaseworkError as error:
            raise CommandError(f"The example case cannot be loaded: {error}", returncode=2) from error
        if as_json:
            self.stdout.write(json.dumps({"case": example.case.ref, "passwords": example.passwords}))
            return
        self.stdout.write(f"The example case {example.case} is loaded. One-time passwords:")
        for username, password in example.passwords.items():
            self.stdout.write(f"  {username:<8} {NEWSROOM[username][1].label:<14} {password}")
