"""The root of the API and its own description."""

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from caseapp.missing_steps import StepsDone


class RootSerializer(serializers.Serializer):
    """Where to go from here."""

    cases = serializers.URLField()
    search = serializers.URLField()
    tokens = serializers.URLField()
    schema = serializers.URLField()


class RootView(APIView):
    """The entry points; everything of a case stands under its own address."""

    http_method_names = ["get", "head"]

    @extend_schema(responses=RootSerializer, operation_id="root_retrieve")
    def get(self, request: Request) -> Response:
        names = {"cases": "case-list", "search": "search-list", "tokens": "token-list", "schema": "schema"}
        return Response({word: reverse(name, request=request) for word, name in names.items()})


class SchemaView(SpectacularAPIView):
    """OpenAPI 3 of everything under /api/v1/, for staff (ATTACKS A15); others read docs/openapi.yaml."""

    http_method_names = ["get", "head"]
    # The library's own default lets everybody in.
    permission_classes = [IsAdminUser, StepsDone]
