from django.conf import settings
from django.db import models

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from evidence.enums import Reliability, SourceKind


class OriginGroup(models.Model):
    """Sources that go back to one origin count as one, however many repeat it (G-08)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="origin_groups")
    label = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Source(models.Model):
    """The originator of evidence: the letter rates whoever speaks, not the host that carries it.

    `origin_group` is null until an editor has looked: ungrouped sources of a case count together as
    ONE undetermined origin, because independence is never assumed. PostgreSQL keeps `reliability` and
    `origin_group` to what the newest SourceGrade and OriginChange say.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sources")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=SourceKind)
    owner = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    url = models.URLField(max_length=2000, blank=True)
    reliability = models.CharField(max_length=1, choices=Reliability, blank=True)
    origin_group = models.ForeignKey(
        OriginGroup, on_delete=models.PROTECT, related_name="sources", null=True, blank=True
    )
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="source_once_per_case")]

    def __str__(self) -> str:
        return self.name


class SourceGrade(models.Model):
    """One grading of a source by a named person with a rationale; append-only and sealed, the newest holds."""

    SEALED = ("id", "case_id", "source_id", "reliability", "graded_by_id", "rationale")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="grades")
    reliability = models.CharField(max_length=1, choices=Reliability)
    rationale = models.TextField()
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    graded_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-graded_at"]

    def __str__(self) -> str:
        return f"{self.source} {self.reliability}"


class OriginChange(models.Model):
    """One joining or splitting of a source's origin by a named editor with a reason; append-only and sealed."""

    SEALED = ("id", "case_id", "source_id", "from_group_id", "to_group_id", "changed_by_id", "reason")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="origin_changes")
    from_group = models.ForeignKey(OriginGroup, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    to_group = models.ForeignKey(OriginGroup, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.TextField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return f"{self.source}: {self.from_group} → {self.to_group}"
