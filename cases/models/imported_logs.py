from django.conf import settings
from django.db import models

from audit.ids import uuid7
from cases.models.cases import Case
from cases.querysets import CaseScopedQuerySet


class ImportedLog(models.Model):
    """The log that a case brought from another installation, as it came; it still verifies by that log's keys."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="imported_logs")
    vkeys = models.TextField(help_text="The public keys of that log, one a line, the first one first.")
    lines = models.BinaryField(help_text="An entry a line, with its payload and its proof.")
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Empty for the operator at the command line.",
    )

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["imported_at", "id"]

    def __str__(self) -> str:
        return f"log that came with {self.case.ref}"
