"""`/api/v1/cases/{ref}/repeats/`: which sources of a case may be one origin, as the last look found."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet
from cases.api.jobs import JobSerializer
from cases.api.strict import Nothing
from cases.paging import Page
from cases.permissions import Permission
from claims.actions.repeats import ask_for_origins
from claims.enums import OriginHintKind
from claims.models import OriginHint
from claims.repeats import decided, hints_of


class RepeatSerializer(serializers.Serializer):
    """Why two sources may be one origin, and what was decided; `first` is who names, where one names the other."""

    id = serializers.UUIDField(source="hint.pk")
    kind = serializers.ChoiceField(OriginHintKind.choices, source="hint.kind")
    first = serializers.UUIDField(source="hint.first_id")
    first_name = serializers.CharField(source="hint.first.name")
    second = serializers.UUIDField(source="hint.second_id")
    second_name = serializers.CharField(source="hint.second.name")
    words = serializers.CharField(source="hint.words")
    found_at = serializers.DateTimeField(source="hint.found_at")
    decision = serializers.ChoiceField(["", "one", "apart"])
    reason = serializers.CharField(source="decided.reason", default="")
    decided_at = serializers.DateTimeField(source="decided.changed_at", default=None)


class RepeatViewSet(CaseScopedViewSet):
    """Hints for an editor, who joins sources in one origin or keeps them apart under `sources`."""

    model = OriginHint
    serializer_class = RepeatSerializer
    http_method_names = ["get", "post", "head"]
    default_order = "first__name"
    orderings = {"first_name": "first__name", "kind": "kind"}
    write_serializers = {"look": Nothing}
    needs = {"look": Permission.JOB_MANAGE}

    def visible(self) -> QuerySet[OriginHint]:
        if getattr(self, "swagger_fake_view", False):
            return OriginHint.objects.none()
        return hints_of(self.request.user, self.case)

    def paged(self, page: Page) -> Response:
        return super().paged(replace(page, rows=decided(page.rows)))

    @extend_schema(responses={202: JobSerializer})
    @action(detail=False, methods=["post"])
    def look(self, request: Request, **kwargs: Any) -> Response:
        """Queue a look at all sources that every member may read; the answer is the job to watch under `jobs`."""
        self.validated()
        job = ask_for_origins(actor=request.user, case=self.case)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)
