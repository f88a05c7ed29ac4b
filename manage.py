#!/usr/bin/env python
"""Every management command, on a bare machine too: the embedded database is started, or joined, when one needs it."""

import os
import sys
from typing import NoReturn

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands
from django.core.management.base import CommandParser
from django.db.utils import OperationalError
from psycopg import OperationalError as ConnectionProblem

from caseapp.embedded import EmbeddedServerError, ensure_server

WITHOUT_DATABASE = {"help", "version", "--help", "-h", "--version", "check", "collectstatic", "spectacular", "serve"}
WITHOUT_DATABASE |= {"gate_rules", "claim_states"}


def main(arguments: list[str]) -> int:
    """Run one command; what stops it before it began is one line on standard error and status 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caseapp.settings")
    os.environ.setdefault("ENVIRONMENT", "development")
    # Before NumPy loads: the small products of comparing pictures take five times as long on several threads as on one.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    CommandParser.error = refuse_usage
    name = arguments[1] if len(arguments) > 1 else "help"
    try:
        django.setup()
        if name not in get_commands().keys() | WITHOUT_DATABASE:
            return refuse(f"there is no command {name!r}: python manage.py help lists them")
        if needs_database(name, arguments[2:]):
            start_database()
        execute_from_command_line(arguments)
    except (ImproperlyConfigured, EmbeddedServerError) as error:
        return refuse(str(error))
    except (OperationalError, ConnectionProblem) as error:
        reason = str(error).strip().splitlines()[0]
        # The roles and tables are made by the set-up: a command that comes before it says which step is missing.
        hint = ". Set it up first: make setup" if reason.endswith("does not exist") else ""
        return refuse(f"the database cannot be used: {reason}{hint}")
    return 0


def needs_database(name: str, options: list[str]) -> bool:
    """Whether a command asks the database: its own help is read without starting one."""
    return name not in WITHOUT_DATABASE and not {"-h", "--help"} & set(options)


def start_database() -> None:
    if settings.EMBEDDED_DATABASE:
        ensure_server(settings.SERVER_DIR)


def refuse_usage(parser: CommandParser, message: str) -> NoReturn:
    """What argparse says of wrong arguments, in one line instead of a page of usage."""
    sys.exit(refuse(f"{parser.prog.split()[-1]}: {' '.join(message.split())}; --help explains"))


def refuse(message: str) -> int:
    sys.stderr.write(f"caseapp: {message}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv))
