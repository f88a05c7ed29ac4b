from django.conf import settings
from django.db import models

from audit.ids import uuid7
from cases.enums import SubjectTier
from cases.models.cases import Case
from cases.models.merging import Mergeable
from cases.querysets import CaseScopedQuerySet


class Person(Mergeable):
    """A human being in one case; names are rows of their own, with script and language."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people")
    label = models.CharField(max_length=300, help_text="The primary name, as the case writes it.")
    subject_tier = models.CharField(max_length=30, choices=SubjectTier, default=SubjectTier.PRIVATE_INDIVIDUAL)
    disambiguation = models.TextField(blank=True, help_text="Specifics besides the name, to tell namesakes apart.")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["label"]
        constraints = [*Mergeable.Meta.constraints]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.label
