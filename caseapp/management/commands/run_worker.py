"""The worker: takes jobs from the queue until stopped, and takes over those that a killed worker left behind."""

import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from cases.jobs import rescue
from evidence.parsers import sandbox
from search.actions.indexing import keep_up
from search.keeping import keep_up_for_ever

# Seconds that a running job gets to finish when the worker is stopped; afterwards another worker rescues it.
GRACE = 20


class Command(BaseCommand):
    # What they read is the web process's, which looks; without them a worker is at work a second sooner.
    requires_system_checks = ()
    help = "Runs queued jobs. Any number of workers may run, on any number of machines."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="stop when the queue is empty")

    def handle(self, *args, **options):
        # Each job that reads a file forks a parser that is loaded already.
        with sandbox.nurseries(settings.WORKER_CONCURRENCY):
            asyncio.run(self.work(wait=not options["once"]))
        if options["once"]:
            keep_up()

    async def work(self, wait):
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            # A rescuer that fails takes the worker with it: whoever started the worker starts another.
            async with worker_app.open_async(), asyncio.TaskGroup() as group:
                others = [group.create_task(rescue_for_ever(worker_app)), group.create_task(keep_up_for_ever())]
                await worker_app.run_worker_async(
                    wait=wait,
                    concurrency=settings.WORKER_CONCURRENCY,
                    fetch_job_polling_interval=5,
                    shutdown_graceful_timeout=GRACE,
                    update_heartbeat_interval=settings.WORKER_STALLED_SECONDS / 5,
                    stalled_worker_timeout=settings.WORKER_STALLED_SECONDS,
                )
                for other in others:
                    other.cancel()


async def rescue_for_ever(worker_app):
    while True:
        await rescue(worker_app)
        await asyncio.sleep(settings.WORKER_STALLED_SECONDS / 2)
