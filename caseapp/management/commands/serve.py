"""`make run`: everything one machine needs, until Ctrl-C."""

import subprocess
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connections

from caseapp.checks import refuse_unsafe_database
from caseapp.embedded import EmbeddedServerError, ensure_server, is_running
from caseapp.supervisor import AlreadyServing, CannotServe, Supervisor, children_of, serving_lock, wait_for_port


class Command(BaseCommand):
    help = "Starts database, web, worker and sequencer on this machine, and keeps them running."
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            with serving_lock(settings.DATA_DIR, settings.PORT):
                self.serve()
        except AlreadyServing as reason:
            self.say(str(reason))
        except KeyboardInterrupt:
            self.say("stopped before it was running")
        except CannotServe as reason:
            self.stderr.write(f"caseapp: {reason}")
            sys.exit(2)

    def serve(self):
        if not settings.DEVELOPMENT:
            raise CannotServe("`serve` is for one machine; in production run the processes of docs/scaling.md")
        wait_for_port(settings.PORT)
        if settings.EMBEDDED_DATABASE:
            ensure_server(settings.SERVER_DIR)
        call_command("migrate", verbosity=0)
        refuse_unsafe_database()
        call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()
        first = settings.LOAD_EXAMPLE and "load_example" in get_commands() and self.is_first_start()
        supervisor = Supervisor(children_of(settings.PORT, settings.WEB_WORKERS), self.say)
        prepare = self.load_example if first else None
        supervisor.run(settings.PORT, self.announce, prepare=prepare, tend=self.tend_database)

    def tend_database(self):
        """Start the embedded server again when it was killed; what was acknowledged is in its write-ahead log."""
        if settings.EMBEDDED_DATABASE and not is_running(settings.SERVER_DIR):
            self.say("the database server ended; starting it again")
            try:
                ensure_server(settings.SERVER_DIR)
            except EmbeddedServerError as error:
                raise CannotServe(str(error)) from error

    def is_first_start(self):
        first = not get_user_model().objects.exists()
        connections.close_all()
        return first

    def load_example(self):
        self.say("first start: loading the example case ...")
        if subprocess.run([sys.executable, "manage.py", "load_example"], check=False).returncode:
            raise CannotServe("the example case could not be loaded; LOAD_EXAMPLE=off starts without it")

    def announce(self):
        self.say(f"running at {settings.PUBLIC_URL} - Ctrl-C stops everything")

    def say(self, message):
        self.stdout.write(f"caseapp: {message}")
        self.stdout.flush()
