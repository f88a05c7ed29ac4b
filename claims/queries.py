"""The only doors to claims: each loads, checks that the actor may see it, and locks it when it is to be changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case as Case_
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from cases.models import Case, Membership, User
from cases.permissions import ROLE_PERMISSIONS, Permission, roles_with
from cases.queries import the_one
from claims.enums import ReviewStage, Verdict, VersionState
from claims.gate.evaluation import Report, evaluate
from claims.models import (
    Citation,
    Claim,
    ClaimVersion,
    Correction,
    DataProtectionRecord,
    GateEvaluation,
    GateException,
    Publication,
    ReplyRequest,
    Review,
    Sending,
)
from claims.parties import party_key
from claims.replies import SOON
from claims.shapes import ATTRIBUTIONS
from evidence.models import Item

ENDS = tuple(
    f"{side}_{kind}" for side in ("subject", "object") for kind in ("account", "person", "organisation", "item")
)
REQUEST_PARTS = ("case", "party_account", "party_person", "party_organisation", "created_by", "decided_by")
VERSION_PARTS = ("case", "claim", "author", "submitted_by", "single_source_by")
GONE = (VersionState.CORRECTED, VersionState.RETRACTED)


# --- one object


def get_claim(actor: User, ref: str, number: int, *, for_update: bool = False) -> Claim:
    """Claim `number` of case `ref`; NotVisible alike for foreign and for unknown ones."""
    rows = Claim.objects.visible_to(actor).filter(case__ref=ref, number=number)
    return the_one(rows, "claim", parts=("case", "created_by"), for_update=for_update)


def get_version(
    actor: User, ref: str, number: int, version: int | None = None, *, for_update: bool = False
) -> ClaimVersion:
    """Version `version` of claim `number`, the newest one by default."""
    rows = ClaimVersion.objects.visible_to(actor).filter(claim__case__ref=ref, claim__number=number)
    rows = rows.order_by("-number") if version is None else rows.filter(number=version)
    if for_update and version is None:
        newest = rows.values_list("pk", flat=True).first()
        rows = ClaimVersion.objects.visible_to(actor).filter(pk=newest)
    return the_one(rows.prefetch_related(*ENDS), "version", parts=VERSION_PARTS, for_update=for_update)


def get_version_by_id(actor: User, version_id: UUID | str, *, for_update: bool = False) -> ClaimVersion:
    """The version of that id; most steps need not know what stands at its ends, nor who wrote it."""
    rows = ClaimVersion.objects.visible_to(actor).filter(pk=version_id)
    return the_one(rows, "version", parts=("case", "claim"), for_update=for_update)


def get_citation(actor: User, citation_id: UUID | str) -> Citation:
    """The citation of that id; whoever changes it locks its version first."""
    parts = ("case", "version__claim", "item__blob", "item__source__origin_group", "graded_by", "added_by")
    return the_one(Citation.objects.visible_to(actor).filter(pk=citation_id), "citation", parts=parts)


def get_publication(actor: User, ref: str, number: int) -> Publication:
    """Publication `number` of case `ref`."""
    rows = Publication.objects.visible_to(actor).filter(case__ref=ref, number=number)
    return the_one(rows, "publication", parts=("case", "published_by"))


def get_request(actor: User, ref: str, number: int) -> ReplyRequest:
    """Request for reply `number` of case `ref`."""
    rows = ReplyRequest.objects.visible_to(actor).filter(case__ref=ref, number=number)
    return the_one(rows, "request", parts=REQUEST_PARTS)


def get_request_by_id(actor: User, request_id: UUID, *, for_update: bool = False) -> ReplyRequest:
    """The request for reply of that id."""
    rows = ReplyRequest.objects.visible_to(actor).filter(pk=request_id)
    return the_one(rows, "request", parts=REQUEST_PARTS, for_update=for_update)


# --- lists


def current_versions(case: Case) -> QuerySet[ClaimVersion]:
    """The newest version of each claim of a case, withdrawn ones included, as lines of a list: without its content."""
    return _newest(case, ClaimVersion.objects.filter(case=case))


def standing_versions(case: Case) -> QuerySet[ClaimVersion]:
    """The newest version of each claim that still stands, neither corrected nor retracted, as lines of a list."""
    return _newest(case, ClaimVersion.objects.filter(case=case).exclude(state__in=GONE))


def _newest(case: Case, versions: QuerySet[ClaimVersion]) -> QuerySet[ClaimVersion]:
    """Those after which none of the same claim comes: one join, where a subquery would run for each row."""
    later = versions.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    # Said of the claim too, its case leads PostgreSQL along the numbers, where a page of a list ends early.
    return as_lines(versions.filter(~Exists(later), claim__case=case))


def as_lines(versions: QuerySet[ClaimVersion]) -> QuerySet[ClaimVersion]:
    """With what a line of a list says. What stands at the ends is fetched apart: joining eight tables takes PostgreSQL
    longer to plan than to do.
    """
    return versions.select_related("claim").prefetch_related("case", "author", *ENDS).defer("content")


def versions_of(actor: User, case: Case) -> QuerySet[ClaimVersion]:
    """The newest version of each claim, for lists."""
    return current_versions(case).visible_to(actor).order_by("claim__number")


def claims_about(subject: object) -> QuerySet[ClaimVersion]:
    """Standing versions that have this account, person, organisation or item as subject or object."""
    kind = subject._meta.model_name
    return (
        standing_versions(subject.case)
        .filter(Q(**{f"subject_{kind}": subject}) | Q(**{f"object_{kind}": subject}))
        .order_by("claim__number")
    )


def rivals_of(version: ClaimVersion) -> QuerySet[ClaimVersion]:
    """Standing versions of other claims that answer the same question differently: one subject, another object."""
    same = {f"{name}_id": getattr(version, f"{name}_id") for name in ENDS if name.startswith("subject_")}
    objects = {f"{name}_id": getattr(version, f"{name}_id") for name in ENDS if name.startswith("object_")}
    return (
        standing_versions(version.case)
        .filter(predicate=version.predicate, subject_text=version.subject_text, **same)
        .exclude(claim=version.claim_id)
        .exclude(object_text=version.object_text, **objects)
        .order_by("claim__number")
    )


def citing(item: object) -> QuerySet[ClaimVersion]:
    """Standing versions that cite an item: the way back from evidence to claims (ICS 206)."""
    return standing_versions(item.case).filter(citations__item=item).distinct().order_by("claim__number")


def publications_of(actor: User, case: Case) -> QuerySet[Publication]:
    """The publications of a case, without their snapshots."""
    return Publication.objects.visible_to(actor).filter(case=case).select_related("published_by").defer("snapshot")


def corrections_of(actor: User, case: Case) -> QuerySet[Correction]:
    """The corrections and retractions of a case, with what a list shows of each."""
    rows = Correction.objects.visible_to(actor).filter(case=case)
    return rows.select_related("claim", "from_version", "to_version", "corrected_by")


def requests_of(actor: User, case: Case, *, now: datetime) -> QuerySet[ReplyRequest]:
    """The requests for reply of a case, each with its `stage`: unsent, waiting, due or closed."""
    return _staged(ReplyRequest.objects.visible_to(actor).filter(case=case), now)


def requests_about(version: ClaimVersion) -> list[str]:
    """The keys of the parties to whom this newsroom put, or will put, the claim of `version`."""
    rows = ReplyRequest.objects.filter(allegations__version__claim=version.claim_id, asked_by="").distinct()
    return [party_key(row) for row in rows]


def _staged(rows: QuerySet[ReplyRequest], now: datetime) -> QuerySet[ReplyRequest]:
    """Due is what was sent, has no outcome, and no deadline ahead."""
    sent = Exists(Sending.objects.filter(request=OuterRef("pk")))
    whens = (
        When(~Q(outcome=""), then=Value("closed")),
        When(~sent, then=Value("unsent")),
        When(deadline__gt=now, then=Value("waiting")),
    )
    return rows.annotate(stage=Case_(*whens, default=Value("due")))


def latest_evaluation(version: ClaimVersion) -> GateEvaluation | None:
    """The last stored run of the gate over a version."""
    return version.evaluations.order_by("-evaluated_at", "-id").first()


def run_as_of(claim: Claim, day: date | None) -> GateEvaluation | None:
    """The last stored run over any version of a claim up to the end of `day` (UTC), or up to now."""
    rows = GateEvaluation.objects.filter(version__claim=claim).select_related("version__claim", "evaluated_by")
    if day is not None:
        rows = rows.filter(evaluated_at__lt=datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC))
    return rows.order_by("-evaluated_at", "-id").first()


def exceptions_of(actor: User, case: Case) -> QuerySet[GateException]:
    """What editors decided on warnings of the gate in a case."""
    rows = GateException.objects.visible_to(actor).filter(case=case)
    return rows.select_related("version__claim", "decided_by").defer("version__content")


def records_of(actor: User, case: Case) -> QuerySet[DataProtectionRecord]:
    """The data-protection records of a case and of people in it, in their order."""
    rows = DataProtectionRecord.objects.visible_to(actor).filter(case=case)
    return rows.select_related("person", "written_by").order_by("number")


def single_sources_of(actor: User, case: Case) -> QuerySet[ClaimVersion]:
    """Standing versions for which an editor let one origin suffice (G-07)."""
    rows = standing_versions(case).visible_to(actor).filter(single_source_label=True)
    return rows.select_related("claim", "single_source_by").order_by("claim__number")


def gate_report(version: ClaimVersion) -> Report:
    """What the gate says of a version at this moment; nothing is stored. A fixed number of queries."""
    return evaluate(version)


# --- whose turn it is


@dataclass(frozen=True)
class Turn:
    """One version that waits for a person: `task` is write, review, clear, publish or look_again."""

    version: ClaimVersion
    task: str


_TASKS = {
    VersionState.DRAFT: "write",
    VersionState.CHANGES_REQUESTED: "write",
    VersionState.SUBMITTED: "review",
    VersionState.APPROVED: "publish",
    VersionState.PUBLISHED: "look_again",
}


def my_turn(actor: User, *, most: int) -> list[Turn]:
    """The first `most` of what waits for `actor` in all their cases, the longest waiting first."""
    rights = _rights(actor)
    rows = as_lines(_waiting_for(actor, rights)).order_by("edited_at", "pk")
    return [Turn(version, _task(version, rights)) for version in rows[:most]]


def _task(version: ClaimVersion, rights: dict[Permission, set[UUID]]) -> str:
    """A submitted version waits for a review, or for the word of a lawyer, who does not review."""
    if version.state == VersionState.SUBMITTED and version.case_id not in rights[Permission.CLAIM_REVIEW]:
        return "clear"
    return _TASKS[version.state]


def count_turns(actor: User) -> dict[UUID, int]:
    """How much waits for `actor` in each of their cases, by the case's id; two queries, however much it is."""
    return dict(_waiting_for(actor, _rights(actor)).order_by().values_list("case").annotate(number=Count("pk")))


def _rights(actor: User) -> dict[Permission, set[UUID]]:
    """In which cases `actor` has each permission."""
    rights: dict[Permission, set[UUID]] = defaultdict(set)
    for case_id, role in Membership.objects.filter(user=actor, ended_at__isnull=True).values_list("case_id", "role"):
        for permission in ROLE_PERMISSIONS[role]:
            rights[permission].add(case_id)
    return rights


def _waiting_for(actor: User, rights: dict[Permission, set[UUID]]) -> QuerySet[ClaimVersion]:
    own = Q(author=actor) | Q(submitted_by=actor) | Q(contributors__contains=[actor.pk])
    writing = Q(state__in=(VersionState.DRAFT, VersionState.CHANGES_REQUESTED), author=actor)
    reviewing = Q(state=VersionState.SUBMITTED) & ~own
    cleared = Review.objects.filter(
        version=OuterRef("pk"),
        stage=ReviewStage.LEGAL,
        verdict=Verdict.APPROVED,
        content_sha256=OuterRef("content_sha256"),
    )
    of_person = Q(subject_person__isnull=False) | Q(object_person__isnull=False)
    of_person |= Q(predicate__in=ATTRIBUTIONS) & ~Q(object_text="")
    clearing = reviewing & Q(adverse=True) & of_person & ~Exists(cleared)
    looking = Q(state=VersionState.PUBLISHED) & ~Q(needs_attention="")
    return ClaimVersion.objects.filter(
        writing & Q(case__in=rights[Permission.CLAIM_WRITE])
        | reviewing & Q(case__in=rights[Permission.CLAIM_REVIEW])
        | clearing & Q(case__in=rights[Permission.CLAIM_CLEAR])
        | Q(state=VersionState.APPROVED, case__in=rights[Permission.CLAIM_PUBLISH])
        | looking & Q(case__in=rights[Permission.CLAIM_REVIEW])
        | looking & Q(author=actor, case__in=rights[Permission.CLAIM_WRITE])
    )


def my_requests(actor: User, *, now: datetime) -> QuerySet[ReplyRequest]:
    """The requests that `actor` made and has to act on: not sent yet, outcome due, or due within a day."""
    writing = actor.memberships.filter(role__in=roles_with(actor, Permission.CLAIM_WRITE), ended_at__isnull=True)
    rows = ReplyRequest.objects.filter(created_by=actor, case__in=writing.values("case"), outcome="")
    mine = _staged(rows, now).exclude(stage="waiting", deadline__gt=now + SOON)
    return mine.order_by(F("deadline").asc(nulls_first=True), "pk")


def citation_counts(items: Sequence[Item]) -> dict[UUID, int]:
    """How many claims cite each of these exhibits, for the evidence wall; in one query."""
    cited = Citation.objects.filter(item__in=items).order_by().values_list("item")
    return dict(cited.annotate(claims=Count("version__claim", distinct=True)))
