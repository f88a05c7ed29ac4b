from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.ids import uuid7
from cases.models import Case, Person
from cases.querysets import CaseScopedQuerySet
from claims.enums import LawfulBasis, Retention, SpecialGround


class DataProtectionRecord(models.Model):
    """Why a case may hold and publish data about people (GDPR Art. 5, 6, 9, 10, 85); append-only.

    The newest one of the case speaks for everybody in it. One with a `person` says besides why the public has to know
    who that is, without which no private individual and no minor is named (G-60). PostgreSQL takes a row only with the
    `seal` of the application.
    """

    SEALED = (
        "id", "case_id", "person_id", "number", "purpose", "lawful_basis", "special_ground", "special_reasoning",
        "has_criminal_data", "public_interest", "written_by_id",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="data_protection_records")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="data_protection_records", null=True, blank=True
    )
    number = models.PositiveIntegerField()
    purpose = models.TextField()
    lawful_basis = models.CharField(max_length=24, choices=LawfulBasis)
    special_ground = models.CharField(max_length=24, choices=SpecialGround, blank=True)
    special_reasoning = models.TextField(blank=True)
    has_criminal_data = models.BooleanField()
    criminal_reasoning = models.TextField(blank=True)
    retention = models.CharField(max_length=12, choices=Retention)
    review_at = models.DateField()
    transparency = models.TextField()
    contact = models.CharField(max_length=300)
    public_interest = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64, blank=True, editable=False, default="")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="data_protection_number_once_per_case"),
            models.CheckConstraint(
                condition=Q(special_ground="") | ~Q(special_reasoning=""), name="special_ground_has_its_reasoning"
            ),
            models.CheckConstraint(
                condition=Q(has_criminal_data=False) | ~Q(criminal_reasoning=""), name="criminal_data_have_their_reason"
            ),
            models.CheckConstraint(
                condition=Q(person=None, public_interest="") | Q(person__isnull=False) & ~Q(public_interest=""),
                name="naming_a_person_has_its_public_interest",
            ),
        ]

    def __str__(self) -> str:
        return f"data-protection record {self.number} of {self.case}"


class Pseudonym(models.Model):
    """The letters under which publications of a case speak of a person whom they do not name; append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="pseudonym")
    number = models.PositiveIntegerField()
    given_at = models.DateTimeField(auto_now_add=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="pseudonym_once_per_case")]

    def __str__(self) -> str:
        return f"pseudonym {self.number} of {self.case}"
