"""`/api/v1/cases/{ref}/data-protection/`: why a case handles data about people (G-62)."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet
from cases.api.strict import RowInCase, StrictSerializer
from cases.models import Person
from cases.permissions import Permission
from claims.actions.data_protection import FIELDS, LONGEST, write_record
from claims.api.serializers import person
from claims.enums import LawfulBasis, Retention, SpecialGround
from claims.models import DataProtectionRecord


class DataProtectionSerializer(serializers.ModelSerializer):
    """One record; of a person, where it has one, else of everybody in the case."""

    written_by = person()

    class Meta:
        model = DataProtectionRecord
        fields = ["id", "number", "person", *FIELDS, "written_by", "written_at"]
        read_only_fields = fields


def _text(*, required: bool = False) -> serializers.CharField:
    return serializers.CharField(required=required, allow_blank=not required, max_length=LONGEST)


class DataProtectionInput(StrictSerializer):
    """The next record: the newest of a case, and of each person, holds."""

    person = RowInCase(Person, required=False, allow_null=True)
    public_interest, special_reasoning, criminal_reasoning = _text(), _text(), _text()
    purpose, transparency = _text(required=True), _text(required=True)
    contact = serializers.CharField(max_length=300)
    lawful_basis = serializers.ChoiceField(LawfulBasis.choices)
    special_ground = serializers.ChoiceField(SpecialGround.choices, required=False, allow_blank=True)
    has_criminal_data = serializers.BooleanField()
    retention = serializers.ChoiceField(Retention.choices)
    review_at = serializers.DateField()


class DataProtectionViewSet(CaseScopedViewSet):
    """Records are written and read, never changed."""

    model = DataProtectionRecord
    serializer_class = DataProtectionSerializer
    http_method_names = ["get", "post", "head"]
    default_order = "number"
    orderings = {"number": "number"}
    write_serializers = {"create": DataProtectionInput}
    needs = {"create": Permission.CLAIM_WRITE}

    def narrow(self, rows: QuerySet[DataProtectionRecord]) -> QuerySet[DataProtectionRecord]:
        return rows.select_related("written_by")

    def create(self, request: Request, ref: str) -> Response:
        return self.created(write_record(actor=request.user, case=self.case, **self.validated()))
