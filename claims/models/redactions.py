from django.conf import settings
from django.db import models

from audit.ids import uuid7
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from claims.enums import RedactionKind
from claims.models.publications import Publication


class Commitment(models.Model):
    """The secret from which the salts of a publication are made, and the root that the log holds; append-only.

    The secret never leaves the house: with it a reader could try out what a redacted dossier withholds.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="commitment")
    secret = models.BinaryField()
    root = models.CharField(max_length=64)

    objects = CaseScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"commitment to {self.publication}"


class Redaction(models.Model):
    """A dossier of a publication in which something is withheld; append-only.

    `hidden` names places, never words: by the JSON pointer of each leaf the numbers of the pieces that are withheld.
    `pseudonyms` says, in the same way, what stands in the place of some of them: a pseudonym, or nothing at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="redactions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=RedactionKind)
    reason = models.TextField()
    hidden = models.JSONField()
    pseudonyms = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="redaction_number_once_per_publication")
        ]

    def __str__(self) -> str:
        return f"redaction {self.number} of {self.publication}"
