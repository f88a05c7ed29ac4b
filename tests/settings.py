"""The settings of the application, for tests: the shared database server, and a folder of their own for files."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["ENVIRONMENT"] = "test"

from caseapp.settings import *  # noqa: F403

DATA_DIR = Path(tempfile.mkdtemp(prefix="caseapp-test-"))
KEYS_DIR = DATA_DIR / "keys"
VAULT_DIR = DATA_DIR / "vault"
MEDIA_INDEX_DIR = DATA_DIR / "media-index"
UPLOADS_DIR = DATA_DIR / "uploads"
SEARCH_INDEX_DIR = DATA_DIR / "search-index"
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

# argon2 takes half a second by design; tests/setup proves that production begins with it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests of pages sign people in without a second factor; tests/access turns the rule on.
REQUIRE_MFA = False
# A session is written with its first request, however long a test takes: what a page asks is counted.
SESSION_SEEN_EVERY = 10**9
# Tests without a sequencer publish too; tests/claims shows that an unsigned log stops publishing.
AUDIT_LONGEST_UNSEALED = 7_200
