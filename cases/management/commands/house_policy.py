"""`manage.py house_policy [--level strict] [--fixity-days 30] ... --reason "..."`."""

import json

from django.core.management.base import BaseCommand, CommandError

from cases.actions.policies import set_house_policy
from cases.enums import Policy
from cases.exceptions import InvalidInput
from cases.policies import NAMES, house_level, house_thresholds


class Command(BaseCommand):
    help = "Show the defaults of the editorial gate for all cases; with --reason, set those that are named."

    def add_arguments(self, parser):
        parser.add_argument("--level", choices=Policy.values, default="")
        for name in NAMES:
            parser.add_argument(f"--{name.replace('_', '-')}", type=int)
        parser.add_argument("--reason", default="", help="why; kept with the change")

    def handle(self, *args, level: str, reason: str, **options):
        named = {name: options[name] for name in NAMES if options[name] is not None}
        if level or named:
            try:
                set_house_policy(actor=None, reason=reason, level=level, **named)
            except InvalidInput as error:
                raise CommandError(f"{error.field}: {error}", returncode=2) from error
        shown = {"level": house_level()} | {name: getattr(house_thresholds(), name) for name in NAMES}
        self.stdout.write(json.dumps(shown))
