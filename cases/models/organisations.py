from django.conf import settings
from django.db import models

from audit.ids import uuid7
from cases.enums import OrganisationKind
from cases.models.cases import Case
from cases.models.merging import Mergeable
from cases.querysets import CaseScopedQuerySet


class Organisation(Mergeable):
    """A party, state body, newsroom, NGO or company in one case, under its parent if it has one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="organisations")
    label = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=OrganisationKind, default=OrganisationKind.OTHER)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="children", null=True, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["label"]
        constraints = [*Mergeable.Meta.constraints]

    def __str__(self) -> str:
        return self.label
