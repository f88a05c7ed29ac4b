"""Settings of a real worker process in a test: the test's own database, and jobs that can be stopped half-way."""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.setup.slow_jobs"]  # noqa: F405
