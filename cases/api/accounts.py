"""`/api/v1/cases/{ref}/accounts/` and `/observations/`."""

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import subject_lists, subjects
from cases.actions.accounts import (
    create_account,
    create_account_from_handle,
    record_observation,
    record_reuse_check,
    update_account,
)
from cases.actions.merges import merge, unmerge
from cases.api.account_serializers import (
    AccountCreate,
    AccountMerge,
    AccountSerializer,
    AccountUpdate,
    AsOfSerializer,
    HandlesSerializer,
    ObservationCreate,
    ObservationSerializer,
    ReuseCheck,
    SeenInput,
)
from cases.api.base import CaseScopedViewSet
from cases.api.strict import Reason
from cases.enums import AccountStatus, Platform
from cases.exceptions import InvalidInput
from cases.models import Account, Observation
from cases.permissions import Permission
from cases.status import (
    as_of,
    as_of_in_words,
    end_of_day,
    handle_of,
    in_order,
    renames,
    status_in_words,
    status_of,
)


class AccountFilters(django_filters.FilterSet):
    platform = django_filters.ChoiceFilter(choices=Platform.choices)
    platform_user_id = django_filters.CharFilter()
    merged = django_filters.BooleanFilter(field_name="merged_into", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Account
        fields: list[str] = []


class AccountViewSet(CaseScopedViewSet):
    """Accounts by the platform's own id. They are edited and merged, and never deleted."""

    model = Account
    serializer_class = AccountSerializer
    filterset_class = AccountFilters
    write_serializers = {
        "create": AccountCreate,
        "partial_update": AccountUpdate,
        "reuse_check": ReuseCheck,
        "merge": AccountMerge,
        "unmerge": Reason,
    }
    needs = {
        "create": Permission.SUBJECT_WRITE,
        "partial_update": Permission.SUBJECT_WRITE,
        "reuse_check": Permission.SUBJECT_WRITE,
        "merge": Permission.SUBJECT_MERGE,
        "unmerge": Permission.SUBJECT_MERGE,
    }
    default_order = "created_at"
    orderings = {"created_at": "created_at", "platform": "platform"}

    def narrow(self, rows: QuerySet[Account]) -> QuerySet[Account]:
        return rows.select_related("created_by", "handle_reuse_checked_by", "merged_by")

    def query_parameters(self) -> set[str]:
        extra = {"list": {"status", "as_of", "search"}, "status_as_of": {"as_of"}}
        return super().query_parameters() | extra.get(self.action, set())

    @extend_schema(
        parameters=[
            OpenApiParameter("search", str, description="A handle ever seen, an address, a name or a platform id."),
            OpenApiParameter("status", str, enum=AccountStatus.values, description="As of `as_of`."),
            OpenApiParameter("as_of", date, description="The end of this day in UTC; now if left out."),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = request.query_params
        status = asked.get("status", "")
        if status and status not in AccountStatus.values:
            raise InvalidInput("Choose one of the statuses.", field="status")
        day = self._day()
        found = subject_lists.accounts(
            request.user,
            self.case,
            moment=end_of_day(day) if day else timezone.now(),
            status=status,
            search=asked.get("search", ""),
            platform=asked.get("platform", "") if asked.get("platform", "") in Platform.values else "",
            merged=True,
        )
        return self.page(self._filtered(self.narrow(found)))

    def create(self, request: Request, ref: str) -> Response:
        data = self.validated()
        data["created_at_platform"] = (data.get("created_at_platform") or (None,))[0]
        seen, is_another = data.pop("seen", None), data.pop("is_another", False)
        if seen is None:
            data.setdefault("platform", "")
            return self.created(create_account(actor=request.user, case=self.case, **data))
        account, _ = create_account_from_handle(
            actor=request.user, case=self.case, seen=SeenInput.seen(seen), is_another=is_another, **data
        )
        return self.created(account)

    def partial_update(self, request: Request, ref: str, id: UUID) -> Response:
        expected, data = self.expected_version(), self.validated()
        if "created_at_platform" in data:
            data["created_at_platform"] = (data["created_at_platform"] or (None,))[0]
        account = self.get_object()
        return self.respond(update_account(actor=request.user, account=account, expected_version=expected, **data))

    @action(detail=True, methods=["post"], url_path="reuse-check")
    def reuse_check(self, request: Request, ref: str, id: UUID) -> Response:
        """Sign that other holders of the handles were looked for."""
        note = self.validated()["note"]
        return self.respond(record_reuse_check(actor=request.user, account=self.get_object(), note=note))

    @action(detail=True, methods=["post"])
    def merge(self, request: Request, ref: str, id: UUID) -> Response:
        """Make this account point to another one that is the same."""
        return self.respond(merge(actor=request.user, duplicate=self.get_object(), **self.validated()))

    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, ref: str, id: UUID) -> Response:
        """Undo a merge."""
        return self.respond(unmerge(actor=request.user, duplicate=self.get_object(), **self.validated()))

    @extend_schema(
        parameters=[OpenApiParameter("as_of", date, description="The end of this day in UTC; today if left out.")],
        responses=AsOfSerializer,
    )
    @action(detail=True, methods=["get"], url_path="status-as-of")
    def status_as_of(self, request: Request, ref: str, id: UUID) -> Response:
        """What the account was, as last seen by the end of a day."""
        day = self._day() or timezone.now().date()
        seen = in_order(subjects.observations_of(self.get_object()))
        moment = end_of_day(day)
        then = as_of(seen, moment)
        return Response(
            {
                "as_of": day,
                "interval": status_in_words(seen),
                "in_words": as_of_in_words(then),
                "status": _answer(then, status_of),
                "handle": _answer(as_of(seen, moment, handle_of), lambda s: s.handle),
                "display_name": _answer(as_of(seen, moment, _name_of), _name_of),
            }
        )

    @extend_schema(responses=HandlesSerializer)
    @action(detail=True, methods=["get"])
    def handles(self, request: Request, ref: str, id: UUID) -> Response:
        """Renames, and handles shared with other accounts."""
        account = self.get_object()
        seen = in_order(subjects.observations_of(account))
        shared = subjects.recycled_with(account, seen)
        return Response(
            {
                "renames": [{"old": r.old, "new": r.new, "after": r.after.pk, "by": r.by.pk} for r in renames(seen)],
                "shared": [_shared(pair) for pair in shared],
            }
        )

    def _day(self) -> date | None:
        text = self.request.query_params.get("as_of", "")
        if not text:
            return None
        field = serializers.DateField()
        try:
            day = field.to_internal_value(text)
        except serializers.ValidationError as error:
            raise InvalidInput("Write the day as 2024-05-16.", field="as_of") from error
        if not 1990 <= day.year <= 2100:
            raise InvalidInput("Choose a day between 1990 and 2100.", field="as_of")
        return day

    def _filtered(self, rows: QuerySet[Account]) -> QuerySet[Account]:
        filterset = self.filterset_class(self.request.query_params, queryset=rows, request=self.request)
        if not filterset.is_valid():
            raise serializers.ValidationError(filterset.errors)
        return filterset.qs


class ObservationFilters(django_filters.FilterSet):
    account = django_filters.UUIDFilter(field_name="account_id")
    status = django_filters.ChoiceFilter(choices=AccountStatus.choices)
    evidence_item = django_filters.UUIDFilter()

    class Meta:
        model = Observation
        fields: list[str] = []


class ObservationViewSet(CaseScopedViewSet):
    """Observations are recorded and read; there is no way to change or delete one."""

    model = Observation
    serializer_class = ObservationSerializer
    filterset_class = ObservationFilters
    write_serializers = {"create": ObservationCreate}
    needs = {"create": Permission.SUBJECT_WRITE}
    default_order = "observed_at"
    orderings = {"observed_at": "observed_at", "recorded_at": "recorded_at"}
    http_method_names = ["get", "post", "head"]

    def narrow(self, rows: QuerySet[Observation]) -> QuerySet[Observation]:
        return rows.select_related("recorded_by")

    def create(self, request: Request, ref: str) -> Response:
        data = self.validated()
        account = data.pop("account")
        return self.created(record_observation(actor=request.user, account=account, seen=SeenInput.seen(data)))


def _name_of(seen: Observation) -> str:
    return seen.display_name


def _answer(answer, shown) -> dict[str, Any]:
    last, following = answer.last, answer.next
    return {
        "value": shown(last) if last else "",
        "last_seen": last.observed_at if last else None,
        "last_precision": last.observed_precision if last else None,
        "next_value": shown(following) if following else "",
        "next_seen": following.observed_at if following else None,
        "next_precision": following.observed_precision if following else None,
        "observation": last.pk if last else None,
    }


def _shared(pair) -> dict[str, Any]:
    overlap = pair.overlap
    return {
        "handle_key": pair.key,
        "earlier": pair.earlier,
        "later": pair.later,
        "overlap_start": overlap.start if overlap else None,
        "overlap_end": overlap.end if overlap else None,
    }
