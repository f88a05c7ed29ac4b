from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from claims.enums import ReviewStage, SentenceVerdict, Verdict
from claims.models.claims import ClaimVersion


class Review(models.Model):
    """One verdict on one version, bound to the hash of what was read (G-72); append-only.

    `author` repeats the version's author so that "reviewer is not author" (G-70) is a constraint of the row;
    a trigger keeps it equal to the version's. PostgreSQL takes a row only with the `seal` of the application
    (`evidence/seals.py`).
    """

    SEALED = ("id", "version_id", "content_sha256", "stage", "verdict", "reviewed_by_id", "jurisdictions")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="reviews")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, choices=ReviewStage, default=ReviewStage.EDITOR)
    verdict = models.CharField(max_length=20, choices=Verdict)
    comment = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)
    # ISO 3166-1 codes of the states whose law was looked at; a legal sign-off names one or more.
    jurisdictions = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["reviewed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reviewed_by=F("author")), name="reviewer_is_not_author"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} of {self.version}"


class SentenceCheck(models.Model):
    """What a checker found when they held one sentence of the public text against citations (G-71); append-only.

    `basis_sha256` is the hash of the sentence and of what its citations point at: a change of either unticks it, a
    change elsewhere in the version does not. PostgreSQL takes a row only with the `seal` of the application
    (`evidence/seals.py`).
    """

    SEALED = ("id", "version_id", "content_sha256", "basis_sha256", "verdict", "reviewed_by_id", "comment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="sentence_checks")
    sentence = models.TextField()
    # Ids of citations of the version; they outlive a citation that its author removes.
    citations = models.JSONField()
    basis_sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=12, choices=SentenceVerdict)
    comment = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["reviewed_at", "id"]

    def __str__(self) -> str:
        return f"{self.verdict} of a sentence of {self.version}"
