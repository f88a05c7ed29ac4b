#!/usr/bin/env python
"""Every management command, on a bare machine too: the embedded database is started, or joined, when one needs it."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db.utils import OperationalError
from psycopg import OperationalError as ConnectionProblem

from caseapp.embedded import EmbeddedServerError, ensure_server

WITHOUT_DATABASE = {"help", "version", "--help", "-h", "--version", "check", "collectstatic", "spectacular", "serve"}
WITHOUT_DATABASE |= {"gate_rules", "claim_states"}


def main(arguments: list[str]) -> int:
    """Run one command; what stops it before it began is one line on standard error and status 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caseapp.settings")
    os.environ.setdefault("ENVIRONMENT", "development")
    try:
        if len(arguments) > 1 and arguments[1] not in WITHOUT_DATABASE:
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


def start_database() -> None:
    if settings.EMBEDDED_DATABASE:
        ensure_server(settings.SERVER_DIR)


def refuse(message: str) -> int:
    sys.stderr.write(f"caseapp: {message}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv))
