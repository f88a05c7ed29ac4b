from django.db import models

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from claims.enums import Disposition, Fit, HypothesisKind
from claims.models.citations import Citation
from claims.models.claims import ClaimVersion


class Hypothesis(models.Model):
    """Another explanation of the same evidence, held against one claim version (analysis of competing hypotheses)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ClaimVersion, on_delete=models.CASCADE, related_name="hypotheses")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=HypothesisKind, default=HypothesisKind.OTHER)
    statement = models.CharField(max_length=500)
    disposition = models.CharField(max_length=20, choices=Disposition, default=Disposition.OPEN)
    note = models.TextField(blank=True, help_text="Why it is judged so; shown to readers.")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.statement


class EvidenceFit(models.Model):
    """How one citation fits one hypothesis: a cell of the matrix. A cell without a row is not rated yet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    hypothesis = models.ForeignKey(Hypothesis, on_delete=models.CASCADE, related_name="fits")
    citation = models.ForeignKey(Citation, on_delete=models.CASCADE, related_name="fits")
    fit = models.CharField(max_length=12, choices=Fit)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["hypothesis", "citation"]
        constraints = [models.UniqueConstraint(fields=["hypothesis", "citation"], name="one_fit_per_cell")]

    def __str__(self) -> str:
        return f"{self.fit} with {self.hypothesis}"
