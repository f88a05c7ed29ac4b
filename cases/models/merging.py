from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Mergeable(models.Model):
    """A row that can turn out to be another one: it stays, with its history, and points to the row that goes on.

    Merges are one level deep, so that the rows of a survivor are its own and those of `merged_from`.
    """

    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged_from", null=True, blank=True)
    merged_at = models.DateTimeField(null=True, blank=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    merge_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_at__isnull=True, merged_by__isnull=True, merge_reason="")
                | (
                    Q(merged_into__isnull=False, merged_at__isnull=False, merged_by__isnull=False)
                    & ~Q(merge_reason="")
                    & ~Q(merged_into=F("id"))
                ),
                name="%(class)s_merge_is_signed",
            )
        ]
