"""`/api/v1/cases/{ref}/claims/{number}/citations/`: the citations of a claim's newest version."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.strict import Nothing
from cases.paging import Page
from cases.permissions import Permission
from claims import queries
from claims.actions import citations
from claims.actions.reviews import judge_citation
from claims.api import inputs
from claims.api import serializers as shapes
from claims.api.claims import EditedViewSet
from claims.models import Citation
from claims.reading import readable


class CitationViewSet(EditedViewSet):
    """Citations point into preserved evidence; the server looks up each quote for itself."""

    model = Citation
    serializer_class = shapes.CitationSerializer
    default_order = "order"
    write_serializers = {
        "create": inputs.CitationCreate,
        "partial_update": inputs.CitationUpdate,
        "destroy": Nothing,
        "grade": inputs.CitationGrade,
        "translate": inputs.CitationTranslation,
        "judge": inputs.CitationJudgement,
    }
    needs = {
        "create": Permission.CLAIM_WRITE,
        "partial_update": Permission.CLAIM_WRITE,
        "destroy": Permission.CLAIM_WRITE,
        "grade": Permission.CLAIM_WRITE,
        "translate": Permission.CLAIM_WRITE,
        "judge": Permission.CLAIM_REVIEW,
    }

    def narrow(self, rows: QuerySet[Citation]) -> QuerySet[Citation]:
        newest = queries.get_version(self.request.user, self.kwargs["ref"], self.kwargs["number"])
        return rows.filter(version=newest).select_related("case", "item", "version__claim", "graded_by", "added_by")

    def paged(self, page: Page) -> Response:
        return super().paged(replace(page, rows=readable(self.request.user, page.rows)))

    def represent(self, row: Citation) -> dict[str, Any]:
        """As its reader may read it; called last, when whatever changes the row is done."""
        return super().represent(*readable(self.request.user, [row]))

    def create(self, request: Request, ref: str, number: int) -> Response:
        data = self.validated()
        version = queries.get_version(request.user, ref, number)
        act = citations.cite_number if "analysis" in data else citations.cite
        return self.created(act(actor=request.user, version=version, **data))

    def partial_update(self, request: Request, ref: str, number: int, id: UUID) -> Response:
        expected, changes = self.expected_version(), self.validated()
        changed = citations.edit_citation(
            actor=request.user, citation=self.get_object(), expected_version=expected, changes=changes
        )
        return self.respond(changed)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, ref: str, number: int, id: UUID) -> Response:
        citations.remove_citation(actor=request.user, citation=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    def grade(self, request: Request, ref: str, number: int, id: UUID) -> Response:
        """Rate the information from 1 to 6, with the reason."""
        graded = citations.grade_citation(actor=request.user, citation=self.get_object(), **self.validated())
        return self.respond(graded)

    @action(detail=True, methods=["post"])
    def translate(self, request: Request, ref: str, number: int, id: UUID) -> Response:
        """Say what the quote means in the readers' language."""
        translated = citations.translate_citation(actor=request.user, citation=self.get_object(), **self.validated())
        return self.respond(translated)

    @extend_schema(responses=shapes.CitationReviewSerializer)
    @action(detail=True, methods=["post"])
    def judge(self, request: Request, ref: str, number: int, id: UUID) -> Response:
        """A reviewer's verdict on the citation."""
        judged = judge_citation(actor=request.user, citation=self.get_object(), **self.validated())
        return Response(shapes.CitationReviewSerializer(judged).data, status=status.HTTP_201_CREATED)
