from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from evidence.enums import DerivativeOperation, FixityState


class Blob(models.Model):
    """The bytes of an original in the vault, once, whatever the number of items that hold them.

    Blobs belong to no case: never list or look them up for a person except through an item they may see.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    sha512 = models.CharField(max_length=128)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100, help_text="From the content, never from the client.")
    fixity = models.CharField(max_length=10, choices=FixityState, default=FixityState.UNCHECKED)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sha256"]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="blob_sha256_is_hex"),
        ]

    def __str__(self) -> str:
        return self.sha256


class FixityCheck(models.Model):
    """One re-reading of a blob and its outcome; append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="checks")
    state = models.CharField(max_length=10, choices=FixityState)
    found_sha256 = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(auto_now_add=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Empty for the scheduled sweep.",
    )

    class Meta:
        ordering = ["-checked_at"]

    def __str__(self) -> str:
        return f"{self.blob_id[:12]} {self.state}"


class Derivative(models.Model):
    """A disposable working copy made from a blob; the original is never touched."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="derivatives")
    operation = models.CharField(max_length=20, choices=DerivativeOperation)
    tool = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["parent", "operation"]
        constraints = [models.UniqueConstraint(fields=["parent", "operation", "tool"], name="derivative_once_per_tool")]

    def __str__(self) -> str:
        return f"{self.operation} of {self.parent_id[:12]}"
