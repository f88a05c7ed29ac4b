import signal
import threading

from django.core.management.base import BaseCommand, CommandError

from audit.exceptions import AuditError
from audit.sequencer import Sequencer


class Command(BaseCommand):
    help = "Put new events under signed checkpoints, until it is told to stop."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="seal what is pending now, then end")

    def handle(self, *args, once: bool, **options):
        try:
            sequencer = Sequencer()
            if once:
                sequencer.start()
                self.stdout.write(f"{sequencer.run_all()} events sealed")
            else:
                sequencer.run(_stop_on_signals())
        except AuditError as error:
            raise CommandError(f"The sequencer refuses to run: {error}") from error


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
