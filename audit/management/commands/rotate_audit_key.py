from django.core.management.base import BaseCommand, CommandError

from audit.exceptions import AuditError
from audit.rotation import change_key


class Command(BaseCommand):
    help = (
        "Put a new key in the place of the one that signs checkpoints. The log names the new key under the old one, "
        "which is then destroyed. Run it where the key file lies."
    )

    def add_arguments(self, parser):
        parser.add_argument("--actor", required=True, help="who carries it out, e.g. user:<uuid>")

    def handle(self, *args, actor: str, **options):
        try:
            old, new = change_key(actor=actor)
        except (AuditError, ValueError) as error:
            raise CommandError(f"The key was not changed: {error}", returncode=2) from error
        self.stdout.write(f"old key {old}\nnew key {new}\nMake the new one known wherever the old one stands.")
