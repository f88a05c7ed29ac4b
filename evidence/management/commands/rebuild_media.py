"""`manage.py rebuild_media`: the search index of this node anew, and all exhibits that wait compared."""

import json

from django.core.management.base import BaseCommand

from cases.models import Case
from evidence.actions.comparing import await_those_behind, compare_items, take_waiting
from evidence.parsers import sandbox
from evidence.reuse_index import forget_indexes, segments_of

BATCH = 10_000


class Command(BaseCommand):
    help = (
        "Throw the search index of pictures on this machine away and make it again from the database; fingerprint what "
        "another version had read, and compare what waits. Verdicts stay. Ends with 0."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json", help="print figures for a program")

    def handle(self, *args, **options):
        compared = 0
        while await_those_behind(BATCH):
            pass
        with sandbox.nurseries(1):
            while items := take_waiting():
                compare_items(items)
                compared += len(items)
        forget_indexes()
        segments = segments_of(list(Case.objects.values_list("pk", flat=True)))
        figures = {"compared": compared, "indexed": sum(len(one.numbers) for one in segments)}
        if options["as_json"]:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write(f"{compared} exhibits compared, {figures['indexed']} pictures indexed")
