"""`/api/v1/cases/{ref}/datasets|posts|follow-lists|analyses|...`: the same actions and queries as the pages."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet
from cases.api.strict import Nothing
from cases.permissions import Permission
from evidence.queries import get_item
from posts import exporting
from posts.actions import analyses
from posts.actions.following import Said, record_list
from posts.actions.importing import About, How, start_import
from posts.actions.reading import note_reading, note_reading_of_lists
from posts.actions.rereading import start_rereading
from posts.api.serializers import (
    AnalysisCreate,
    AnalysisSerializer,
    DatasetCreate,
    DatasetReread,
    DatasetSerializer,
    FollowEntrySerializer,
    FollowListCreate,
    FollowListSerializer,
    PostDetailSerializer,
    PostSerializer,
    RejectedSerializer,
)
from posts.filters import (
    AnalysisFilter,
    DatasetFilter,
    FollowEntryFilter,
    FollowListFilter,
    PostFilter,
    RejectedFilter,
)
from posts.formats.mapping import Mapping
from posts.listing import Narrowing, post_page, posts_of, readable_posts
from posts.models import Analysis, Dataset, FollowEntry, FollowList, Post, RejectedRecord
from posts.queries import (
    analyses_of,
    datasets_of,
    follow_entries_of,
    follow_lists_of,
    rejected_of,
    sightings_of,
    stale_ids,
)
from posts.questions import Question

READ = {"list": Permission.EVIDENCE_READ, "retrieve": Permission.EVIDENCE_READ}


class DatasetViewSet(CaseScopedViewSet):
    """Files of posts. One is made of an exhibit, by a job that `run` names."""

    model = Dataset
    serializer_class = DatasetSerializer
    http_method_names = ["get", "post", "head"]
    write_serializers = {"create": DatasetCreate, "read_again": DatasetReread}
    needs = READ | {"create": Permission.EVIDENCE_LOG, "read_again": Permission.EVIDENCE_LOG}
    filterset_class = DatasetFilter
    default_order = "number"
    orderings = {"number": "number"}

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Dataset.objects.none()
        return datasets_of(self.request.user, self.case)

    def create(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated()
        item = get_item(request.user, self.case.ref, values.pop("exhibit"))
        given = values.pop("mapping", None)
        named = ("format", "zone", "platform", "server", "encoding")
        how = How(
            **{name: values.pop(name) for name in named if name in values},
            mapping=Mapping.from_json(given) if given else None,
        )
        return self.created(start_import(actor=request.user, item=item, how=how, about=About(**values)))

    @extend_schema(responses={201: DatasetSerializer})
    @action(detail=True, methods=["post"], url_path="read-again")
    def read_again(self, request: Request, **kwargs: Any) -> Response:
        """Read the preserved file again by the present reader, in a job; the new dataset takes its place."""
        server = self.validated().get("server", "")
        return self.created(start_rereading(actor=request.user, dataset=self.get_object(), server=server))


class RejectedViewSet(CaseScopedViewSet):
    """Records that were read and not taken, each with its line and the reason."""

    model = RejectedRecord
    serializer_class = RejectedSerializer
    http_method_names = ["get", "head"]
    needs = READ
    filterset_class = RejectedFilter
    default_order = "pk"
    lookup_value_converter = "int"

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return RejectedRecord.objects.none()
        return rejected_of(self.request.user, self.case)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        rows = args[0] if args and kwargs.get("many") else [args[0]] if args else []
        if rows:
            note_reading(actor=self.request.user, case=self.case, among={row.dataset_id for row in rows})
        return super().get_serializer(*args, **kwargs)


class PostViewSet(CaseScopedViewSet):
    """Posts by time, those without one last."""

    model = Post
    serializer_class = PostSerializer
    http_method_names = ["get", "head"]
    needs = READ
    filterset_class = PostFilter
    default_order = "at"
    orderings = {"at": "at"}

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Post.objects.none()
        return readable_posts(self.request.user, self.case)

    def narrowed(self, rows: QuerySet) -> QuerySet:
        filterset = PostFilter(self.request.query_params, queryset=rows)
        if not filterset.is_valid():
            raise ValidationError(filterset.errors)
        return posts_of(self.request.user, self.case, Narrowing.of(self.request.query_params))

    def page(self, rows: QuerySet) -> Response:
        cursor = self.request.query_params.get("cursor", "")
        newest_first = self._order().startswith("-")
        one_pass = Narrowing.of(self.request.query_params).is_rare
        note_reading(actor=self.request.user, case=self.case, label=self.request.query_params.get("dataset", ""))
        page = post_page(rows, newest_first=newest_first, cursor=cursor, size=self.page_size(), one_pass=one_pass)
        return self.paged(page)

    def get_serializer_class(self) -> type:
        return PostDetailSerializer if self.action == "retrieve" else PostSerializer

    def represent(self, row: Post) -> dict[str, Any]:
        sightings = list(sightings_of(self.request.user, self.case, row))
        note_reading(actor=self.request.user, case=self.case, among=[one.dataset_id for one in sightings])
        return PostDetailSerializer(row, context={"sightings": sightings}).data


class FollowListViewSet(CaseScopedViewSet):
    """Whom accounts followed, or who followed them, as preserved files showed it on one day."""

    model = FollowList
    serializer_class = FollowListSerializer
    http_method_names = ["get", "post", "head"]
    write_serializers = {"create": FollowListCreate}
    needs = READ | {"create": Permission.EVIDENCE_LOG}
    filterset_class = FollowListFilter
    default_order = "number"
    orderings = {"number": "number"}

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return FollowList.objects.none()
        return follow_lists_of(self.request.user, self.case)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        rows = args[0] if args and kwargs.get("many") else [args[0]] if args else []
        if rows:
            note_reading_of_lists(actor=self.request.user, lists=rows)
        return super().get_serializer(*args, **kwargs)

    def create(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated()
        item = get_item(request.user, self.case.ref, values.pop("exhibit"))
        return self.created(record_list(actor=request.user, item=item, said=Said(**values)))


class FollowEntryViewSet(CaseScopedViewSet):
    """The accounts on follow lists, in the order of their files."""

    model = FollowEntry
    serializer_class = FollowEntrySerializer
    http_method_names = ["get", "head"]
    needs = READ
    filterset_class = FollowEntryFilter
    default_order = "pk"
    lookup_value_converter = "int"

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return FollowEntry.objects.none()
        return follow_entries_of(self.request.user, self.case).select_related("list__item__case")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        rows = args[0] if args and kwargs.get("many") else [args[0]] if args else []
        if rows:
            note_reading_of_lists(actor=self.request.user, lists={row.list for row in rows})
        return super().get_serializer(*args, **kwargs)


class AnalysisViewSet(CaseScopedViewSet):
    """Questions and answers. A long one is answered by the job that `run` names."""

    model = Analysis
    serializer_class = AnalysisSerializer
    http_method_names = ["get", "post", "head"]
    write_serializers = {"create": AnalysisCreate, "recompute": Nothing}
    needs = READ | {
        "create": Permission.EVIDENCE_LOG,
        "recompute": Permission.EVIDENCE_VERIFY,
        "network": Permission.EXPORT,
    }
    filterset_class = AnalysisFilter
    default_order = "-number"
    orderings = {"number": "number"}

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        """Outside the request's transaction: the answer goes to the store before its row is written."""
        return transaction.non_atomic_requests(super().as_view(*args, **kwargs))

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Analysis.objects.none()
        return analyses_of(self.request.user, self.case).prefetch_related("recomputations__made_by")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        rows = args[0] if args and kwargs.get("many") else [args[0]] if args else []
        serializer = super().get_serializer(*args, **kwargs)
        if rows:
            note_reading(actor=self.request.user, case=self.case, among={pk for row in rows for pk in row.datasets})
            lists = follow_lists_of(self.request.user, self.case).filter(
                pk__in={pk for row in rows for pk in row.lists}
            )
            note_reading_of_lists(actor=self.request.user, lists=lists)
        serializer.context["stale"] = stale_ids(self.case, rows) if rows else set()
        return serializer

    def create(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated()
        question = Question.of(values["method"], values.get("parameters", {}))
        made = analyses.ask_and_answer(
            actor=request.user,
            case=self.case,
            question=question,
            datasets=values.get("datasets", []),
            lists=values.get("lists", []),
        )
        return self.created(self.visible().get(pk=made.pk))

    @action(detail=True, methods=["post"])
    def recompute(self, request: Request, **kwargs: Any) -> Response:
        """Make it again: at once where it is quick, else in a job; `recomputations` says what came out."""
        analysis = self.get_object()
        if analyses.is_quick(analysis):
            analyses.recompute(actor=request.user, analysis=analysis)
        else:
            analyses.start_recomputing(actor=request.user, analysis=analysis)
        return self.respond(self.get_object())

    @extend_schema(
        parameters=[OpenApiParameter("as", str, enum=exporting.NETWORK_FILES, description="Which file.")],
        responses={(200, "application/xml"): OpenApiTypes.STR, (200, "text/csv"): OpenApiTypes.STR},
    )
    @action(detail=True, methods=["get"])
    def network(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        """The whole network of a co-sharing analysis as a file for other programs."""
        name = request.query_params.get("as", "graphml")
        return exporting.network_response(request.user, self.get_object(), name)

    def query_parameters(self) -> set[str]:
        return {"as"} if self.action == "network" else super().query_parameters()
