"""`/api/v1/search/`."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import ResourceViewSet
from search.actions.searching import MOST, SIZE, search
from search.api.serializers import FoundSerializer
from search.facets import FILTERS
from search.models import Document

_HELP = {
    "q": 'Words, "phrases", -not, OR, prefix*, and fields: handle: type: case: status: platform: lang: date: source: '
    "by: name: exact:",
    "cursor": "`next` of the page before.",
    "page_size": f"1 to {MOST}; {SIZE} unless said otherwise.",
} | {name: f"As {name}: in the query; what a value of a facet asks for." for name in FILTERS.values()}


class SearchViewSet(ResourceViewSet):
    """Everything that the token's owner may find, in all their cases."""

    model = Document
    serializer_class = FoundSerializer
    http_method_names = ["get", "head"]

    def query_parameters(self) -> set[str]:
        return set(_HELP)

    @extend_schema(
        parameters=[OpenApiParameter(name, OpenApiTypes.STR, description=text) for name, text in _HELP.items()],
        responses=FoundSerializer,
        operation_id="search",
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = request.query_params
        found = search(
            actor=request.user,
            query=asked.get("q", ""),
            filters={name: asked.get(name, "") for name in FILTERS.values()},
            cursor=asked.get("cursor", ""),
            size=self.page_size() if "page_size" in asked else SIZE,
        )
        return Response(self.get_serializer(found).data)
