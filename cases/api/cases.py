"""`/api/v1/cases/`."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import permissions, queries
from cases.actions.cases import create_case, transfer_lead, update_case
from cases.api.base import ResourceViewSet
from cases.api.strict import StrictSerializer
from cases.enums import LikelihoodScale, Policy, Tlp
from cases.models import Case
from cases.permissions import Permission


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
    policy = serializers.ChoiceField(Policy.choices, required=False)


class TransferLead(StrictSerializer):
    user = serializers.CharField(max_length=254, help_text="The exact username or e-mail address of an editor.")


class CaseViewSet(ResourceViewSet):
    """Cases one is a member of; all others do not exist."""

    model = Case
    serializer_class = CaseSerializer
    write_serializers = {"create": CaseCreate, "partial_update": CaseUpdate, "transfer_lead": TransferLead}
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
        elif self.action == "partial_update":
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
