"""`/api/v1/cases/{ref}/uploads/`: large files in pieces, resumed after a lost connection.

POST   uploads/               file_name, size and details        -> 201 {url, complete_url, received}
GET    uploads/{id}/                                             -> {received, size, state}
PATCH  uploads/{id}/          one piece, header Upload-Offset    -> {received}; 409 {received} at a wrong offset
POST   uploads/{id}/complete/                                    -> {item, url}
DELETE uploads/{id}/                                             -> cancelled
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser, FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet
from cases.exceptions import InvalidInput
from cases.permissions import Permission
from evidence.actions import uploads
from evidence.api.serializers import DetailsSerializer, UploadCreate, UploadSerializer
from evidence.exceptions import WrongOffset
from evidence.models import Upload
from evidence.queries import get_upload

PIECE = "application/offset+octet-stream"


class PieceParser(BaseParser):
    """Hands the stream on unread."""

    media_type = PIECE

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream


class UploadViewSet(CaseScopedViewSet):
    """One's own uploads; nobody sees or goes on with another person's."""

    model = Upload
    serializer_class = UploadSerializer
    parser_classes = [JSONParser, FormParser, PieceParser]
    write_serializers = {"create": UploadCreate}
    needs = dict.fromkeys(("create", "partial_update", "destroy", "complete"), Permission.EVIDENCE_LOG)
    default_order = "-started_at"

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        """Outside the request's transaction: files take long, and the record of a damaged one outlives its refusal."""
        return transaction.non_atomic_requests(super().as_view(*args, **kwargs))

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows.filter(owner=self.request.user).select_related("case")

    def validated(self) -> dict[str, Any]:
        """A form of a page sends its CSRF token along."""
        data = self.request.data
        if hasattr(data, "dict"):
            data = {name: value for name, value in data.dict().items() if name != "csrfmiddlewaretoken"}
        serializer = self.write_serializers[self.action](data=data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    @extend_schema(request=dict.fromkeys((JSONParser.media_type, FormParser.media_type), UploadCreate))
    def create(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated()
        upload = uploads.start_upload(
            actor=request.user,
            case=self.case,
            file_name=values["file_name"],
            size=values["size"],
            metadata=DetailsSerializer.details(values),
        )
        return Response(self._place(upload), status=status.HTTP_201_CREATED)

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(self._place(self.get_object()))

    @extend_schema(
        request={PIECE: OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)],
    )
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Add one piece of at most 8 MiB at `Upload-Offset`."""
        offset = request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
            raise InvalidInput("Say where the piece belongs: Upload-Offset: <bytes>.", field="Upload-Offset")
        upload = get_upload(request.user, self.get_object().pk)
        try:
            upload = uploads.append_piece(
                actor=request.user, upload=upload, offset=int(offset), stream=request._request
            )
        except WrongOffset as elsewhere:
            return self._elsewhere(elsewhere)
        return Response({"received": upload.received})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, **kwargs: Any) -> Response:
        """Preserve the whole file; asked again, it answers with the same item."""
        upload = get_upload(request.user, self.get_object().pk)
        try:
            item = uploads.complete_upload(actor=request.user, upload=upload)
        except WrongOffset as elsewhere:
            return self._elsewhere(elsewhere)
        page = reverse("evidence:item", args=[self.case.ref, item.exhibit])
        return Response({"item": str(item.pk), "exhibit": item.exhibit, "url": page, "note": f"E-{item.exhibit}"})

    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Give the upload up; what arrived is thrown away."""
        uploads.cancel_upload(actor=request.user, upload=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _place(self, upload: Upload) -> dict[str, Any]:
        arguments = [self.case.ref, upload.pk]
        url, complete = (reverse(name, args=arguments) for name in ("upload-detail", "upload-complete"))
        return self.get_serializer(upload).data | {"url": url, "complete_url": complete}

    def _elsewhere(self, elsewhere: WrongOffset) -> Response:
        body = {"title": "Another offset", "status": 409, "detail": str(elsewhere), "received": elsewhere.received}
        return Response(
            {"type": "about:blank", **body}, status.HTTP_409_CONFLICT, content_type="application/problem+json"
        )
