from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from claims.enums import Settled, TraceKind
from claims.models.claims import ClaimVersion


class TraceDecision(models.Model):
    """What an editor decided on a passage that leads to somebody, for exactly one content; append-only.

    The newest row of a passage counts. PostgreSQL takes a row only with the `seal` of the application.
    """

    SEALED = ("id", "version_id", "content_sha256", "kind", "passage", "settled", "reason", "decided_by_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="trace_decisions")
    content_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=TraceKind)
    passage = models.TextField()
    settled = models.CharField(max_length=12, choices=Settled)
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(content_sha256=""), name="trace_is_bound_to_content")]

    def __str__(self) -> str:
        return f"{self.kind} {self.settled} in {self.version}"
