"""`make bench`: the figures that the issues ask for, as ratios to a named baseline in the same run.

Runs on an empty installation of its own below DATA_DIR and leaves nothing behind. `python -m tests.bench pages audit`
runs some of the sections; `ingest` runs only where it is named, or with `make bench-media`.
"""

import os
import shutil
import sys
import tempfile
from importlib import import_module

import django
from django.conf import settings
from django.core.management import call_command

# What is run, and the module that yields its figures.
SECTIONS = {
    "pages": "pages",
    "audit": "audit_log",
    "posts": "posts",
    "imports": "posts_import",
    "names": "names",
    "found": "names_found",
    "search": "search",
    "gate": "gate",
}
NAMED_ONLY = {"ingest": "ingest"}


def main(wanted: list[str]) -> None:
    known = SECTIONS | NAMED_ONLY
    if unknown := set(wanted) - set(known):
        raise SystemExit(f"no such section: {min(unknown)}; there are {', '.join(known)}")
    folder = tempfile.mkdtemp(prefix="caseapp-bench-")
    os.environ.update(DATA_DIR=folder, ENVIRONMENT="development", DJANGO_SETTINGS_MODULE="caseapp.settings")
    # Never the operator's server, whatever .env says: the sections write rows that mean nothing.
    os.environ.update(DATABASE_URL="", LOG_LEVEL="WARNING")
    try:
        django.setup()
        _prepare()
        for section in wanted or SECTIONS:
            _say(f"\n== {section}")
            # Settings must be chosen before models are imported.
            for line in import_module(f"tests.bench.{known[section]}").figures():
                _say(line)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _prepare() -> None:
    from caseapp.embedded import ensure_server  # noqa: PLC0415 - settings must be chosen first

    ensure_server(settings.SERVER_DIR)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
