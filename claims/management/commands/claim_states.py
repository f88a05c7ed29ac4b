"""`manage.py claim_states`."""

from django.core.management.base import BaseCommand

from claims.workflow import as_markdown


class Command(BaseCommand):
    help = "Print the states of a claim version and what leads on as Markdown, for docs/claim-states.md."

    def handle(self, *args, **options):
        self.stdout.write(as_markdown(), ending="")
