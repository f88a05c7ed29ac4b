"""The settings of the application, for tests."""

import os

os.environ["ENVIRONMENT"] = "test"

from caseapp.settings import *  # noqa: F403

# argon2 takes half a second by design; tests/setup proves that production begins with it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
