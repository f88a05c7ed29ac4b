from django.conf import settings
from django.db import models

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from evidence.enums import UploadState
from evidence.models.items import Item


class Upload(models.Model):
    """A file on its way in, in pieces; `received` is what the disk holds, so a lost connection resumes there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=500)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.OPEN)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    metadata = models.JSONField(default=dict, help_text="What the sender said of the file: title, source, dates ...")
    started_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.file_name}: {self.received} of {self.size}"
