"""`/api/v1/cases/{ref}/items/`: exhibits, their text, custody and originals."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet, all_rows
from cases.api.jobs import JobSerializer
from cases.api.strict import Nothing
from cases.permissions import Permission
from evidence import queries, reuse
from evidence.actions import items
from evidence.actions.derivatives import read_again
from evidence.actions.fixity import start_case_check, verify_item
from evidence.actions.reading import note_look
from evidence.api.media_serializers import FrameSerializer
from evidence.api.serializers import (
    CustodySerializer,
    DetailsSerializer,
    EvidenceReason,
    ItemCreate,
    ItemSerializer,
    ItemUpdate,
    ReadAgainSerializer,
    SupersedeSerializer,
    TextLayerSerializer,
)
from evidence.filters import CustodyFilter, ItemFilter
from evidence.intake import changes_from, details_from
from evidence.models import CustodyEvent, Item
from evidence.serving import TYPES, original_response


class ItemViewSet(CaseScopedViewSet):
    """Exhibits of a case. Large files come by `uploads`; a file of this request is stored as it streams in."""

    model = Item
    serializer_class = ItemSerializer
    parser_classes = [JSONParser, MultiPartParser]
    longest_json = 32 * 1024**2  # five million characters of pasted text
    write_serializers = {
        "create": ItemCreate,
        "partial_update": ItemUpdate,
        "withdraw": EvidenceReason,
        "restore": EvidenceReason,
        "supersede": SupersedeSerializer,
        "read_again": ReadAgainSerializer,
        "fixity_check": Nothing,
    }
    needs = {
        "create": Permission.EVIDENCE_LOG,
        "partial_update": Permission.EVIDENCE_LOG,
        "withdraw": Permission.EVIDENCE_WITHDRAW,
        "restore": Permission.EVIDENCE_WITHDRAW,
        "supersede": Permission.EVIDENCE_WITHDRAW,
        "verify": Permission.EVIDENCE_VERIFY,
        "fixity_check": Permission.EVIDENCE_VERIFY,
        "read_again": Permission.EVIDENCE_LOG,
        "pictures": Permission.EVIDENCE_READ,
        "text": Permission.EVIDENCE_READ,
        "original": Permission.EVIDENCE_READ,
    }
    filterset_class = ItemFilter
    search_fields = ("title", "author", "publisher", "file_name", "original_url")
    default_order = "exhibit"
    orderings = {
        "exhibit": "exhibit",
        "title": "title",
        "captured_at": "captured_at",
        "published_at": "published_at",
        "recorded_at": "recorded_at",
    }

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        """Outside the request's transaction: files take long, and the record of a damaged one outlives its refusal."""
        return transaction.non_atomic_requests(super().as_view(*args, **kwargs))

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows.select_related(*queries.ITEM_PARTS)

    def create(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated()
        details = details_from(request.user, self.case, DetailsSerializer.details(values))
        return self.created(self._log(values, details))

    def _log(self, values: dict[str, Any], details: Any) -> Item:
        who = {"actor": self.request.user, "case": self.case, "details": details}
        if "file" in values:
            file = values["file"]
            return items.log_file(stream=file, file_name=file.name or "", method="api", **who)
        if "text" in values:
            return items.log_text(text=values["text"], **who)
        return items.log_link(**who)

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        version = self.expected_version()
        values = self.validated()
        reason = values.pop("reason", "")
        changes = changes_from(request.user, self.case, values)
        item = self.get_object()
        changed = items.change_item(actor=request.user, item=item, version=version, changes=changes, reason=reason)
        return self.respond(changed)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Take an exhibit out of use; its bytes, number and history stay."""
        return self.respond(items.withdraw_item(actor=request.user, item=self.get_object(), **self.validated()))

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, **kwargs: Any) -> Response:
        """Put an exhibit back into use."""
        return self.respond(items.restore_item(actor=request.user, item=self.get_object(), **self.validated()))

    @action(detail=True, methods=["post"])
    def supersede(self, request: Request, **kwargs: Any) -> Response:
        """Replace an exhibit by another one of the case."""
        return self.respond(items.supersede_item(actor=request.user, item=self.get_object(), **self.validated()))

    @action(detail=True, methods=["post"])
    def verify(self, request: Request, **kwargs: Any) -> Response:
        """Read the original again and compare its hash."""
        verify_item(actor=request.user, item=self.get_object())
        return self.respond(self.get_object())

    @extend_schema(responses={202: JobSerializer})
    @action(detail=False, methods=["post"], url_path="fixity-check")
    def fixity_check(self, request: Request, **kwargs: Any) -> Response:
        """Queue a check of every original of the case; the answer is the job to watch under `jobs`."""
        self.validated()
        job = start_case_check(actor=request.user, case=self.case)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={202: JobSerializer})
    @action(detail=True, methods=["post"], url_path="read-again")
    def read_again(self, request: Request, **kwargs: Any) -> Response:
        """Queue another reading of the text, in an encoding that a person declares; the answer is the job."""
        run = read_again(actor=request.user, item=self.get_object(), **self.validated())
        return Response(JobSerializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=all_rows(FrameSerializer))
    @action(detail=True)
    def pictures(self, request: Request, **kwargs: Any) -> Response:
        """The pictures in the exhibit that are compared, with their hashes for other tools."""
        item = self.get_object()
        note_look(actor=request.user, item=item)
        frames = reuse.frames_of(item)
        prefetch_related_objects(frames, "fingerprints")
        return Response({"results": FrameSerializer(frames, many=True).data})

    @extend_schema(responses=all_rows(TextLayerSerializer))
    @action(detail=True)
    def text(self, request: Request, **kwargs: Any) -> Response:
        """The texts that were read from the exhibit, the one to cite from first."""
        item = self.get_object()
        note_look(actor=request.user, item=item)
        return Response({"results": TextLayerSerializer(queries.text_layers(item), many=True).data})

    @extend_schema(responses={(status.HTTP_200_OK, kind): OpenApiTypes.BINARY for kind in TYPES})
    @action(detail=True)
    def original(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        """The preserved bytes, checked against their hash at this moment; each reading is on record."""
        return original_response(request.user, self.get_object())


class CustodyViewSet(CaseScopedViewSet):
    """The chain of custody of all exhibits of a case, oldest first."""

    model = CustodyEvent
    serializer_class = CustodySerializer
    filterset_class = CustodyFilter
    http_method_names = ["get", "head"]
    orderings = {"at": "at"}
    default_order = "at"

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("actor", "item")
