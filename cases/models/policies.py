from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from audit.ids import uuid7
from cases.enums import Policy
from cases.models.cases import Case
from cases.querysets import CaseScopedQuerySet


def _number(most: int, help_text: str) -> models.PositiveIntegerField:
    bounds = [MinValueValidator(1), MaxValueValidator(most)]
    return models.PositiveIntegerField(null=True, blank=True, validators=bounds, help_text=help_text)


class PolicyChange(models.Model):
    """What the editorial gate asks for from one moment on; append-only, the newest row counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    level = models.CharField(max_length=20, choices=Policy, blank=True)
    fixity_days = _number(3650, "A fixity check is at most so many days old (G-03).")
    role_months = _number(1200, "Evidence of a role is at most so many months older than the conduct (G-22).")
    reply_hours = _number(8760, "Whoever is accused has at least so many hours to answer (G-50).")
    reason = models.TextField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class CasePolicy(PolicyChange):
    """The policy of one case; a threshold that it does not name is the house's."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="policies")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["set_at", "id"]
        verbose_name_plural = "case policies"

    def __str__(self) -> str:
        return f"policy of {self.case.ref} since {self.set_at:%Y-%m-%d}"


class HousePolicy(PolicyChange):
    """The defaults of the whole installation, set by its operator (no `set_by`) or by an administrator."""

    class Meta:
        ordering = ["set_at", "id"]
        verbose_name_plural = "house policies"

    def __str__(self) -> str:
        return f"policy of the house since {self.set_at:%Y-%m-%d}"
