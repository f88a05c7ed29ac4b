"""What every resource of the API inherits: scope, strict input, versions, idempotency and pages."""

import re
from functools import cache, cached_property, partial
from typing import Any, ClassVar

from django.core.exceptions import RequestDataTooBig
from django.db.models import Model, Q, QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from cases import permissions, queries
from cases.api import idempotency
from cases.api.strict import StrictSerializer
from cases.enums import TokenScope
from cases.exceptions import InvalidInput, NotVisible, VersionMissing
from cases.models import Case
from cases.paging import DEFAULT_SIZE, MAX_SIZE, Page, keyset_page
from cases.permissions import Permission

MAX_SEARCH = 200
_ETAG = re.compile(r'"(\d{1,9})"')


class ResourceViewSet(GenericViewSet):
    """A resource whose rows come from `visible()` alone.

    `serializer_class` reads. `write_serializers` maps each changing action (create, partial_update, a named action) to
    what it takes. `orderings` maps the public name of an order to its field; `search_fields` and `filterset_class` are
    all that a client can search and filter by: any other query parameter is refused.
    """

    model: type[Model]
    http_method_names = ["get", "post", "patch", "delete", "head"]
    write_serializers: ClassVar[dict[str, type[StrictSerializer]]] = {}
    orderings: ClassVar[dict[str, str]] = {}
    default_order = "pk"
    search_fields: ClassVar[tuple[str, ...]] = ()
    filterset_class: type[FilterSet] | None = None
    filter_backends: ClassVar[list] = []
    pagination_class = None
    # Fields of an answer that are shown once and never kept, not even for a repeated delivery.
    secret_fields: ClassVar[tuple[str, ...]] = ()
    # Resources that write down what they refuse: their transaction is committed all the same.
    keeps_refusals = False
    # Bytes of JSON that are read into memory; files are streams and have limits of their own.
    longest_json = 2_621_440
    lookup_field = "id"
    lookup_value_converter = "uuid"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "queryset" in cls.__dict__:
            raise TypeError(f"{cls.__name__}: rows come from visible(), a queryset would pass by the access rules")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is None:
            return
        self.check_access()
        self._check_size(request)
        self._check_query(request)
        if request.method == "POST" and idempotency.HEADER in request.headers:
            handler = self.post
            self.post = lambda request, *args, **kwargs: idempotency.once(
                request,
                partial(handler, request, *args, **kwargs),
                forget=self.secret_fields,
                keep_refusals=self.keeps_refusals,
            )

    def check_access(self) -> None:
        """Refuse early, before any input is read; the actions check again under their lock."""
        if self.request.method in SAFE_METHODS:
            permissions.check_scope(self.request.user, TokenScope.READ)

    # --- rows

    def visible(self) -> QuerySet:
        """The rows that exist for this person."""
        return self.model.objects.visible_to(self.request.user)

    def get_queryset(self) -> QuerySet:
        return self.visible()

    def get_object(self) -> Model:
        try:
            return self.visible().get(**{self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]})
        except self.visible().model.DoesNotExist as error:
            raise NotVisible from error

    # --- answers

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.narrowed(self.visible()))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.respond(self.get_object())

    def page(self, rows: QuerySet) -> Response:
        """One page of `rows` in the order asked for; there is no count, which would tell of other people's rows."""
        query = self.request.query_params
        page = keyset_page(rows, order=self._order(), cursor=query.get("cursor", ""), size=self.page_size())
        return self.paged(page)

    def paged(self, page: Page) -> Response:
        """The answer to a page: its rows, and the address of the next one."""
        link = None
        if page.next:
            again = self.request.query_params.copy()
            again["cursor"] = page.next
            link = f"{self.request.build_absolute_uri(self.request.path)}?{again.urlencode()}"
        return Response({"results": self.get_serializer(page.rows, many=True).data, "next": link})

    def respond(self, row: Model, code: int = status.HTTP_200_OK) -> Response:
        """`row` as its readers see it, with its version as the ETag."""
        response = Response(self.represent(row), status=code)
        if (version := getattr(row, "version", None)) is not None:
            response["ETag"] = f'"{version}"'
        return response

    def created(self, row: Model) -> Response:
        return self.respond(row, status.HTTP_201_CREATED)

    def represent(self, row: Model) -> dict[str, Any]:
        return self.get_serializer(row).data

    # --- input

    def validated(self) -> dict[str, Any]:
        """The request's body as the write serializer of the running action takes it."""
        serializer = self.write_serializers[self.action](data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def expected_version(self) -> int:
        """The version in `If-Match: "<version>"`; raises VersionMissing when the client does not say."""
        header = self.request.headers.get("If-Match")
        if header is None:
            raise VersionMissing('Send the version you are editing as If-Match: "<version>", as its ETag gave it.')
        match = _ETAG.fullmatch(header.strip())
        if match is None:
            raise InvalidInput('If-Match must be one quoted version, such as "3".', field="If-Match")
        return int(match[1])

    def narrowed(self, rows: QuerySet) -> QuerySet:
        """`rows` filtered and searched by what the query asks for."""
        if self.filterset_class is not None:
            filterset = self.filterset_class(self.request.query_params, queryset=rows, request=self.request)
            if not filterset.is_valid():
                raise ValidationError(filterset.errors)
            rows = filterset.qs
        text = self.request.query_params.get("search", "").strip()
        if "\0" in text:
            raise InvalidInput("Search for text without null characters.", field="search")
        if len(text) > MAX_SEARCH:
            raise InvalidInput(f"Search for at most {MAX_SEARCH} characters.", field="search")
        if text:
            found = Q()
            for field in self.search_fields:
                found |= Q(**{f"{field}__icontains": text})
            rows = rows.filter(found)
        return rows

    def _order(self) -> str:
        asked = self.request.query_params.get("ordering")
        if asked is None:
            return self.default_order
        field = self.orderings.get(asked.removeprefix("-"))
        if field is None:
            raise InvalidInput(f"Order by one of: {', '.join(self.orderings)}.", field="ordering")
        return f"-{field}" if asked.startswith("-") else field

    def page_size(self) -> int:
        text = self.request.query_params.get("page_size", str(DEFAULT_SIZE))
        if not (text.isascii() and text.isdigit()) or int(text[:9]) < 1:
            raise InvalidInput(f"page_size is a number from 1 to {MAX_SIZE}.", field="page_size")
        return min(int(text[:9]), MAX_SIZE)

    def query_parameters(self) -> set[str]:
        """What the running action takes in its query."""
        if self.action != "list":
            return set()
        allowed = {"cursor", "page_size"}
        allowed |= {"ordering"} if self.orderings else set()
        allowed |= {"search"} if self.search_fields else set()
        return allowed | set(self.filterset_class.base_filters if self.filterset_class else ())

    def _check_size(self, request: Request) -> None:
        length = request.headers.get("Content-Length", "")
        is_json = request.content_type.partition(";")[0].strip() == "application/json"
        if is_json and length.isdecimal() and int(length) > self.longest_json:
            raise RequestDataTooBig

    def _check_query(self, request: Request) -> None:
        if unknown := sorted(set(request.query_params) - self.query_parameters()):
            raise ValidationError({name: ["Unknown query parameter."] for name in unknown})


class CaseScopedViewSet(ResourceViewSet):
    """Rows of one case: `/api/v1/cases/{ref}/<plural>/{id}/`.

    `model` is listed through `visible_to`; `narrow()` adds joins. `needs` names the permission of each action; reading
    asks for CASE_VIEW unless it says otherwise. A changing action without a line in `needs` fails.
    """

    needs: ClassVar[dict[str, Permission]] = {}

    @cached_property
    def case(self) -> Case:
        return queries.get_case(self.request.user, self.kwargs["ref"])

    def check_access(self) -> None:
        permission = self.needs.get(self.action)
        if permission is None:
            if self.request.method not in SAFE_METHODS:
                raise LookupError(f"{type(self).__name__}.needs has no line for {self.action}")
            permission = Permission.CASE_VIEW
        permissions.check(self.request.user, self.case, permission)

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        return self.narrow(self.model.objects.visible_to(self.request.user).filter(case=self.case))

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Joins and prefetches that the read serializer needs."""
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if not getattr(self, "swagger_fake_view", False):
            context["case"] = self.case
        return context


class ApiRouter(SimpleRouter):
    """Routes with path converters: `register("cases/<slug:ref>/accounts", AccountViewSet, basename="account")`."""

    def __init__(self) -> None:
        super().__init__(trailing_slash=True, use_regex_path=False)


@cache
def all_rows(row: type[serializers.Serializer]) -> serializers.Serializer:
    """The answer of an action that lists everything there is, for its description: {"results": [row, ...]}."""
    name = row.__name__.removesuffix("Serializer")
    return inline_serializer(f"All{name}", {"results": row(many=True)})


class ProblemSerializer(serializers.Serializer):
    """An RFC 9457 problem, for the schema."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.ListField(child=serializers.DictField(), required=False)
    current = serializers.DictField(required=False, help_text="What is stored now, when an edit came too late.")
