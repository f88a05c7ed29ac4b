from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from cases.enums import NameKind, Script
from cases.models.cases import Case
from cases.models.organisations import Organisation
from cases.models.people import Person
from cases.querysets import CaseScopedQuerySet


class Name(models.Model):
    """One spelling of a person's or organisation's name, kept verbatim."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names", null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="names", null=True, blank=True
    )
    value = models.CharField(max_length=300)
    script = models.CharField(max_length=4, choices=Script, default=Script.LATIN)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47, e.g. az, ru, fr.")
    kind = models.CharField(max_length=20, choices=NameKind, default=NameKind.PRIMARY)

    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    end_reason = models.CharField(max_length=300, blank=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "value"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="name_of_exactly_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="name_end_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.value
