"""`/api/v1/cases/{ref}/jobs/`."""

from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions.job_runs import cancel_job, retry_job
from cases.api.base import CaseScopedViewSet
from cases.api.strict import Nothing
from cases.models import JobRun
from cases.permissions import Permission


class JobSerializer(serializers.ModelSerializer):
    """Queued work: what it is, how far it is, how it ended."""

    started_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    percent = serializers.IntegerField(read_only=True, allow_null=True, help_text="0 to 100; null while not known.")

    class Meta:
        model = JobRun
        fields = [
            "id",
            "task",
            "title",
            "state",
            "done",
            "total",
            "percent",
            "message",
            "cancel_requested",
            "attempts",
            "started_by",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields


class JobFilter(FilterSet):
    class Meta:
        model = JobRun
        fields = ["state", "task"]


class JobViewSet(CaseScopedViewSet):
    """Jobs of one case; they are started by what they serve, so there is no creating one here."""

    model = JobRun
    serializer_class = JobSerializer
    write_serializers = {"retry": Nothing, "cancel": Nothing}
    needs = {"retry": Permission.JOB_MANAGE, "cancel": Permission.JOB_MANAGE}
    filterset_class = JobFilter
    default_order = "-created_at"
    orderings = {"created_at": "created_at", "finished_at": "finished_at"}
    http_method_names = ["get", "post", "head"]

    def narrow(self, rows: QuerySet[JobRun]) -> QuerySet[JobRun]:
        return rows.select_related("started_by")

    @action(detail=True, methods=["post"])
    def retry(self, request: Request, **kwargs: Any) -> Response:
        self.validated()
        return self.respond(retry_job(actor=request.user, run_id=self.get_object().pk))

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        self.validated()
        return self.respond(cancel_job(actor=request.user, run_id=self.get_object().pk))
