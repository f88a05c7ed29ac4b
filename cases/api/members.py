"""`/api/v1/cases/{ref}/members/`."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import queries
from cases.actions.members import add_member, change_role, end_membership
from cases.api.base import CaseScopedViewSet
from cases.api.strict import Nothing, StrictSerializer
from cases.enums import Role
from cases.models import Membership
from cases.permissions import Permission


class MemberSerializer(serializers.ModelSerializer):
    """One open role of one person."""

    user = serializers.SlugRelatedField(slug_field="username", read_only=True)
    name = serializers.CharField(source="user.__str__", read_only=True)
    added_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "user", "name", "role", "added_at", "added_by", "ended_at"]
        read_only_fields = fields


class MemberCreate(StrictSerializer):
    user = serializers.CharField(max_length=254, help_text="The exact username or e-mail address.")
    role = serializers.ChoiceField(Role.choices)


class RoleChange(StrictSerializer):
    role = serializers.ChoiceField(Role.choices)


class MemberViewSet(CaseScopedViewSet):
    """Members are added, given another role, and ended; never deleted."""

    model = Membership
    serializer_class = MemberSerializer
    write_serializers = {"create": MemberCreate, "change_role": RoleChange, "end": Nothing}
    needs = {
        "create": Permission.MEMBER_MANAGE,
        "change_role": Permission.MEMBER_MANAGE,
        "end": Permission.MEMBER_MANAGE,
    }
    default_order = "added_at"
    orderings = {"added_at": "added_at", "role": "role"}

    def narrow(self, rows: QuerySet[Membership]) -> QuerySet[Membership]:
        return rows.filter(ended_at__isnull=True).select_related("user", "added_by")

    def create(self, request: Request, ref: str) -> Response:
        data = self.validated()
        user = queries.find_user(data["user"])
        return self.created(add_member(actor=request.user, case=self.case, user=user, role=data["role"]))

    @action(detail=True, methods=["post"], url_path="change-role")
    def change_role(self, request: Request, ref: str, id: UUID) -> Response:
        role = self.validated()["role"]
        return self.respond(change_role(actor=request.user, case=self.case, membership_id=id, role=role))

    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str, id: UUID) -> Response:
        self.validated()
        return self.respond(end_membership(actor=request.user, case=self.case, membership_id=id))
