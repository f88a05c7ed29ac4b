"""How the resources of the API describe themselves in OpenAPI."""

from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from cases.api.base import ProblemSerializer, ResourceViewSet
from cases.paging import MAX_SIZE


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the schema how tokens are sent."""

    target_class = "cases.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "bearerFormat": "ca_..."}


class SessionScheme(OpenApiAuthenticationExtension):
    """Names the cookie as production does: its name elsewhere carries the port, which is nobody's contract."""

    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "session"
    priority = 1

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": "__Host-session"}


class OfModelExtension(OpenApiSerializerFieldExtension):
    """Says of what is read that it may be empty, as its model field may: the library looks at what is written only."""

    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        found = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        column = _column(self.target)
        return self.allow_empty(found, column) if column is not None and self.target.read_only else found


class PersonExtension(OfModelExtension):
    target_class = "rest_framework.serializers.SlugRelatedField"

    def allow_empty(self, found, column):
        return found | {"nullable": True} if column.null else found


class ChoiceExtension(OfModelExtension):
    target_class = "rest_framework.serializers.ChoiceField"

    def allow_empty(self, found, column):
        return found | {"enum": [*found["enum"], ""]} if column.blank and "" not in found["enum"] else found


class AddressExtension(OfModelExtension):
    target_class = "rest_framework.serializers.URLField"

    def allow_empty(self, found, column):
        return {"oneOf": [found, {"type": "string", "enum": [""]}]} if column.blank else found


def _column(field):
    """The model field that a field of a ModelSerializer shows, or None."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    try:
        return model and model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return None


class ResourceSchema(AutoSchema):
    """Reads the declarations of `ResourceViewSet`: write serializers, orders, filters and headers."""

    def get_operation_id(self):
        found = super().get_operation_id()
        is_list = isinstance(self.view, ResourceViewSet) and self.view.action == "list"
        return f"{found.removesuffix('_retrieve')}_list" if is_list else found

    def get_request_serializer(self):
        if not isinstance(self.view, ResourceViewSet):
            return super().get_request_serializer()
        return self.view.write_serializers.get(self.view.action)

    def get_response_serializers(self):
        declared = super().get_response_serializers()
        if not isinstance(self.view, ResourceViewSet):
            return declared
        if isinstance(declared, dict):
            return declared | self._problems()
        row = self.view.get_serializer()
        if self.view.action == "list":
            return {200: self._page(row)} | self._problems()
        return {201 if self.view.action == "create" else 200: row} | self._problems()

    def _page(self, row):
        name = type(row).__name__.removesuffix("Serializer")
        return inline_serializer(
            f"{name}Page",
            {"results": type(row)(many=True), "next": serializers.URLField(allow_null=True)},
        )

    def _is_list_view(self, serializer=None) -> bool:
        if isinstance(self.view, ResourceViewSet):
            return False
        return super()._is_list_view(serializer)

    @staticmethod
    def _problems():
        problem = OpenApiResponse(ProblemSerializer, description="RFC 9457 problem document")
        return {(code, "application/problem+json"): problem for code in ("4XX",)}

    def get_override_parameters(self):
        view = self.view
        if not isinstance(view, ResourceViewSet):
            return []
        if self.method == "POST":
            text = "Repeated deliveries with the same key have one effect and one answer."
            return [OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=text)]
        if self.method == "PATCH":
            return [OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)]
        if view.action != "list":
            return []
        return [*self._list_parameters()]

    def _list_parameters(self):
        view = self.view
        yield OpenApiParameter("cursor", str)
        yield OpenApiParameter("page_size", int, description=f"At most {MAX_SIZE}.")
        if view.orderings:
            orders = [order for name in view.orderings for order in (name, f"-{name}")]
            yield OpenApiParameter("ordering", str, enum=orders)
        if view.search_fields:
            yield OpenApiParameter("search", str)
        for name, declared in (view.filterset_class.base_filters if view.filterset_class else {}).items():
            choices = [str(value) for value, _ in declared.extra.get("choices", ())] or None
            yield OpenApiParameter(name, str, enum=choices, description=str(declared.label or ""))
