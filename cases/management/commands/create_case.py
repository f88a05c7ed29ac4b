"""`manage.py create_case REF --title T --lead USER`."""

import json

from django.core.management.base import BaseCommand, CommandError

from cases import queries
from cases.actions.cases import create_case
from cases.enums import LikelihoodScale, Policy, Tlp
from cases.exceptions import CaseworkError


class Command(BaseCommand):
    help = "Open a case; its lead becomes its first editor and adds the other members."

    def add_arguments(self, parser):
        parser.add_argument("ref", help="short reference: 2 to 40 letters, digits and hyphens, e.g. NC-2024")
        parser.add_argument("--title", required=True)
        parser.add_argument("--lead", required=True, help="exact username or e-mail address")
        parser.add_argument("--scope", default="", help="what is investigated, and what is not")
        parser.add_argument("--tlp", choices=Tlp.values, default=Tlp.AMBER.value)
        parser.add_argument(
            "--likelihood-scale", choices=LikelihoodScale.values, default=LikelihoodScale.ICD203_ROW1.value
        )
        parser.add_argument("--policy", choices=Policy.values, default=Policy.STANDARD.value)
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the case for a program")

    def handle(self, *args, ref, title, lead, scope, tlp, likelihood_scale, policy, as_json, **options):
        try:
            case = create_case(
                actor=queries.find_user(lead),
                ref=ref,
                title=title,
                scope=scope,
                tlp=tlp,
                likelihood_scale=likelihood_scale,
                policy=policy,
                on_command_line=True,
            )
        except CaseworkError as error:
            field = {"user": "lead"}.get(getattr(error, "field", ""), getattr(error, "field", ""))
            raise CommandError(f"{field}: {error}" if field else str(error), returncode=2) from error
        if as_json:
            self.stdout.write(json.dumps({"ref": case.ref, "id": str(case.pk), "lead": case.lead.username}))
        else:
            self.stdout.write(f"{case.ref} is open; {case.lead} leads it.")
