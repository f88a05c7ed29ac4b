from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from search.enums import Verdict

KINDS = [(kind, kind) for kind in ("account", "organisation", "person")]


class Likeness(models.Model):
    """One decision of a person about two subjects of a case that may be one; append-only, the newest of a pair holds.

    The smaller id stands on the left, so that a pair has one form. `why` is the explanation that was shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="likenesses")
    left_kind = models.CharField(max_length=12, choices=KINDS)
    left_id = models.UUIDField()
    right_kind = models.CharField(max_length=12, choices=KINDS)
    right_id = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    note = models.TextField()
    why = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-id"]
        verbose_name_plural = "likenesses"
        constraints = [
            models.CheckConstraint(condition=Q(left_id__lt=F("right_id")), name="likeness_has_one_form"),
        ]
        indexes = [
            models.Index(fields=["case", "left_id"], name="likeness_by_left"),
            models.Index(fields=["case", "right_id"], name="likeness_by_right"),
        ]

    def __str__(self) -> str:
        return f"{self.left_kind} {self.left_id} and {self.right_kind} {self.right_id}: {self.verdict}"
