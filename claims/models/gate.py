from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from claims.models.claims import ClaimVersion


class GateEvaluation(models.Model):
    """One run of the gate over one version: each rule's verdict with its inputs; itself evidence, append-only.

    PostgreSQL takes a row only with the `seal` of the application (`evidence/seals.py`).
    """

    SEALED = ("id", "version_id", "content_sha256", "inputs_sha256", "passed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="evaluations")
    content_sha256 = models.CharField(max_length=64)
    gate_version = models.CharField(max_length=20)
    inputs_sha256 = models.CharField(max_length=64)
    # The canonical JSON of all that the rules saw, from which the run can be repeated; none in runs before version 4.
    inputs = models.BinaryField(null=True, editable=False)
    # A list with one entry per rule: its id, level, verdict and the sentence for a person.
    results = models.JSONField()
    passed = models.BooleanField()
    evaluated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    evaluated_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-evaluated_at"]

    def __str__(self) -> str:
        return f"gate {'passed' if self.passed else 'refused'} {self.version}"


class GateException(models.Model):
    """An editor lets a warning of the gate stand for exactly one content, or takes that back; append-only.

    The newest row of a rule counts. PostgreSQL takes a row only with the `seal` of the application.
    """

    SEALED = ("id", "version_id", "content_sha256", "rule", "granted", "reason", "decided_by_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="gate_exceptions")
    content_sha256 = models.CharField(max_length=64)
    rule = models.CharField(max_length=10)
    granted = models.BooleanField()
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at"]
        constraints = [models.CheckConstraint(condition=~Q(content_sha256=""), name="exception_is_bound_to_content")]

    def __str__(self) -> str:
        return f"{self.rule} {'waived' if self.granted else 'asked again'} for {self.version}"
