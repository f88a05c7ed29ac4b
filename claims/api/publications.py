"""`/api/v1/cases/{ref}/publications/`, `/api/v1/cases/{ref}/chains/` and `/api/v1/cases/{ref}/gate-exceptions/`."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet, all_rows
from cases.exceptions import NotVisible
from cases.permissions import Permission
from claims import queries
from claims.actions.publications import publish
from claims.actions.redactions import redact
from claims.api import gate_serializers as gate_shapes
from claims.api import inputs
from claims.api import serializers as shapes
from claims.chains import chain_page
from claims.models import ClaimVersion, GateException, Publication
from claims.serving import dossier_response

_REDACTION = OpenApiParameter(
    "redaction", int, description="The number of a redaction; 0 is the whole dossier, for those who may publish."
)


# A refusal of the gate is kept as evidence; publishing is one transaction of its own.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PublicationViewSet(CaseScopedViewSet):
    """Publications are made and read, never changed."""

    keeps_refusals = True
    model = Publication
    serializer_class = shapes.PublicationSerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    default_order = "number"
    orderings = {"number": "number"}
    write_serializers = {"create": inputs.PublicationCreate, "redact": inputs.RedactionCreate}
    needs = {"create": Permission.CLAIM_PUBLISH, "redact": Permission.CLAIM_PUBLISH}

    def narrow(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        return rows.select_related("published_by").defer("snapshot")

    def create(self, request: Request, ref: str) -> Response:
        data = self.validated()
        versions = self._newest(data["claims"])
        frame = {name: data[name] for name in ("title", "note", "language") if name in data}
        publication = publish(actor=request.user, case=self.case, versions=versions, **frame)
        return self.created(publication)

    @extend_schema(parameters=[_REDACTION], responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True)
    def dossier(self, request: Request, ref: str, number: int) -> HttpResponse:
        """The dossier as a zip file that proves itself offline; each download is on record.

        The newest redaction where there is one, unless `redaction` names another.
        """
        return dossier_response(request.user, self.get_object(), request.query_params.get("redaction"))

    @extend_schema(responses=all_rows(shapes.RedactionSerializer))
    @action(detail=True)
    def redactions(self, request: Request, ref: str, number: int) -> Response:
        """The redacted dossiers of a publication; all are listed."""
        made = self.get_object().redactions.select_related("made_by")
        return Response({"results": shapes.RedactionSerializer(made, many=True).data})

    @extend_schema(request=inputs.RedactionCreate, responses={201: shapes.RedactionSerializer})
    @redactions.mapping.post
    def redact(self, request: Request, ref: str, number: int) -> Response:
        """Withhold passages in a further dossier of the publication; what earlier ones withhold stays withheld."""
        data = self.validated()
        made = redact(actor=request.user, publication=self.get_object(), **data)
        return Response(shapes.RedactionSerializer(made).data, status=status.HTTP_201_CREATED)

    def query_parameters(self) -> set[str]:
        return {"redaction"} if self.action == "dossier" else super().query_parameters()

    def _newest(self, numbers: list[int]) -> list[ClaimVersion]:
        found = queries.versions_of(self.request.user, self.case).filter(claim__number__in=numbers)
        versions = {version.claim.number: version for version in found}
        if missing := [number for number in numbers if number not in versions]:
            raise NotVisible(f"There is no claim C-{missing[0]}.")
        return [versions[number] for number in dict.fromkeys(numbers)]


class ChainViewSet(CaseScopedViewSet):
    """Account → person → role, each with the certainty of its weakest link."""

    model = ClaimVersion
    serializer_class = shapes.ChainSerializer
    http_method_names = ["get", "head"]

    def list(self, request: Request, ref: str) -> Response:
        """Account → person → role, each with the certainty of its weakest link, in the order of the claims' numbers."""
        cursor = request.query_params.get("cursor", "")
        return self.paged(chain_page(self.case, cursor=cursor, size=self.page_size()))


class ExceptionViewSet(CaseScopedViewSet):
    """What editors let stand of the gate's warnings; each is granted on its claim."""

    model = GateException
    serializer_class = gate_shapes.ExceptionSerializer
    http_method_names = ["get", "head"]
    default_order = "decided_at"
    orderings = {"decided_at": "decided_at"}

    def visible(self) -> QuerySet[GateException]:
        if getattr(self, "swagger_fake_view", False):
            return GateException.objects.none()
        return queries.exceptions_of(self.request.user, self.case)
