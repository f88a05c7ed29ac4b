"""`/api/v1/cases/{ref}/claims/{number}/`: a claim is addressed by its number, and shown in its newest version."""

from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.decorators import method_decorator
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import CaseScopedViewSet, all_rows
from cases.api.jobs import JobSerializer
from cases.api.strict import Nothing, Reason
from cases.exceptions import NotVisible
from cases.permissions import Permission
from claims import queries
from claims.actions import corrections, drafts, gate, hypotheses, reviews
from claims.actions.gate_of_case import ask_gate_of_case
from claims.actions.harm import settle_trace
from claims.actions.legal import sign_off
from claims.alternatives import digest_of, written_of
from claims.api import gate_serializers as gate_shapes
from claims.api import inputs
from claims.api import serializers as shapes
from claims.api.alternatives import AlternativesInput, AlternativesSerializer
from claims.api.harm import TraceInput, TraceSerializer, told_traces
from claims.enums import Predicate, VersionState
from claims.gate.replay import replay
from claims.independence import hints
from claims.models import Claim, ClaimVersion, Correction, GateEvaluation
from claims.reading import readable_text, readable_verdicts


class VersionFilter(FilterSet):
    state = ChoiceFilter(choices=VersionState.choices)
    predicate = ChoiceFilter(choices=Predicate.choices)


class EditedViewSet(CaseScopedViewSet):
    """Rows whose ETag is their `edit_version`."""

    def respond(self, row: Model, code: int = status.HTTP_200_OK) -> Response:
        response = Response(self.represent(row), status=code)
        if (edit := getattr(row, "edit_version", None)) is not None:
            response["ETag"] = f'"{edit}"'
        return response


# A refusal of the gate is kept as evidence; each action is one transaction of its own.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class ClaimViewSet(EditedViewSet):
    """Claims and what is done with them. A claim is written in its open version and never deleted."""

    keeps_refusals = True
    model = ClaimVersion
    serializer_class = shapes.VersionDetailSerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    filterset_class = VersionFilter
    search_fields = ("public_text", "role_title", "subject_text", "object_text")
    default_order = "claim__number"
    orderings = {"number": "claim__number", "edited_at": "edited_at", "state": "state"}
    write_serializers = {
        "create": inputs.VersionCreate,
        "partial_update": inputs.VersionUpdate,
        "submit": Nothing,
        "reopen": inputs.OptionalReason,
        "approve": inputs.Approval,
        "check_sentence": inputs.CheckedSentence,
        "sign_off": inputs.SignOff,
        "request_changes": inputs.ChangeRequest,
        "correct": inputs.PublicNote,
        "retract": inputs.PublicNote,
        "confirm": Reason,
        "link": inputs.Links,
        "allow_single_source": Reason,
        "withdraw_single_source": inputs.OptionalReason,
        "run_gate": Nothing,
        "save_alternatives": AlternativesInput,
        "run_gate_of_case": Nothing,
        "grant_exception": gate_shapes.RuleException,
        "withdraw_exception": gate_shapes.RuleException,
        "settle_trace": TraceInput,
    }
    needs = {
        "create": Permission.CLAIM_WRITE,
        "partial_update": Permission.CLAIM_WRITE,
        "submit": Permission.CLAIM_WRITE,
        "reopen": Permission.CLAIM_WRITE,
        "correct": Permission.CLAIM_WRITE,
        "link": Permission.CLAIM_WRITE,
        "save_alternatives": Permission.CLAIM_WRITE,
        "approve": Permission.CLAIM_REVIEW,
        "check_sentence": Permission.CLAIM_REVIEW,
        "sign_off": Permission.CLAIM_CLEAR,
        "request_changes": Permission.CLAIM_REVIEW,
        "confirm": Permission.CLAIM_REVIEW,
        "retract": Permission.CLAIM_PUBLISH,
        "allow_single_source": Permission.GATE_OVERRIDE,
        "withdraw_single_source": Permission.GATE_OVERRIDE,
        "run_gate": Permission.CASE_VIEW,
        "run_gate_of_case": Permission.JOB_MANAGE,
        "grant_exception": Permission.GATE_OVERRIDE,
        "withdraw_exception": Permission.GATE_OVERRIDE,
        "settle_trace": Permission.GATE_OVERRIDE,
    }

    def visible(self) -> QuerySet[ClaimVersion]:
        if getattr(self, "swagger_fake_view", False):
            return ClaimVersion.objects.none()
        rows = queries.versions_of(self.request.user, self.case).order_by()
        return rows.prefetch_related(None).select_related("claim", "author", "submitted_by", "single_source_by")

    def get_serializer_class(self) -> type:
        return shapes.VersionSerializer if self.action == "list" else shapes.VersionDetailSerializer

    def get_object(self) -> ClaimVersion:
        return queries.get_version(self.request.user, self.kwargs["ref"], self.kwargs["number"])

    # --- writing

    def create(self, request: Request, ref: str) -> Response:
        claim = drafts.create_claim(actor=request.user, case=self.case, **self.validated())
        return self.created(queries.get_version(request.user, ref, claim.number))

    def partial_update(self, request: Request, ref: str, number: int) -> Response:
        expected, changes = self.expected_version(), self.validated()
        version = drafts.edit_version(
            actor=request.user, version=self.get_object(), expected_version=expected, changes=changes
        )
        return self.respond(version)

    @action(detail=True, methods=["post"])
    def link(self, request: Request, **kwargs: Any) -> Response:
        """Say on which claims this one rests."""
        numbers = self.validated()["rests_on"]
        found = {claim.number: claim for claim in self._claims(numbers)}
        if missing := [number for number in numbers if number not in found]:
            raise NotVisible(f"There is no claim C-{missing[0]}.")
        components = [found[number] for number in numbers]
        return self.respond(drafts.link_claims(actor=request.user, version=self.get_object(), components=components))

    def _claims(self, numbers: list[int]) -> QuerySet[Claim]:
        return Claim.objects.visible_to(self.request.user).filter(case=self.case, number__in=numbers)

    # --- review

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, **kwargs: Any) -> Response:
        """Freeze the draft and hand it to the reviewers."""
        self.validated()
        return self.respond(reviews.submit(actor=request.user, version=self.get_object()))

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Take a submitted or approved version back to write on it."""
        return self.respond(reviews.reopen(actor=request.user, version=self.get_object(), **self.validated()))

    @extend_schema(responses=shapes.ReviewSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, **kwargs: Any) -> Response:
        """Approve exactly the content that was read."""
        review = reviews.approve(actor=request.user, version=self.get_object(), **self.validated())
        return Response(shapes.ReviewSerializer(review).data)

    @extend_schema(responses=shapes.ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="sign-off")
    def sign_off(self, request: Request, **kwargs: Any) -> Response:
        """The lawyer clears exactly the content that was read, or sends it back (G-63)."""
        review = sign_off(actor=request.user, version=self.get_object(), **self.validated())
        return Response(shapes.ReviewSerializer(review).data)

    @extend_schema(responses=shapes.ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="request-changes")
    def request_changes(self, request: Request, **kwargs: Any) -> Response:
        """Send the version back to its author."""
        review = reviews.request_changes(actor=request.user, version=self.get_object(), **self.validated())
        return Response(shapes.ReviewSerializer(review).data)

    @extend_schema(responses=all_rows(shapes.ReviewSerializer))
    @action(detail=True)
    def reviews(self, request: Request, **kwargs: Any) -> Response:
        """The verdicts on all versions of the claim, oldest first."""
        claim = self.get_object().claim
        found = [
            review
            for version in claim.versions.prefetch_related("reviews__reviewed_by", "reviews__version")
            for review in version.reviews.all()
        ]
        return Response({"results": shapes.ReviewSerializer(found, many=True).data})

    @extend_schema(responses=all_rows(shapes.CitationReviewSerializer))
    @action(detail=True, url_path="citation-verdicts")
    def citation_verdicts(self, request: Request, **kwargs: Any) -> Response:
        """The verdicts on the citations of the newest version, oldest first."""
        verdicts = self.get_object().citation_reviews.select_related("reviewed_by")
        found = readable_verdicts(request.user, self.case, verdicts)
        return Response({"results": shapes.CitationReviewSerializer(found, many=True).data})

    @extend_schema(responses=all_rows(shapes.SentenceSerializer))
    @action(detail=True)
    def sentences(self, request: Request, **kwargs: Any) -> Response:
        """The sentences of the newest public text, each with the check that holds of it."""
        version = self.get_object()
        lines, _ = readable_text(request.user, version)
        return Response({"results": shapes.SentenceSerializer(lines, many=True).data})

    @extend_schema(responses={201: shapes.SentenceCheckSerializer})
    @action(detail=True, methods=["post"], url_path="check-sentence")
    def check_sentence(self, request: Request, **kwargs: Any) -> Response:
        """Tick one sentence against citations, or ask the author about it."""
        checked = reviews.check_sentence(actor=request.user, version=self.get_object(), **self.validated())
        return Response(shapes.SentenceCheckSerializer(checked).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=all_rows(shapes.SharedOriginSerializer))
    @action(detail=True, url_path="shared-origins")
    def shared_origins(self, request: Request, **kwargs: Any) -> Response:
        """What suggests that sources that count as independent are one origin."""
        found = hints(request.user, self.get_object())
        return Response({"results": shapes.SharedOriginSerializer(found, many=True).data})

    # --- other explanations

    @extend_schema(responses=AlternativesSerializer)
    @action(detail=True)
    def alternatives(self, request: Request, **kwargs: Any) -> Response:
        """The alternatives of the newest version; `seen` goes back with what replaces them."""
        return Response(AlternativesSerializer(self._alternatives(self.get_object())).data)

    @extend_schema(responses=AlternativesSerializer)
    @action(detail=True, methods=["post"], url_path="save-alternatives")
    def save_alternatives(self, request: Request, **kwargs: Any) -> Response:
        """Replace the alternatives of a draft, with how each citation fits them."""
        said = self.validated()
        told = [
            hypotheses.Alternative(**one | {"fits": {fit["citation"]: fit["fit"] for fit in one.get("fits", [])}})
            for one in said.pop("alternatives")
        ]
        saved = hypotheses.save_alternatives(actor=request.user, version=self.get_object(), alternatives=told, **said)
        return Response(AlternativesSerializer(self._alternatives(saved)).data)

    def _alternatives(self, version: ClaimVersion) -> dict[str, Any]:
        written = written_of([version])[version.pk]
        named = version.devils_advocate.username if version.devils_advocate else ""
        return {"alternatives": []} | written | {"devils_advocate": named, "seen": digest_of(written)}

    # --- the gate

    @extend_schema(responses=gate_shapes.GateReportSerializer)
    @action(detail=True)
    def gate(self, request: Request, **kwargs: Any) -> Response:
        """What the gate says of the newest version at this moment; nothing is stored."""
        report = queries.gate_report(self.get_object())
        answer = {"label": report.facts.label, "passed": report.passed, "results": report.as_dicts()}
        return Response(gate_shapes.GateReportSerializer(answer).data)

    @extend_schema(responses=gate_shapes.EvaluationSerializer)
    @action(detail=True, methods=["post"], url_path="run-gate")
    def run_gate(self, request: Request, **kwargs: Any) -> Response:
        """Run the gate and keep the run."""
        self.validated()
        stored: GateEvaluation = gate.run_gate(actor=request.user, version=self.get_object())
        return Response(gate_shapes.EvaluationSerializer(stored).data)

    @extend_schema(responses={202: JobSerializer})
    @action(detail=False, methods=["post"], url_path="run-gate-of-case")
    def run_gate_of_case(self, request: Request, **kwargs: Any) -> Response:
        """Queue a run of the gate over all standing claims; the answer is the job to watch under `jobs`."""
        self.validated()
        job = ask_gate_of_case(actor=request.user, case=self.case)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["post"], url_path="allow-single-source")
    def allow_single_source(self, request: Request, **kwargs: Any) -> Response:
        """Let one origin suffice: another editor's decision, with its reason."""
        return self.respond(gate.allow_single_source(actor=request.user, version=self.get_object(), **self.validated()))

    @action(detail=True, methods=["post"], url_path="withdraw-single-source")
    def withdraw_single_source(self, request: Request, **kwargs: Any) -> Response:
        """Take the exception back."""
        reason = self.validated().get("reason", "")
        return self.respond(gate.withdraw_single_source(actor=request.user, version=self.get_object(), reason=reason))

    @extend_schema(responses=all_rows(TraceSerializer))
    @action(detail=True)
    def traces(self, request: Request, **kwargs: Any) -> Response:
        """What in the claim leads to people (G-61), with where it stands; all of it is listed."""
        return Response({"results": TraceSerializer(told_traces(self.get_object()), many=True).data})

    @extend_schema(request=TraceInput, responses={201: all_rows(TraceSerializer)})
    @traces.mapping.post
    def settle_trace(self, request: Request, **kwargs: Any) -> Response:
        """Decide on one passage, for exactly the content that was submitted."""
        version = self.get_object()
        settle_trace(actor=request.user, version=version, **self.validated())
        told = TraceSerializer(told_traces(version), many=True).data
        return Response({"results": told}, status=status.HTTP_201_CREATED)

    @extend_schema(responses=gate_shapes.ExceptionSerializer)
    @action(detail=True, methods=["post"], url_path="grant-exception")
    def grant_exception(self, request: Request, **kwargs: Any) -> Response:
        """Let a warning stand for exactly the content that was submitted."""
        row = gate.grant_exception(actor=request.user, version=self.get_object(), **self.validated())
        return Response(gate_shapes.ExceptionSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=gate_shapes.ExceptionSerializer)
    @action(detail=True, methods=["post"], url_path="withdraw-exception")
    def withdraw_exception(self, request: Request, **kwargs: Any) -> Response:
        """Ask the rule again."""
        row = gate.withdraw_exception(actor=request.user, version=self.get_object(), **self.validated())
        return Response(gate_shapes.ExceptionSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[gate_shapes.AsOf], responses=gate_shapes.ReplaySerializer)
    @action(detail=True, url_path="replay-gate")
    def replay_gate(self, request: Request, **kwargs: Any) -> Response:
        """The last stored run of the claim as of a day, and what the rules answer to its inputs now."""
        asked = gate_shapes.AsOf(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        run = queries.run_as_of(self.get_object().claim, asked.validated_data.get("as_of"))
        if run is None:
            raise NotVisible("The gate was not asked by then.")
        return Response(gate_shapes.ReplaySerializer({"run": run, "repeated": replay(run)}).data)

    # --- after publication

    @action(detail=True, methods=["post"])
    def correct(self, request: Request, **kwargs: Any) -> Response:
        """Open the version that will replace the published one."""
        version = corrections.correct(actor=request.user, claim=self.get_object().claim, **self.validated())
        return self.respond(queries.get_version_by_id(request.user, version.pk), status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.CorrectionSerializer)
    @action(detail=True, methods=["post"])
    def retract(self, request: Request, **kwargs: Any) -> Response:
        """Say publicly that the published claim no longer stands."""
        correction: Correction = corrections.retract(
            actor=request.user, claim=self.get_object().claim, **self.validated()
        )
        return Response(shapes.CorrectionSerializer(correction).data)

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        """Say that a flagged published claim stands."""
        version = self.get_object().claim.versions.filter(state=VersionState.PUBLISHED).first() or self.get_object()
        return self.respond(corrections.confirm_standing(actor=request.user, version=version, **self.validated()))

    # --- the way back

    @extend_schema(responses=all_rows(shapes.VersionSerializer))
    @action(detail=True)
    def versions(self, request: Request, **kwargs: Any) -> Response:
        """All versions of the claim, oldest first."""
        found = self.get_object().claim.versions.select_related("claim", "author", "submitted_by", "single_source_by")
        return Response({"results": shapes.VersionSerializer(found.order_by("number"), many=True).data})

    @extend_schema(responses=all_rows(shapes.VersionSerializer))
    @action(detail=True)
    def rivals(self, request: Request, **kwargs: Any) -> Response:
        """Other claims that answer the same question differently."""
        return Response({"results": shapes.VersionSerializer(queries.rivals_of(self.get_object()), many=True).data})
