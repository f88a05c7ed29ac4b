"""`/api/v1/cases/{ref}/events/`: the audit trail."""

import base64
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from audit.models import Event
from cases import audit_trail
from cases.api.base import CaseScopedViewSet
from cases.permissions import Permission


class EventSerializer(serializers.Serializer):
    """One entry of the log. `changes` is null where the reader may not see it, or it was erased by order."""

    event_id = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()
    actor = serializers.CharField()
    actor_name = serializers.CharField()
    action = serializers.CharField()
    object = serializers.CharField()
    object_seq = serializers.IntegerField()
    reason = serializers.CharField()
    evidence = serializers.ListField(child=serializers.CharField())
    place = serializers.IntegerField(allow_null=True, help_text="Index in the Merkle tree; null while it waits.")
    changes = serializers.DictField(allow_null=True)

    def to_representation(self, event: Event) -> dict[str, Any]:
        line = self.context["lines"][event.pk]
        shown = line.changes is not None and line.changes.shown and not line.changes.erased
        return {
            "event_id": str(event.event_id),
            "recorded_at": event.fields["recorded_at"],
            "actor": event.actor,
            "actor_name": line.who,
            "action": event.action,
            "object": event.object,
            "object_seq": event.object_seq,
            "reason": event.fields["reason"],
            "evidence": event.fields["evidence"],
            "place": event.place,
            "changes": {row.name: [row.before, row.after] for row in line.changes.fields} if shown else None,
        }


class ProofSerializer(serializers.Serializer):
    """What `audit/offline.py` needs to verify one entry alone; bytes are base64."""

    event_id = serializers.UUIDField()
    index = serializers.IntegerField()
    size = serializers.IntegerField()
    files = serializers.DictField(child=serializers.CharField())


class EventFilters(django_filters.FilterSet):
    action = django_filters.CharFilter(field_name="action")
    actor = django_filters.CharFilter(field_name="actor")
    object = django_filters.CharFilter(field_name="object")
    since = django_filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="lt")

    class Meta:
        model = Event
        fields: list[str] = []


class EventViewSet(CaseScopedViewSet):
    """Everything that was done in the case, newest first."""

    model = Event
    serializer_class = EventSerializer
    filterset_class = EventFilters
    needs = {"list": Permission.AUDIT_VIEW, "retrieve": Permission.AUDIT_VIEW, "proof": Permission.AUDIT_VIEW}
    default_order = "-pk"
    lookup_field = "event_id"

    def visible(self) -> QuerySet[Event]:
        if getattr(self, "swagger_fake_view", False):
            return Event.objects.none()
        return audit_trail.events_of(self.request.user, self.case)

    def get_serializer(self, events: Any = None, **kwargs: Any) -> EventSerializer:
        context = kwargs.pop("context", None) or self.get_serializer_context()
        if events is not None:
            rows = events if kwargs.get("many") else [events]
            lines = audit_trail.lines(self.request.user, self.case, rows)
            context["lines"] = {line.event.pk: line for line in lines}
        return EventSerializer(events, context=context, **kwargs)

    @extend_schema(responses=ProofSerializer)
    @action(detail=True, methods=["get"])
    def proof(self, request: Request, ref: str, event_id: UUID) -> Response:
        proof = audit_trail.proof_of(request.user, self.case, self.get_object())
        files = {name: base64.b64encode(content).decode() for name, content in proof.files().items()}
        files["checkpoint"] = base64.b64encode(proof.checkpoint).decode()
        return Response({"event_id": proof.event_id, "index": proof.index, "size": proof.size, "files": files})
