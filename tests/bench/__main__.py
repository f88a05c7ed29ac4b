"""`make bench`: the figures that the issues ask for, as ratios to a named baseline in the same run.

Runs on an empty installation of its own below DATA_DIR and leaves nothing behind. `python -m tests.bench pages audit`
runs some of the sections.
"""

import os
import shutil
import sys
import tempfile

import django
from django.conf import settings
from django.core.management import call_command

SECTIONS = ("pages", "audit", "posts", "imports")
AUDIT_ENTRIES = 50_000
IMPORTED = int(os.environ.get("BENCH_IMPORTED", "1000000"))


def main(wanted: list[str]) -> None:
    if unknown := set(wanted) - set(SECTIONS):
        raise SystemExit(f"no such section: {min(unknown)}; there are {', '.join(SECTIONS)}")
    folder = tempfile.mkdtemp(prefix="caseapp-bench-")
    os.environ.update(DATA_DIR=folder, ENVIRONMENT="development", DJANGO_SETTINGS_MODULE="caseapp.settings")
    # Never the operator's server, whatever .env says: the sections write rows that mean nothing.
    os.environ.update(DATABASE_URL="", LOG_LEVEL="WARNING")
    try:
        django.setup()
        _prepare()
        for section in wanted or SECTIONS:
            _say(f"\n== {section}")
            for line in _figures(section):
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


def _figures(section: str):
    if section == "pages":
        from tests.bench import pages  # noqa: PLC0415

        return pages.figures()
    if section == "posts":
        from tests.bench import posts  # noqa: PLC0415

        return posts.figures()
    if section == "imports":
        from tests.bench import posts_import  # noqa: PLC0415

        return posts_import.figures(IMPORTED)
    from tests.bench import audit_log  # noqa: PLC0415

    return audit_log.figures(AUDIT_ENTRIES)


if __name__ == "__main__":
    main(sys.argv[1:])
