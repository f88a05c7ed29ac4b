"""`manage.py gate_rules`."""

from django.core.management.base import BaseCommand

from claims.gate.docs import render


class Command(BaseCommand):
    help = "Print the rules of the gate as Markdown, for docs/gate.md."

    def handle(self, *args, **options):
        self.stdout.write(render(), ending="")
