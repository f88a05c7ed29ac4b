"""`manage.py create_user USERNAME --name NAME --email ADDRESS`."""

import json

from django.core.management.base import BaseCommand, CommandError

from cases.actions.users import create_user
from cases.exceptions import CaseworkError


class Command(BaseCommand):
    help = "Make an account and print its one-time password, which is asked to be replaced at the first sign-in."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="the name that colleagues see")
        parser.add_argument("--email", default="")
        parser.add_argument("--staff", action="store_true", help="may open the read-only admin site")
        parser.add_argument("--admin", action="store_true", help="manages accounts in the admin site")
        parser.add_argument("--can-create-cases", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the account for a program")

    def handle(self, *args, username, name, email, staff, admin, can_create_cases, as_json, **options):
        try:
            user, password = create_user(
                actor=None,
                username=username,
                display_name=name,
                email=email,
                is_staff=staff,
                is_superuser=admin,
                can_create_cases=can_create_cases,
            )
        except CaseworkError as error:
            raise CommandError(f"{getattr(error, 'field', '') or 'user'}: {error}", returncode=2) from error
        if as_json:
            self.stdout.write(json.dumps({"username": user.username, "id": str(user.pk), "password": password}))
        else:
            self.stdout.write(f"{user.username} can sign in once with the password {password}")
