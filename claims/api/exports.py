"""`/api/v1/cases/{ref}/exports/`: claims in the formats of the field."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet, all_rows
from claims.exports.formats import FORMATS
from claims.exports.material import Scope
from claims.models import Publication
from claims.serving import export_response

_MEDIA_TYPES = sorted({found.media_type.partition(";")[0] for found in FORMATS})
_CLAIMS = OpenApiParameter(
    "claims", enum=Scope.values, default=Scope.PUBLISHED, description="Published claims, or all that stand (EXPORT)."
)


def _written_as(media_type: str) -> OpenApiTypes:
    """One JSON value, or bytes."""
    return OpenApiTypes.ANY if media_type.endswith("json") else OpenApiTypes.BINARY


class FormatSerializer(serializers.Serializer):
    """One format: its name in the address, and what it is for."""

    name = serializers.CharField()
    label = serializers.CharField()
    purpose = serializers.CharField()
    media_type = serializers.CharField()


class ExportViewSet(CaseScopedViewSet):
    """Formats are listed and files taken; each file leaves its event."""

    model = Publication
    serializer_class = FormatSerializer
    http_method_names = ["get", "head"]
    lookup_field = "name"
    lookup_value_converter = "slug"

    @extend_schema(responses=all_rows(FormatSerializer))
    def list(self, request: Request, ref: str) -> Response:
        """The formats in which claims of this case can be taken; there are few, and all are listed."""
        return Response({"results": FormatSerializer(FORMATS, many=True).data})

    @extend_schema(parameters=[_CLAIMS], responses={(200, kind): _written_as(kind) for kind in _MEDIA_TYPES})
    def retrieve(self, request: Request, ref: str, name: str) -> HttpResponse:
        """One export as a file; each is on record. Published claims unless `claims=case`."""
        return export_response(request.user, self.case, name, request.query_params.get("claims", Scope.PUBLISHED))

    def query_parameters(self) -> set[str]:
        return {"claims"} if self.action == "retrieve" else set()
