from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from audit.ids import uuid7
from cases.enums import CaseStatus, LikelihoodScale, Policy, Role, Tlp
from cases.querysets import CaseQuerySet, CaseScopedQuerySet

REF_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9-]{1,39}$"


class Case(models.Model):
    """One investigation: the wall that membership opens and nothing else does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ref = models.CharField(
        max_length=40,
        unique=True,
        validators=[RegexValidator(REF_PATTERN, "Use 2 to 40 letters, digits and hyphens, e.g. NC-2024.")],
    )
    title = models.CharField(max_length=200)
    scope = models.TextField(blank=True, help_text="What is investigated, and what is not.")
    tlp = models.CharField(max_length=20, choices=Tlp, default=Tlp.AMBER)
    status = models.CharField(max_length=20, choices=CaseStatus, default=CaseStatus.OPEN)
    likelihood_scale = models.CharField(max_length=20, choices=LikelihoodScale, default=LikelihoodScale.ICD203_ROW1)
    policy = models.CharField(max_length=20, choices=Policy, default=Policy.STANDARD)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    # Counters are advanced under the row's lock, so numbers have no gap and no twin.
    last_exhibit = models.PositiveIntegerField(default=0, editable=False)
    last_claim = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["ref"]
        constraints = [
            models.UniqueConstraint(Upper("ref"), name="case_ref_once_in_any_case"),
            models.CheckConstraint(condition=Q(policy__in=["standard", "strict"]), name="case_policy_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Membership(models.Model):
    """One role of one person in one case; ended rather than deleted, so that history stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["role", "added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user", "role"], condition=Q(ended_at__isnull=True), name="membership_once_per_role"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="membership_end_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role} in {self.case.ref}"
