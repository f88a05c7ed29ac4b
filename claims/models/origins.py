from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from claims.enums import OriginHintKind
from evidence.models import Source


class OriginHint(models.Model):
    """Why two sources of a case may be one origin, as the last look found; where one names the other, it is `first`.

    Made anew by each look and never evidence: what editors decide stands in the sources' origin changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=OriginHintKind)
    words = models.TextField()
    exhibits = ArrayField(models.PositiveIntegerField(), help_text="Numbers of those whose text `words` repeats.")
    found_at = models.DateTimeField()

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["first__name", "second__name", "id"]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}: {self.kind}"
