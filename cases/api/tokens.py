"""`/api/v1/tokens/`: a person's own tokens. Made at the screen only, after a password or second factor was given."""

from uuid import UUID

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import permissions, queries
from cases.actions.tokens import create_token, revoke_token
from cases.api.base import ResourceViewSet
from cases.api.strict import Nothing, StrictSerializer
from cases.enums import TokenScope
from cases.exceptions import RecentSignInNeeded
from cases.models import ApiToken


class TokenSerializer(serializers.ModelSerializer):
    """A token without its secret."""

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
        read_only_fields = fields


class TokenCreate(StrictSerializer):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(TokenScope.choices), allow_empty=False, max_length=10)
    expires_at = serializers.DateTimeField(required=False)


class TokenViewSet(ResourceViewSet):
    """Tokens cannot make tokens; they can read and revoke those of their owner."""

    model = ApiToken
    serializer_class = TokenSerializer
    write_serializers = {"create": TokenCreate, "revoke": Nothing}
    default_order = "-created_at"
    secret_fields = ("secret",)

    def visible(self) -> QuerySet[ApiToken]:
        return queries.tokens_of(self.request.user)

    def check_access(self) -> None:
        if self.action == "create":
            permissions.check_signed_in(self.request.user)
            if not did_recently_reauthenticate(self.request._request):
                raise RecentSignInNeeded("Confirm who you are at /accounts/reauthenticate/ first.")
        elif self.action == "revoke":
            permissions.check_scope(self.request.user, TokenScope.MANAGE)
        else:
            super().check_access()

    def create(self, request: Request) -> Response:
        token, secret = create_token(actor=request.user, **self.validated())
        return Response(self.represent(token) | {"secret": secret}, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, id: UUID) -> Response:
        self.validated()
        return self.respond(revoke_token(actor=request.user, token_id=id))
