"""Kept answers are forgotten after a week: nobody repeats a request later than that."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.models import IdempotencyKey

KEPT_FOR = timedelta(days=7)


@transaction.atomic
def forget_old_answers() -> int:
    """Delete the answers kept for longer than a week; returns how many. No event: nothing of any case is in them."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
