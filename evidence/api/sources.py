"""`/api/v1/cases/{ref}/sources/` and `/origin-groups/`: who speaks, how reliable, and who of them is one voice."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet, all_rows
from cases.permissions import Permission
from evidence import queries
from evidence.actions import origin_groups, sources
from evidence.api.serializers import (
    EvidenceReason,
    GradeCreate,
    GradeSerializer,
    JoinSerializer,
    OriginGroupSerializer,
    SourceCreate,
    SourceSerializer,
    SourceUpdate,
    SplitSerializer,
)
from evidence.filters import SourceFilter
from evidence.models import OriginGroup, Source


class SourceViewSet(CaseScopedViewSet):
    """Sources of a case; the letter rates the originator, never the host."""

    model = Source
    serializer_class = SourceSerializer
    write_serializers = {
        "create": SourceCreate,
        "partial_update": SourceUpdate,
        "grades": GradeCreate,
        "split": SplitSerializer,
        "release": EvidenceReason,
    }
    needs = {
        "create": Permission.EVIDENCE_LOG,
        "partial_update": Permission.EVIDENCE_LOG,
        "split": Permission.ORIGIN_SPLIT,
        "release": Permission.ORIGIN_SPLIT,
    }
    filterset_class = SourceFilter
    search_fields = ("name", "owner", "url")
    default_order = "name"
    orderings = {"name": "name", "created_at": "created_at", "reliability": "reliability"}

    def check_access(self) -> None:
        self.needs = self.needs | (
            {"grades": Permission.SOURCE_GRADE} if self.request.method == "POST" else {"grades": Permission.CASE_VIEW}
        )
        super().check_access()

    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.created(sources.create_source(actor=request.user, case=self.case, **self.validated()))

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        version = self.expected_version()
        changes = self.validated()
        reason = changes.pop("reason", "")
        source = self.get_object()
        return self.respond(
            sources.change_source(actor=request.user, source=source, version=version, changes=changes, reason=reason)
        )

    @extend_schema(responses=all_rows(GradeSerializer), methods=["GET"])
    @extend_schema(responses=SourceSerializer, methods=["POST"])
    @action(detail=True, methods=["get", "post"])
    def grades(self, request: Request, **kwargs: Any) -> Response:
        """Every grading, the newest first; POST adds one."""
        source = self.get_object()
        if request.method == "POST":
            sources.grade_source(actor=request.user, source=source, **self.validated())
            return self.created(self.get_object())
        rows = source.grades.select_related("graded_by")
        return Response({"results": GradeSerializer(rows, many=True).data})

    @action(detail=True, methods=["post"])
    def split(self, request: Request, **kwargs: Any) -> Response:
        """Declare the source an origin of its own."""
        origin_groups.split_source(actor=request.user, source=self.get_object(), **self.validated())
        return self.respond(self.get_object())

    @action(detail=True, methods=["post"])
    def release(self, request: Request, **kwargs: Any) -> Response:
        """Make the source's origin undetermined again."""
        origin_groups.release_source(actor=request.user, source=self.get_object(), **self.validated())
        return self.respond(self.get_object())


class OriginGroupViewSet(CaseScopedViewSet):
    """Origins of a case. Sources that stand in none count together as one undetermined origin."""

    model = OriginGroup
    serializer_class = OriginGroupSerializer
    write_serializers = {"create": JoinSerializer}
    needs = {"create": Permission.ORIGIN_SPLIT}
    default_order = "label"

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return OriginGroup.objects.none()
        return queries.origin_groups_of(self.request.user, self.case)

    def create(self, request: Request, **kwargs: Any) -> Response:
        """Count sources as one origin, in `group` or in a new one."""
        values = self.validated()
        group = origin_groups.join_sources(actor=request.user, **values)
        return self.created(self.visible().get(pk=group.pk))
