import json
import signal
import threading

from django.core.management.base import BaseCommand, CommandError

from audit.exceptions import AuditError
from audit.sequencer import Sequencer


class Command(BaseCommand):
    # What they read is the web process's, which looks; without them the log is sealed a second sooner.
    requires_system_checks = ()
    help = "Put new events under signed checkpoints, until it is told to stop."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="seal what is pending now, then end")
        parser.add_argument("--json", action="store_true", dest="as_json", help="with --once: answer for a program")

    def handle(self, *args, once: bool, as_json: bool, **options):
        try:
            sequencer = Sequencer()
            if once:
                sequencer.start()
                sealed = sequencer.run_all()
                self.stdout.write(json.dumps({"sealed": sealed}) if as_json else f"{sealed} events sealed")
            else:
                sequencer.run(_stop_on_signals())
        except AuditError as error:
            raise CommandError(f"The sequencer refuses to run: {error}") from error


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
