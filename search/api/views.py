"""`/api/v1/search/`, and in a case `alike/` and `likenesses/`."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet, ResourceViewSet, all_rows
from cases.api.strict import Nothing
from cases.exceptions import InvalidInput, NotVisible
from cases.permissions import Permission
from cases.subjects import NOT_IN_CASE, Subject
from search.actions.deciding import decide
from search.actions.saving import delete_search, look, save_search
from search.actions.searching import MOST, SIZE, search
from search.api.serializers import (
    AlikeSerializer,
    FoundSerializer,
    LikenessCreate,
    LikenessSerializer,
    SavedSearchCreate,
    SavedSearchSerializer,
)
from search.facets import FILTERS
from search.likeness import OTHERS, alike, alike_named, get_subject
from search.models import Document, Likeness, SavedSearch

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


_ASKED = {
    "kind": f"Of the entry: {', '.join(OTHERS)}.",
    "id": "An entry of the case; those that may be the same, and those about which somebody decided.",
    "name": "Instead of id: a name or @handle; whoever in the case may be called so.",
}


class AlikeViewSet(CaseScopedViewSet):
    """Entries of a case that may be one and the same, in any spelling or script."""

    model = Document
    serializer_class = AlikeSerializer
    http_method_names = ["get", "head"]

    def query_parameters(self) -> set[str]:
        return set(_ASKED)

    @extend_schema(
        parameters=[OpenApiParameter(name, OpenApiTypes.STR, description=text) for name, text in _ASKED.items()],
        responses=all_rows(AlikeSerializer),
        operation_id="alike_list",
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = request.query_params
        kind, name, row = asked.get("kind", ""), asked.get("name", ""), asked.get("id", "")
        if bool(name) == bool(row):
            raise InvalidInput("Ask by id or by name.", field="id")
        if name:
            found = alike_named(request.user, self.case, kind, name)
        else:
            found = alike(request.user, self._subject(kind, row))
        return Response({"results": self.get_serializer(found, many=True).data})

    def _subject(self, kind: str, row: str) -> Subject:
        try:
            return get_subject(self.request.user, self.case, kind, UUID(row))
        except ValueError as error:
            raise NotVisible from error


class LikenessViewSet(CaseScopedViewSet):
    """What people decided about entries that may be one; nothing is merged by it, and nothing of it changes."""

    model = Likeness
    serializer_class = LikenessSerializer
    http_method_names = ["get", "post", "head"]
    write_serializers = {"create": LikenessCreate}
    needs = {"create": Permission.SUBJECT_WRITE}

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("decided_by")

    def create(self, request: Request, ref: str) -> Response:
        data = self.validated()
        subject, other = (self._named(data, side) for side in ("subject", "other"))
        row = decide(actor=request.user, subject=subject, other=other, verdict=data["verdict"], note=data["note"])
        return self.created(row)

    def _named(self, data: dict[str, Any], side: str) -> Subject:
        """Raises InvalidInput alike for foreign ids and for ids that nobody ever used."""
        try:
            return get_subject(self.request.user, self.case, data[f"{side}_kind"], data[side])
        except NotVisible as error:
            raise InvalidInput(NOT_IN_CASE, field=side) from error


class SavedSearchViewSet(ResourceViewSet):
    """One's own saved searches, with what is new among their hits."""

    model = SavedSearch
    serializer_class = SavedSearchSerializer
    http_method_names = ["get", "post", "delete", "head"]
    write_serializers = {"create": SavedSearchCreate, "look": Nothing}
    default_order = "name"

    def create(self, request: Request) -> Response:
        return self.created(save_search(actor=request.user, **self.validated()))

    def destroy(self, request: Request, id: UUID) -> Response:
        delete_search(actor=request.user, search_id=id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    def look(self, request: Request, id: UUID) -> Response:
        """Nothing of what it finds now is new any more."""
        self.validated()
        return self.respond(look(actor=request.user, search_id=id))
