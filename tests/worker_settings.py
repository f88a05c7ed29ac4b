"""Settings of a real worker process in a test: the test's own database, and jobs that can be stopped half-way."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.setup.slow_jobs"]  # noqa: F405
# A worker that reads what the test has preserved shares its store.
if STORE := os.environ.get("TEST_STORE"):
    VAULT_DIR, DERIVATIVES_DIR = Path(STORE) / "vault", Path(STORE) / "derivatives"
