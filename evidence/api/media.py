"""`/api/v1/cases/{ref}/media-...`: matches, the ignore list, look-ups, and the pictures of an exhibit."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet
from cases.models import Case
from cases.permissions import Permission
from evidence import queries, reuse
from evidence.actions.judging import end_ignoring, ignore_picture, judge_match
from evidence.actions.looking_up import start_look_up
from evidence.api.media_serializers import (
    EndIgnoring,
    IgnoreCreate,
    IgnoredSerializer,
    JudgeSerializer,
    LookUpCreate,
    LookUpSerializer,
    MatchSerializer,
)
from evidence.filters import MatchFilter
from evidence.models import Frame, IgnoredPicture, LookUp, Match
from evidence.permissions import check_read_item


class MatchViewSet(CaseScopedViewSet):
    """Matches that the case has part in; one that names another case is there only for people who are in both."""

    model = Match
    serializer_class = MatchSerializer
    http_method_names = ["get", "post", "head"]
    write_serializers = {"judge": JudgeSerializer}
    needs = {"judge": Permission.MEDIA_MATCH}
    filterset_class = MatchFilter
    default_order = "-found_at"
    orderings = {"found_at": "found_at", "score": "score"}

    def visible(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Match.objects.none()
        return reuse.matches_of(self.request.user, self.case)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With the exhibits of all matches of the page, in a fixed number of queries."""
        rows = args[0] if args and kwargs.get("many") else [args[0]] if args else []
        serializer = super().get_serializer(*args, **kwargs)
        frames = [frame for row in rows for frame in (row.query, row.stored)]
        others = Case.objects.visible_to(self.request.user) if rows else []
        serializer.context["pictures"] = reuse.shown(self.request.user, self.case, frames, others) if rows else {}
        return serializer

    @action(detail=True, methods=["post"])
    def judge(self, request: Request, **kwargs: Any) -> Response:
        """Confirm or reject a match, or take a verdict back; the earlier verdicts stay in its history."""
        judge_match(actor=request.user, match=self.get_object(), **self.validated())
        return self.respond(self.get_object())


class IgnoredViewSet(CaseScopedViewSet):
    """Pictures that suggest nothing in this case; an entry is ended, never deleted."""

    model = IgnoredPicture
    serializer_class = IgnoredSerializer
    http_method_names = ["get", "post", "head"]
    write_serializers = {"create": IgnoreCreate, "end": EndIgnoring}
    needs = {"create": Permission.MEDIA_MATCH, "end": Permission.MEDIA_MATCH}
    default_order = "-added_at"

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("frame", "added_by", "ended_by")

    def create(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated()
        item = queries.get_item(request.user, self.case.ref, values.pop("exhibit"))
        check_read_item(request.user, item)
        frame = reuse.get_frame(item, values.pop("kind"), values.pop("position"))
        return self.created(ignore_picture(actor=request.user, case=self.case, frame=frame, **values))

    @action(detail=True, methods=["post"])
    def end(self, request: Request, **kwargs: Any) -> Response:
        """Let the picture suggest matches again."""
        end_ignoring(actor=request.user, entry=self.get_object(), **self.validated())
        return self.respond(self.get_object())


class LookUpViewSet(CaseScopedViewSet):
    """Pictures compared without being logged, one's own only. `result` is null until they are."""

    model = LookUp
    serializer_class = LookUpSerializer
    http_method_names = ["get", "post", "head"]
    parser_classes = [MultiPartParser, JSONParser]
    write_serializers = {"create": LookUpCreate}
    needs = {"create": Permission.MEDIA_MATCH}
    default_order = "-at"

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        """Outside the request's transaction: fingerprinting takes long."""
        return transaction.non_atomic_requests(super().as_view(*args, **kwargs))

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows.filter(actor=self.request.user)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        rows = args[0] if args and kwargs.get("many") else [args[0]] if args else []
        serializer = super().get_serializer(*args, **kwargs)
        numbers = {one["frame"] for row in rows for one in (row.result or {}).get("matches", ())}
        others = Case.objects.visible_to(self.request.user) if numbers else []
        frames = Frame.objects.in_bulk(numbers).values() if numbers else []
        serializer.context["pictures"] = reuse.shown(self.request.user, self.case, frames, others) if numbers else {}
        return serializer

    def create(self, request: Request, **kwargs: Any) -> Response:
        file = self.validated()["file"]
        return self.created(start_look_up(actor=request.user, case=self.case, stream=file, size=file.size))
