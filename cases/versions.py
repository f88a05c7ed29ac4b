"""Optimistic locking: an edit names the version it was based on, and loses no one's work."""

from django.db.models import Model

from cases.exceptions import StaleVersion


def check_version(row: Model, expected_version: int) -> None:
    """Raise StaleVersion, carrying the stored row, unless `row` (locked) still has `expected_version`."""
    if row.version != expected_version:
        raise StaleVersion(
            f"Somebody saved version {row.version} while you were working on version {expected_version}.",
            current=row,
        )
