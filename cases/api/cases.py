"""`/api/v1/cases/`."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import permissions, queries
from cases.actions.cases import create_case, transfer_lead, update_case
from cases.actions.policies import set_case_policy
from cases.api.base import ResourceViewSet, all_rows
from cases.api.strict import StrictSerializer
from cases.enums import LikelihoodScale, Policy, Tlp
from cases.models import Case, CasePolicy
from cases.permissions import Permission
from cases.policies import NAMES


class CaseSerializer(serializers.ModelSerializer):
    """A case as its members see it."""

    lead = serializers.SlugRelatedField(slug_field="username", read_only=True)
    your_roles = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "ref",
            "title",
            "scope",
            "tlp",
            "status",
            "likelihood_scale",
            "policy",
            "lead",
            "your_roles",
            "created_at",
            "version",
        ]
        read_only_fields = fields

    def get_your_roles(self, case: Case) -> list[str]:
        """Roles come with the page of cases in one query; a single case asks for its own."""
        user = self.context["request"].user
        if "memberships" in getattr(case, "_prefetched_objects_cache", {}):
            return sorted(row.role for row in case.memberships.all() if row.user_id == user.pk)
        return sorted(queries.roles_of(user, case))


class CaseCreate(StrictSerializer):
    ref = serializers.CharField(max_length=40)
    title = serializers.CharField(max_length=200)
    scope = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    tlp = serializers.ChoiceField(Tlp.choices, required=False)
    likelihood_scale = serializers.ChoiceField(LikelihoodScale.choices, required=False)
    policy = serializers.ChoiceField(Policy.choices, required=False)


class CaseUpdate(StrictSerializer):
    title = serializers.CharField(max_length=200, required=False)
    scope = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    tlp = serializers.ChoiceField(Tlp.choices, required=False)
    likelihood_scale = serializers.ChoiceField(LikelihoodScale.choices, required=False)


class PolicySet(StrictSerializer):
    """What the gate asks of the case; a threshold that is not named is the house's."""

    level = serializers.ChoiceField(Policy.choices, required=False)
    fixity_days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=3650)
    role_months = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1200)
    reply_hours = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=8760)
    reason = serializers.CharField(max_length=2000)


class PolicySerializer(serializers.ModelSerializer):
    """One setting of the gate for a case, with who set it and why; null is the house's."""

    set_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = CasePolicy
        fields = ["id", "level", *NAMES, "reason", "set_by", "set_at"]
        read_only_fields = fields


class TransferLead(StrictSerializer):
    user = serializers.CharField(max_length=254, help_text="The exact username or e-mail address of an editor.")


class CaseViewSet(ResourceViewSet):
    """Cases one is a member of; all others do not exist."""

    model = Case
    serializer_class = CaseSerializer
    write_serializers = {
        "create": CaseCreate,
        "partial_update": CaseUpdate,
        "transfer_lead": TransferLead,
        "set_policy": PolicySet,
    }
    lookup_field = "ref"
    lookup_value_converter = "slug"
    default_order = "ref"
    orderings = {"ref": "ref", "title": "title", "created_at": "created_at"}
    search_fields = ("ref", "title")

    def visible(self) -> QuerySet[Case]:
        return queries.cases_of(self.request.user)

    def check_access(self) -> None:
        super().check_access()
        if self.action == "create":
            permissions.check_create_case(self.request.user)
        elif self.action in ("partial_update", "set_policy"):
            permissions.check(self.request.user, self.get_object(), Permission.CASE_EDIT)
        elif self.action == "transfer_lead":
            permissions.check(self.request.user, self.get_object(), Permission.MEMBER_MANAGE)

    def create(self, request: Request) -> Response:
        return self.created(create_case(actor=request.user, **self.validated()))

    def partial_update(self, request: Request, ref: str) -> Response:
        expected = self.expected_version()
        case = self.get_object()
        return self.respond(update_case(actor=request.user, case=case, expected_version=expected, **self.validated()))

    @action(detail=True, methods=["post"], url_path="transfer-lead")
    def transfer_lead(self, request: Request, **kwargs: Any) -> Response:
        to = queries.find_user(self.validated()["user"])
        return self.respond(transfer_lead(actor=request.user, case=self.get_object(), to=to))

    @extend_schema(responses=PolicySerializer)
    @action(detail=True, methods=["post"], url_path="set-policy")
    def set_policy(self, request: Request, **kwargs: Any) -> Response:
        """Set what the editorial gate asks of the case, with the reason."""
        row = set_case_policy(actor=request.user, case=self.get_object(), **self.validated())
        return Response(PolicySerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=all_rows(PolicySerializer))
    @action(detail=True)
    def policies(self, request: Request, **kwargs: Any) -> Response:
        """What the gate asked of the case since when, oldest first."""
        rows = self.get_object().policies.select_related("set_by")
        return Response({"results": PolicySerializer(rows, many=True).data})
