"""`manage.py reset_password USER`."""

import json

from django.core.management.base import BaseCommand, CommandError

from cases import queries
from cases.actions.users import reset_password
from cases.exceptions import CaseworkError


class Command(BaseCommand):
    help = "Give a person a new one-time password; their sessions end and their second factor stays."

    def add_arguments(self, parser):
        parser.add_argument("user", help="exact username or e-mail address")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the password for a program")

    def handle(self, *args, user, as_json, **options):
        try:
            person = queries.find_user(user)
            password = reset_password(actor=None, user=person)
        except CaseworkError as error:
            raise CommandError(str(error), returncode=2) from error
        if as_json:
            self.stdout.write(json.dumps({"username": person.username, "password": password}))
        else:
            self.stdout.write(f"{person.username} can sign in once with the password {password}")
