from django.conf import settings
from django.db import models

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from claims.enums import CorrectionKind
from claims.models.claims import Claim, ClaimVersion


class Publication(models.Model):
    """A frozen snapshot of claims that left the house, with the manifest its dossier carries; append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    snapshot = models.BinaryField(help_text="Canonical JSON of every published claim, citation, source and grade.")
    snapshot_sha256 = models.CharField(max_length=64)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="publication_number_once_per_case")]

    def __str__(self) -> str:
        return f"{self.case.ref} publication {self.number}"


class PublishedVersion(models.Model):
    """One claim version in one publication, pinned by hash: what was checked is what is published."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="entries")
    version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="published_in")
    content_sha256 = models.CharField(max_length=64)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["publication", "version"]
        constraints = [models.UniqueConstraint(fields=["publication", "version"], name="version_once_per_publication")]

    def __str__(self) -> str:
        return f"{self.version} in {self.publication}"


class Correction(models.Model):
    """A public note that a published version was corrected or retracted; the old one stays readable (G-80)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=12, choices=CorrectionKind)
    from_version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(ClaimVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    cause = models.TextField()
    public_note = models.TextField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-corrected_at"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.claim}"
