from django.contrib.auth.models import AbstractUser
from django.db import models

from audit.ids import uuid7
from cases.enums import Language
from cases.exceptions import InvalidInput

MAX_PASSWORD = 1024


class User(AbstractUser):
    """A person who signs in; what they may do is decided per case by their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    display_name = models.CharField(max_length=150, blank=True)
    can_create_cases = models.BooleanField(default=False, help_text="May open a new case and becomes its lead.")
    must_change_password = models.BooleanField(
        default=False, help_text="Holds a one-time password; nothing else opens until it is replaced."
    )

    language = models.CharField(
        max_length=10,
        choices=Language,
        blank=True,
        default="",
        help_text="Of the pages; empty: what the browser asks for.",
    )

    # Set by token authentication for one request; None for people who signed in. Not stored.
    token_scopes: frozenset[str] | None = None

    def __str__(self) -> str:
        return self.display_name or self.username

    def set_password(self, raw_password: str | None) -> None:
        refuse_long(raw_password)
        super().set_password(raw_password)

    def check_password(self, raw_password: str) -> bool:
        refuse_long(raw_password)
        return super().check_password(raw_password)


def refuse_long(password: str | None) -> None:
    """Hashing costs time in proportion: a password of a megabyte is refused before it."""
    if password is not None and len(password) > MAX_PASSWORD:
        raise InvalidInput(f"A password has at most {MAX_PASSWORD} characters.", field="password")
